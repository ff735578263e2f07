/** What a learner has decided, as bits, and which event each of them lets through. */

import { decoded } from "./decode.ts";

export const PERFORMANCE = 1;
export const FUNCTIONALITY = 2;
export const TARGETING = 4;
const SALE_SHARING = 16;
const RESEARCH = 32;

/** The order of the bits, as the server's catalogue has it. */
const NAMES = [
  "performance",
  "functionality",
  "targeting",
  "marketing_mail",
  "sale_sharing",
  "research",
];

/** Every choice: the cookie categories, mail, sale or sharing, research. */
export const ALL = 63;

/** The choices of the three categories that can be refused. */
export const CATEGORIES = PERFORMANCE | FUNCTIONALITY | TARGETING;

/** The choices that open a use of what a browser observes: analytics, personalisation, research. */
export const OBSERVING = PERFORMANCE | FUNCTIONALITY | RESEARCH;

const FORMS = PERFORMANCE | FUNCTIONALITY;

export type Choices = Record<string, boolean>;

export const bitsOf = (choices: Choices): number =>
  NAMES.reduce((bits, name, i) => bits | (choices[name] ? 1 << i : 0), 0);

/** All choices, or those of `asked`, each with its answer in `bits`. */
export const choicesOf = (bits: number, asked = ALL): Choices =>
  Object.fromEntries(
    NAMES.map((name, i) => [name, (bits & (1 << i)) > 0] as const).filter(
      (_, i) => asked & (1 << i),
    ),
  );

/** Global Privacy Control closes targeting and sale, whatever was chosen before. */
export const narrowed = (bits: number, gpc: boolean): number =>
  gpc ? bits & ~(TARGETING | SALE_SHARING) : bits;

/** Whether an event may leave the page. The server gates again, with all that it knows. */
export const permits = (bits: number, event: string): boolean =>
  // Seen forms are counted, which is performance, and stay the same, which is functionality.
  /^exp/.test(event)
    ? (bits & FORMS) === FORMS
    : (bits & (/^ad_/.test(event) ? TARGETING : /^page_[te]/.test(event) ? PERFORMANCE : OBSERVING)) >
      0;

/** What is in force for somebody, as a cookie or an answer of Privet says it. */
export interface Standing {
  choices: number;
  /** Whether they confirmed a yes against Global Privacy Control. */
  confirmed?: unknown;
  /** The rule of their place, such as `opt_in`. */
  regime?: string;
}

/**
 * The decision for a site in the text of `document.cookie`, or undefined where there is none.
 *
 * Root and subdomain may each hold a cookie of this name: only what both allow is allowed. What a
 * learner left behind on signing out says nothing about whoever comes next.
 * The signature and the day are the server's to check, which every page asks.
 */
export const readStanding = (
  cookies: string,
  site: string,
  learner: string,
): Standing | undefined => {
  let found: Standing | undefined;
  for (const [, payload] of cookies.matchAll(/(?:^|; ?)privet_consent="?([\w-]+)/g)) {
    const said = decoded(payload);
    const { site: whose, choices, of } = said;
    if (whose === site && typeof choices === "number" && (learner || of !== "learner"))
      found = {
        ...said,
        choices: (found?.choices ?? ALL) & choices,
        confirmed: (!found || found.confirmed) && said.confirmed,
      };
  }
  return found;
};

/** The bits of that decision alone. */
export const readDecision = (cookies: string, site: string, learner: string): number | undefined =>
  readStanding(cookies, site, learner)?.choices;
