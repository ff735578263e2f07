/** Privet's consent interface as the banner uses it. */

import type { Choices } from "./choices.ts";
import { request } from "./request.ts";

export interface Cookie {
  name: string;
  says: string;
  /** A period of ISO 8601, `session` or `unlimited`. */
  lifetime: string;
  vendor: string;
  /** Whose it is, seen from the page. */
  party: "first" | "third";
}

/** Something that can be decided about. */
export interface Choice {
  name: string;
  label: string;
  says: string;
  /** Whether a yes would count: at some ages the law leaves no choice. */
  open: boolean;
}

export interface Category {
  name: string;
  label: string;
  says: string;
  /** How many cookies, and whose, in words: "3, from 2 vendors". */
  summary: string;
  cookies: Cookie[];
}

/** The server publishes no notice that lacks one that the banner shows. */
export type Texts = Record<string, string>;

export interface State {
  decided: boolean;
  choices: Choices;
  regime: string;
  /** What became of Global Privacy Control. */
  signal: { honoured: boolean; confirmed: boolean };
  /** The rule of this visitor's place, in words; its meaning first. */
  regime_explained: {
    country: string;
    words: string[];
    source: { law: string; link: string } | null;
  };
  /** Why somebody who had decided is asked again. */
  asks_again: { because: string[]; new: { what: string; words: string }[] } | null;
  /** Policies that were published anew since the decision, each with where the difference is. */
  policy_news: { says: string; link: string }[];
  notice: {
    version: number | string;
    hash: string;
    /** The server's word of what it served; it comes back with the decision. */
    served?: string | undefined;
    language: string;
    direction: string;
    /** Every text of the banner, so that what is shown is what was hashed. */
    texts: Texts;
  };
  categories: Category[];
  asked: Choice[];
}

export type Control = "accept_all" | "reject_all" | "choose" | "gpc";

export type Layer = "banner" | "preferences";

export interface Decision {
  choices: Choices;
  notice: { version: number | string; hash: string; served?: string | undefined };
  control: Control;
  layer: Layer;
  /** The person was shown that this is against their browser's signal. */
  confirmed: boolean;
}

/** What is in force after a decision. */
export interface Stored {
  choices: Choices;
  /** What needs a confirmation against Global Privacy Control. */
  conflict: string[];
  confirmed: boolean;
  regime: string;
}

export interface Api {
  /** The same about a visitor, where `notice.js` brought it beside this script. */
  told: State | undefined;
  /** What is decided here and what the banner says; undefined when Privet does not answer. */
  state(token: string): Promise<State | undefined>;
  /** Whether a visitor's decision holds as it is, and the words of the way back. */
  standing(): Promise<{ holds: boolean; label: string } | undefined>;
  /** Stores a decision; what is in force then, or undefined if it was not stored. */
  decide(decision: Decision, token: string): Promise<Stored | undefined>;
}

export const createApi = (base: string, script: DOMStringMap, lang: string): Api => {
  const site = script.site!;
  /** Where the page stands now: a single-page site changes it. */
  const place = () => ({ institution: script.institution ?? "", course: script.course ?? "" });

  const ask = async (path: string, how?: RequestInit): Promise<any> => {
    const answer = await request(`${base}/api/v1/consent${path}`, how);
    return answer?.ok ? answer.json().catch(() => undefined) : undefined;
  };

  const query = (): string => `?${new URLSearchParams({ site, lang, ...place() })}`;

  return {
    told: window.privetNotice?.[query()],
    state: (token) => ask(query(), token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
    standing: () => ask("/standing" + query()),
    decide: (decision, token) =>
      ask("/decisions", {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ site, ...place(), ...decision, token }),
      }),
  };
};
