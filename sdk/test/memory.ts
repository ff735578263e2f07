/** Stand-ins for what a browser brings: a storage, a clock, countable bytes, tokens. */

export class MemoryStorage {
  #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
  clear(): void {
    this.#items.clear();
  }
}

export const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i);

const base64url = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

export const consentCookie = (payload: unknown): string =>
  `privet_consent=${base64url(payload)}.signature`;

export const token = (sub: string, expMs: number): string =>
  `${base64url({ alg: "EdDSA" })}.${base64url({ sub, exp: expMs / 1000 })}.signature`;
