/** What is typed into a form: kept for the tab, and with functionality for a month. */

import type { Keeping } from "./keeping.ts";

const MONTH_MS = 30 * 86_400_000;
const FORMS = "[data-privet-draft]";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Typed = Record<string, string | string[]>;

interface Draft {
  typed?: Typed;
  /** Milliseconds since 1970. */
  at?: number;
}

/** What a field may hold that nobody would want to find again. */
const SECRET = /^(password|hidden|file|submit|button|image|reset)$/;
const SECRET_MEANING = /(^|\s)(cc-|one-time-code|.*-password)/;

const keeps = (field: Element): field is Field =>
  /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName) &&
  !!(field as Field).name &&
  !SECRET.test((field as Field).type) &&
  !SECRET_MEANING.test((field as Field).autocomplete) &&
  !field.closest("[data-privet-ignore]");

const isTick = (field: Field): field is HTMLInputElement => /^(radio|checkbox)$/.test(field.type);

/** Several fields of one name are one list of what is ticked. */
const typedIn = (fields: Field[]): Typed => {
  const typed: Typed = {};
  for (const field of fields) {
    if (!isTick(field)) typed[field.name] = field.value;
    else {
      const ticked = (typed[field.name] ??= []) as string[];
      if (field.checked) ticked.push(field.value);
    }
  }
  return typed;
};

/** Fills in what was typed; what the page itself filled in, or somebody just now, stays. */
const fill = (fields: Field[], typed: Typed): void => {
  for (const field of fields) {
    const value = Object.hasOwn(typed, field.name) ? typed[field.name] : undefined;
    if (isTick(field)) {
      if (Array.isArray(value)) field.checked = value.includes(field.value);
    } else if (typeof value === "string" && (!field.value || field.tagName === "SELECT")) field.value = value;
  }
};

const isEmpty = (fields: Field[]): boolean => fields.every((field) => isTick(field) || !field.value);

export interface Drafts {
  /** Keeps what is typed into a form or a field; answers how to forget it. */
  draft(form: HTMLElement, name?: string): () => void;
  /** Finds the forms that say so themselves. */
  scan(root: ParentNode): void;
  /** Functionality was allowed: what is there is kept, and what was kept comes back. */
  allowed(): void;
}

/** `lasting` answers nothing while functionality is not allowed. */
export const createDrafts = (
  session: () => Keeping,
  lasting: () => Keeping | undefined,
  now: () => number,
): Drafts => {
  const bound = new Map<HTMLElement, () => void>();
  const known = new Map<HTMLElement, { name: string; fields(): Field[] }>();

  const isFresh = (found: unknown): boolean => now() - ((found as Draft | null)?.at ?? 0) < MONTH_MS;

  const kept = (name: string): Typed | undefined => {
    const found = (session().get(name) ?? lasting()?.get(name)) as Draft | undefined;
    return found?.typed && isFresh(found) ? found.typed : undefined;
  };

  /** What nobody came back for in a month goes, wherever it was typed. */
  const forgetOld = (): void => {
    const all = lasting();
    for (const name of all?.names() ?? []) if (!isFresh(all?.get(name))) all?.remove(name);
  };

  const keep = (form: HTMLElement): void => {
    const { name, fields } = known.get(form) ?? { name: "", fields: () => [] };
    if (isEmpty(fields())) return bound.get(form)?.();
    const draft = { typed: typedIn(fields()), at: now() };
    session().set(name, draft);
    lasting()?.set(name, draft);
  };

  const restore = (form: HTMLElement): void => {
    const { name, fields } = known.get(form) ?? { name: "", fields: () => [] };
    const typed = kept(name);
    if (typed && isEmpty(fields())) fill(fields(), typed);
  };

  const draft = (form: HTMLElement, name = form.dataset.privetDraft || location.pathname): (() => void) => {
    const already = bound.get(form);
    if (already) return already;
    const fields = (): Field[] => [form, ...form.querySelectorAll("*")].filter(keeps);
    const forget = (): void => {
      session().remove(name);
      lasting()?.remove(name);
    };
    bound.set(form, forget);
    known.set(form, { name, fields });
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => keep(form));
    form.addEventListener("reset", forget);
    // The page may still say no to the form: then what was typed is kept.
    form.closest("form")?.addEventListener("submit", (event) =>
      queueMicrotask(() => event.defaultPrevented || forget()),
    );
    restore(form);
    return forget;
  };

  return {
    draft,
    scan: (root) => {
      if (root instanceof HTMLElement && root.matches(FORMS)) draft(root);
      for (const form of root.querySelectorAll<HTMLElement>(FORMS)) draft(form);
    },
    allowed: () => {
      forgetOld();
      for (const form of bound.keys()) {
        if (!form.isConnected) bound.delete(form), known.delete(form);
        else restore(form), keep(form);
      }
    },
  };
};
