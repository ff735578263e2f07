/** Google Consent Mode v2: all denied before any tag, then what is decided. */

import { SALE_SHARING } from "./gpp.ts";

type Word = "granted" | "denied";

declare global {
  interface Window {
    dataLayer?: unknown[];
    gtag?: (...given: unknown[]) => void;
  }
}

const WAIT_MS = 500;

/**
 * Google's signals for the choices in force. The names by category are the server's table.
 *
 * Those of advertising also need that sale and sharing are not refused.
 */
export const modeOf = (
  table: Record<string, string[]>,
  choices: number,
  isAllowed: (category: string) => boolean,
): Record<string, Word> => {
  const found: Record<string, Word> = { security_storage: "granted" };
  for (const [category, names] of Object.entries(table)) {
    const maySell = category !== "targeting" || (choices & SALE_SHARING) > 0;
    for (const name of names) found[name] = isAllowed(category) && maySell ? "granted" : "denied";
  }
  return found;
};

export interface ConsentMode {
  update(said: Record<string, Word>): void;
}

/** Says `default` at once; `denied` are the signals of nobody's decision. */
export const createConsentMode = (denied: Record<string, Word>): ConsentMode => {
  const layer = (window.dataLayer ??= []);
  // Google's queue wants the arguments themselves, which an array is not.
  window.gtag ??= function () {
    layer.push(arguments);
  };
  window.gtag("consent", "default", { ...denied, wait_for_update: WAIT_MS });
  return { update: (said) => window.gtag?.("consent", "update", said) };
};
