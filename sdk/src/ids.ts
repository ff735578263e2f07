/** Ids that are made only after consent. */

export type Randomness = (count: number) => Uint8Array;

export const randomBytes: Randomness = (count) => crypto.getRandomValues(new Uint8Array(count));

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");

/** A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 72 of randomness. */
export const uuid7 = (now: number, random: Randomness): string =>
  (now.toString(16).padStart(12, "0") + hex(random(10))).replace(
    /^(.{8})(.{4}).(.{3}).(.{3})/,
    "$1-$2-7$3-8$4-",
  );
