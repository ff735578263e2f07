/** `privet.prefs`: what functionality cookies are for, kept only while functionality is allowed. */

import { type Drafts, createDrafts } from "./drafts.ts";
import { type Keeping, createKeeping, markOf } from "./keeping.ts";

export interface Prefs {
  /** What was kept under a name; undefined if nothing is, or nothing may be. */
  get(name: string): unknown;
  /** Keeps a value that JSON can say; whether it was kept. */
  set(name: string, value: unknown): boolean;
  remove(name: string): void;
  /** Keeps what is typed into a form or a field until it is sent; answers how to forget it. */
  draft(form: HTMLElement, name?: string): () => void;
}

export interface Storages {
  local: Storage | undefined;
  session: Storage | undefined;
}

export interface PrefsAndDrafts {
  prefs: Prefs;
  drafts: Drafts;
}

/** What one person keeps on a shared device is not given to the next: `person` is part of the name. */
export const createPrefs = (
  { local, session }: Storages,
  person: () => string,
  isAllowed: () => boolean,
  now: () => number,
): PrefsAndDrafts => {
  const lasting = (item: string): Keeping | undefined =>
    isAllowed() ? createKeeping(local, item + markOf(person())) : undefined;
  const values = (): Keeping | undefined => lasting("privet_prefs");
  const typed = (): Keeping => createKeeping(session, `privet_typed${markOf(person())}`);
  const drafts = createDrafts(typed, () => lasting("privet_drafts"), now);
  return {
    drafts,
    prefs: {
      get: (name) => values()?.get(name),
      set: (name, value) => values()?.set(name, value) ?? false,
      remove: (name) => values()?.remove(name),
      draft: drafts.draft,
    },
  };
};
