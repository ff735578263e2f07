/** The signed token by which the platform vouches for its learner; kept in memory only. */

import { decoded } from "./decode.ts";

const EARLY_MS = 60_000;
const AGAIN_MS = 5 * 60_000;

/** The claims of a token, unchecked: the server checks, this only tells one person from another. */
export const claimsOf = (token: string): Record<string, unknown> => decoded(token.split(".")[1]);

/** Milliseconds since 1970; not a number, and so never later than now, where a token has no end. */
export const endsAt = (token: string): number => (claimsOf(token).exp as number) * 1000;

export interface Identity {
  /** The token that is at hand, or "" when nobody is signed in. */
  held(): string;
  /** A token that holds for a while yet, fetched anew where needed. */
  fresh(): Promise<string>;
  /** Whether the platform could not be asked, so that "" does not mean nobody. */
  unsure(): boolean;
  /** Signs in with a token, or out with an empty one. */
  assume(token: string): void;
}

/** `fetchToken` answers "" for nobody; there is none when the page hands tokens over itself. */
export const createIdentity = (
  fetchToken: (() => Promise<string>) | "" | undefined,
  now: () => number,
): Identity => {
  let token = "";
  let askAgainAt = 0;
  let asking: Promise<string> | undefined;
  let failed = false;

  const valid = (early: number): boolean => endsAt(token) > now() + early;

  const ask = async (answer: Promise<string>): Promise<void> => {
    askAgainAt = now() + AGAIN_MS;
    const got = await answer.catch(() => undefined);
    // Who signed in or out meanwhile is not overruled by an older answer.
    if (answer !== asking) return;
    asking = undefined;
    failed = got === undefined;
    token = got ?? token;
  };

  return {
    held: () => (valid(0) ? token : ""),
    fresh: async () => {
      if (fetchToken && !valid(EARLY_MS) && (token || asking || now() >= askAgainAt))
        await ask((asking ??= fetchToken()));
      return valid(0) ? token : "";
    },
    unsure: () => failed,
    assume: (given) => {
      token = given;
      asking = undefined;
      askAgainAt = now() + AGAIN_MS;
    },
  };
};
