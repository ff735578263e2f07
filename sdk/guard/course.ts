/**
 * In the course of a member nothing is kept that is not registered: writing it is refused, what came
 * in other ways is removed, and each name is reported once. A value is neither looked at nor told.
 */

import { endings, entriesOf } from "./clearing.ts";
import type { Course, Kind } from "./given.ts";

/** Something that nobody registered. */
export interface Unregistered {
  name: string;
  kind: Kind;
  /** The host of the script that wanted it; empty where that cannot be told. */
  setter: string;
  /** The path of the page, without its query. */
  page: string;
}

export interface Around {
  /** This script's own address, which stands in each stack. */
  own: string;
  isAllowed(category: string): boolean;
  report(found: Unregistered[]): void;
}

const MOST_REPORTED = 50;
const PAUSE_MS = 1000;
const LOOK_MS = 2000;

/** The name in what is written to `document.cookie`. */
export const nameOf = (written: string): string => {
  const [pair = ""] = written.split(";");
  return pair.includes("=") ? pair.slice(0, pair.indexOf("=")).trim() : "";
};

/** Whether it ends a cookie: that is always allowed. */
export const isEnding = (written: string, now: number): boolean => {
  const age = /;\s*max-age\s*=\s*(-?\d+)/i.exec(written)?.[1];
  const day = /;\s*expires\s*=([^;]*)/i.exec(written)?.[1];
  return age !== undefined ? Number(age) <= 0 : day !== undefined && Date.parse(day) <= now;
};

/** The host of the first script in a stack that is not our own. */
export const setterIn = (stack: string, own: string): string => {
  const found = (stack.match(/https?:\/\/[^\s)]+/g) ?? []).find((one) => !one.startsWith(own));
  return found ? new URL(found).hostname : "";
};

const STORAGES = [["local_storage", "localStorage"], ["session_storage", "sessionStorage"]] as const;

const keysIn = (name: "localStorage" | "sessionStorage"): string[] => {
  try {
    return Object.keys(window[name]);
  } catch {
    return []; // A sandboxed page has none.
  }
};

/** One without a name has nothing but a value, which is not told. */
const cookieNames = (): string[] =>
  document.cookie.split("; ").map(nameOf).filter(Boolean);

/** Refuses and removes from now on; what was there before is the platform's, and stays. */
export const guardCourse = ({ known }: Course, around: Around): void => {
  const entry = entriesOf(known);
  const told = new Set<string>();
  let waiting: Unregistered[] = [];

  const send = (): void => {
    if (waiting.length) around.report(waiting);
    waiting = [];
  };

  const tell = (kind: Kind, name: string, stack: string): void => {
    const key = `${kind} ${name}`;
    if (!name || told.has(key) || told.size >= MOST_REPORTED) return;
    told.add(key);
    console.warn(`privet: ${kind} "${name}" is not registered for this course, and is blocked`);
    if (!waiting.length) setTimeout(send, PAUSE_MS);
    waiting.push({ name, kind, setter: setterIn(stack, around.own), page: location.pathname });
  };

  /** The platform's own is left alone: other rules say when it may be there. */
  const mayBe = (kind: Kind, name: string, stack: string): boolean => {
    const found = entry(kind, name);
    if (!found) tell(kind, name, stack);
    return !!found && (!found[3] || around.isAllowed(found[0]));
  };

  const stackNow = (): string => new Error().stack ?? "";

  const wrapCookies = (): void => {
    const plain = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    if (!plain?.set) return;
    const { set } = plain;
    Object.defineProperty(Document.prototype, "cookie", {
      ...plain,
      set(this: Document, written: unknown) {
        const text = String(written);
        if (isEnding(text, Date.now()) || mayBe("cookie", nameOf(text), stackNow())) set.call(this, text);
      },
    });
  };

  const wrapCookieStore = (): void => {
    const store = (window as { CookieStore?: { prototype: { set: (...given: any[]) => Promise<void> } } }).CookieStore;
    const set = store?.prototype.set;
    if (!store || !set) return;
    store.prototype.set = function (...given: any[]): Promise<void> {
      const [first] = given;
      const name = String(typeof first === "object" ? first?.name : first);
      const isOver = typeof first === "object" && typeof first?.expires === "number" && first.expires <= Date.now();
      return isOver || mayBe("cookie", name, stackNow()) ? set.apply(this, given) : Promise.resolve();
    };
  };

  const wrapStorage = (): void => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (...given: [key: string, value: string]): void {
      const is = STORAGES.find(([, name]) => keptIn(name) === this);
      if (!is || !given.length || mayBe(is[0], String(given[0]), stackNow())) setItem.apply(this, given);
    };
  };

  const keptIn = (name: "localStorage" | "sessionStorage"): Storage | undefined => {
    try {
      return window[name];
    } catch {
      return undefined;
    }
  };

  const before = new Set([
    ...cookieNames().map((name) => `cookie ${name}`),
    ...STORAGES.flatMap(([kind, name]) => keysIn(name).map((key) => `${kind} ${key}`)),
  ]);

  /** What an answer's header, a frame or a plain assignment has put there meanwhile. */
  const look = (): void => {
    for (const name of cookieNames())
      if (!before.has(`cookie ${name}`) && !mayBe("cookie", name, ""))
        for (const ending of endings(name, location)) document.cookie = ending;
    for (const [kind, name] of STORAGES)
      for (const key of keysIn(name))
        if (!before.has(`${kind} ${key}`) && !mayBe(kind, key, "")) keptIn(name)?.removeItem(key);
  };

  wrapCookies();
  wrapCookieStore();
  wrapStorage();
  (window as { cookieStore?: EventTarget }).cookieStore?.addEventListener("change", look);
  setInterval(look, LOOK_MS);
  addEventListener("pagehide", () => {
    look();
    send();
  });
};
