/**
 * Which form of a page somebody sees while forms are compared: by chance, and the same each time.
 *
 * A file of its own, which `privet.js` loads when a page asks for a form. The server puts `FORMS`
 * before it: what runs on this site.
 */

import { claimsOf } from "./identity.ts";
import { storageOf } from "./storage.ts";

/** The forms of each experiment, each with the upper end of its part of 0 to 1. */
declare const FORMS: Record<string, [name: string, end: number][]>;

/** A number below a million, which many browsers share; it never leaves the device. */
const KEY = "privet_chance";

/** From a text to a number from 0 up to 1: FNV-1a, and the last mixing of MurmurHash3. */
export const chance = (text: string): number => {
  let hash = 2166136261;
  for (const sign of text) hash = Math.imul(hash ^ sign.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
  hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/** What a visitor is drawn by; "" where the device keeps nothing. */
const ofDevice = (): string => {
  try {
    const device = storageOf("localStorage");
    return device ? (device[KEY] ||= String(Math.floor(Math.random() * 1e6))) : "";
  } catch {
    return ""; // A full storage keeps nothing.
  }
};

/**
 * The form of an experiment, told as seen; "" where the page stays as it was delivered.
 *
 * A learner (by the platform's token) is drawn by who they are, on every device alike, and nothing
 * is kept for it. A visitor is drawn by a number that the device keeps.
 */
export default (key: string, learner: string): string => {
  const { privet } = window;
  const forms = FORMS[key];
  // It may have been withdrawn while this file was on its way.
  if (!forms || !privet?.choices().functionality) return "";
  const who = (claimsOf(learner).sub as string) || ofDevice();
  if (!who) return "";
  const drawn = chance(`${key} ${who}`);
  const variant = forms.find(([, end]) => drawn < end)?.[0] ?? "";
  privet.track("experiment_seen", { experiment: key, variant });
  return variant;
};
