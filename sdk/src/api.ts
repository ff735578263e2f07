/** Privet's consent interface as the banner uses it. */

import type { Choices } from "./choices.ts";
import { request } from "./request.ts";

export interface Cookie {
  name: string;
  says: string;
  /** A period of ISO 8601 in days, or `session`. */
  lifetime: string;
  vendor: string;
}

export interface Category {
  name: string;
  label: string;
  says: string;
  /** How many cookies, and whose, in words: "3, from 2 vendors". */
  summary: string;
  cookies: Cookie[];
}

/** The server publishes no notice that lacks one of them. */
export type Texts = Record<
  | "title"
  | "body"
  | "privacy_link"
  | "reject_all"
  | "accept_all"
  | "choose"
  | "save"
  | "close"
  | "always_on"
  | "gpc"
  | "gpc_short"
  | "failed",
  string
>;

export interface State {
  decided: boolean;
  choices: Choices;
  gpc?: boolean;
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
}

export type Control = "accept_all" | "reject_all" | "choose" | "gpc";

export type Layer = "banner" | "preferences";

export interface Decision {
  choices: Choices;
  notice: { version: number | string; hash: string; served?: string | undefined };
  control: Control;
  layer: Layer;
}

export interface Api {
  /** What is decided here and what the banner says; undefined when Privet does not answer. */
  state(token: string): Promise<State | undefined>;
  /** Stores a decision; whether it was stored. */
  decide(decision: Decision, token: string): Promise<boolean>;
}

export const createApi = (base: string, site: string, language: string): Api => {
  const ask = async (path: string, how: RequestInit): Promise<Response | undefined> => {
    const answer = await request(`${base}/api/v1/consent${path}`, how);
    return answer?.ok ? answer : undefined;
  };

  return {
    state: async (token) => {
      const how = token ? { headers: { Authorization: `Bearer ${token}` } } : {};
      const answer = await ask(`?site=${site}&lang=${language}`, how);
      return answer?.json().catch(() => undefined) as Promise<State | undefined>;
    },
    decide: async (decision, token) =>
      !!(await ask("/decisions", {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ site, ...decision, token }),
      })),
  };
};
