/** Ids that are made only after consent. */

export type Randomness = (count: number) => Uint8Array;

export const randomBytes: Randomness = (count) => crypto.getRandomValues(new Uint8Array(count));

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");

/** A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then randomness. */
export const uuid7 = (now: number, random: Randomness): string => {
  const tail = random(10);
  tail[0] = ((tail[0] ?? 0) & 15) | 112;
  tail[2] = ((tail[2] ?? 0) & 63) | 128;
  const all = now.toString(16).padStart(12, "0") + hex(tail);
  return all.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
