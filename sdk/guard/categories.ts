/** Which choices a declared category needs, and what is decided. */

import { FUNCTIONALITY, PERFORMANCE, TARGETING } from "../src/choices.ts";

const BITS = new Map([
  ["necessary", 0],
  ["performance", PERFORMANCE],
  ["functionality", FUNCTIONALITY],
  ["targeting", TARGETING],
]);

const ALL = 63;

/** What is decided, as `privet.js` tells it. */
export interface Decision {
  /** The choices in force; none where nobody has decided. */
  choices: number | undefined;
  gpc: boolean;
  /** `opt_in` or `opt_out`; empty where it is not known. */
  regime: string;
}

/** The choices that all named categories need; undefined if one of them is no category. */
export const neededBits = (said: string): number | undefined => {
  const bits = said.split(/\s+/).map((word) => BITS.get(word));
  return bits.reduce((all, one) => (all === undefined || one === undefined ? undefined : all | one), 0);
};

/** Whether the choices allow what needs those bits; what is unknown is never allowed. */
export const allows = (choices: number | undefined, needed: number | undefined): boolean =>
  needed !== undefined && ((choices ?? 0) & needed) === needed;

/** Whatever is not a set of choices is no decision. */
const choicesIn = (said: unknown): number | undefined =>
  Number.isInteger(said) && (said as number) >= 0 && (said as number) <= ALL
    ? (said as number)
    : undefined;

/** The decision in the detail of the event `privet:decision`. */
export const decisionIn = (detail: unknown): Decision => {
  const { choices, gpc, regime } = (detail ?? {}) as Record<string, unknown>;
  return {
    choices: choicesIn(choices),
    gpc: gpc === true,
    regime: typeof regime === "string" ? regime : "",
  };
};
