/** Takes out of texts and addresses what a person may have typed. */

import type { Data } from "./event.ts";

const BLANK = "…";

/** Without e-mail addresses, with plain spaces, and short. */
export const tidy = (text: string, length = 300): string =>
  text
    .replace(/[^\s@<>"'/]+@[^\s@<>"'/]+/g, BLANK)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, length);

/** An event's fields without the empty ones, texts tidied, numbers to the thousandth. */
export const tidied = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => (value || value === 0) && value !== Infinity)
      .map(([name, value]) => [
        name,
        typeof value === "number"
          ? Math.round(value * 1000) / 1000
          : typeof value === "string"
            ? tidy(value)
            : value,
      ]),
  );

/**
 * The path of an address; with its origin when that is another one. Never query or fragment, but
 * for a fragment that is itself a route (`#/unit/3`).
 */
export const place = (address: string): string => {
  try {
    const { protocol, origin, pathname, hash } = new URL(address, location.href);
    if (!/^http/.test(protocol)) return protocol;
    const [route = ""] = /^#!?\/[^?]*/.exec(hash) ?? [];
    return tidy((origin === location.origin ? "" : origin) + pathname + route);
  } catch {
    return "";
  }
};

/** An error's message without quoted texts, long numbers, queries, and the values in the fields. */
export const scrubbed = (message: string, typed: string[]): string =>
  tidy(
    typed
      .filter((value) => value.length > 2)
      .sort((a, b) => b.length - a.length)
      .reduce((text, value) => text.replaceAll(value, BLANK), message)
      .replace(/(["`“«]|\B')[^]*?(["'`”»]|$)|[?#]\S+|\d{4,}/g, BLANK),
  );

/** The names of the functions of a stack, the innermost first: no addresses, no message. */
export const functionNames = (stack = ""): string =>
  Array.from(
    stack.matchAll(/^\s*at (?:async |new )*([\w$.<>]+) |^([\w$./<>*]+)@/gm),
    ([, chromium, others]) => chromium ?? others,
  ).join(" < ");
