/** Privet's guard: what is not allowed does not run, what is withdrawn ends and is cleared. */

import { FUNCTIONALITY, narrowed, readDecision } from "../src/choices.ts";
import { request } from "../src/request.ts";
import { storageOf } from "../src/storage.ts";
import { createBlocking } from "./blocking.ts";
import { type Decision, allows, decisionIn, neededBits } from "./categories.ts";
import { clear } from "./clearing.ts";
import { createConsentMode, modeOf } from "./consent-mode.ts";
import { type Unregistered, guardCourse } from "./course.ts";
import type { Given } from "./given.ts";
import { createGppApi } from "./gpp-api.ts";
import { type Prefs, createPrefs } from "./prefs.ts";
import { createReloading } from "./reload.ts";
import { createScripts } from "./scripts.ts";
import { wordsIn } from "./words.ts";

declare global {
  interface Window {
    privetGuard?: true;
  }
}

/** What the server puts before this script. */
declare const GIVEN: Given;

/** What the page has of Privet; it may come later than this script. */
interface PrivetInPage {
  /** What `privet:decision` told last. */
  decision?: unknown;
  open?(): void;
  prefs?: Prefs;
}

const WITHDRAWN = "privet:withdrawn";
const DECISION_COOKIE = "privet_consent";
/** By then a decision of this page's own is known to it, and nothing is new. */
const OTHERS_MS = 500;

/** What browsers tell of cookies that come and go, whichever tab changes them. */
interface CookieChange extends Event {
  changed: { name: string }[];
}

const privetInPage = (): PrivetInPage | undefined => window.privet as PrivetInPage | undefined;

const run = (script: HTMLScriptElement): void => {
  const { site, base } = addressOf(script);
  const settings = script.dataset;
  let now: Decision = { choices: undefined, gpc: false, regime: "" };
  let hasHeard = false;

  const isAllowed = (category: string): boolean => allows(now.choices, neededBits(category));
  const signals = () => modeOf(GIVEN.mode, now.choices ?? 0, isAllowed);

  /** Until the page has heard what is decided, the cookie says it: a course may begin earlier. */
  const isAllowedInCourse = (category: string): boolean => {
    const said = hasHeard ? now.choices : readDecision(document.cookie, site, "any");
    const isSignalled = !hasHeard && navigator.globalPrivacyControl === true;
    return allows(said && narrowed(said, isSignalled), neededBits(category));
  };
  const { course } = GIVEN;
  if (course) {
    const { institution, course: id } = course;
    const report = (seen: Unregistered[]): void =>
      void request(`${base}/api/v1/consent/unregistered`, {
        method: "POST",
        credentials: "omit",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ site, institution, course: id, seen }),
      });
    guardCourse(course, { own: script.src, isAllowed: isAllowedInCourse, report });
  }

  const mode = createConsentMode(signals());
  const gpp = createGppApi();
  const local = storageOf("localStorage");
  const session = storageOf("sessionStorage");
  const { prefs, drafts } = createPrefs(
    { local, session },
    () => settings.person ?? "",
    () => allows(now.choices, FUNCTIONALITY),
    Date.now,
  );
  const theme = settings.theme;
  const words = wordsIn(settings.lang || document.documentElement.lang || navigator.language);
  const open = (): void => {
    const found = privetInPage();
    if (found?.open) found.open();
    else location.assign(`${base}/privacy/choices`);
  };
  const blocking = createBlocking(createScripts(script.nonce), { words, theme, open }, drafts.scan);
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const reloading = createReloading({
    storage: session,
    wasReloaded: navigation?.type === "reload",
    reload: () => location.reload(),
    // Where nobody decides any more, what a learner left behind on signing out starts nothing again.
    stored: () => readDecision(document.cookie, site, now.choices === undefined ? "" : "any"),
    wait: (milliseconds) => new Promise((go) => setTimeout(go, milliseconds)),
  });

  /** Whether a script has run here that these choices would not have let run. */
  const hasRunAgainst = (choices: number | undefined): boolean =>
    blocking.ran().some((needed) => !allows(choices, needed));

  const sweep = (thoroughly: boolean): void => clear(GIVEN.known, isAllowed, thoroughly);

  const withdraw = async (): Promise<void> => {
    sweep(true);
    const { choices } = now;
    if (!hasRunAgainst(choices)) return;
    // A page that has ended its scripts itself says so by cancelling this.
    const event = new CustomEvent(WITHDRAWN, { cancelable: true, detail: { choices } });
    if (!document.dispatchEvent(event)) return;
    const isReloading = await reloading.ask(hasRunAgainst);
    if (!isReloading) console.warn("privet: reload the page: a script that was withdrawn may still run");
  };

  const obey = (next: Decision): void => {
    const before = now;
    now = next;
    const isGranted = hasHeard && ((next.choices ?? 0) & ~(before.choices ?? 0)) > 0;
    if (isGranted) reloading.granted();
    blocking.obey(next.choices);
    gpp.update(next);
    if (next.choices !== undefined || before.choices !== undefined) mode.update(signals());
    if (isAllowed("functionality")) drafts.allowed();
    const isNarrower = ((before.choices ?? 0) & ~(next.choices ?? 0)) > 0;
    if (isNarrower || hasRunAgainst(next.choices)) void withdraw();
    // Nobody's decision clears nothing: without an answer from the server it may only be unknown.
    else if (next.choices !== undefined) sweep(false);
    hasHeard = true;
  };

  const attach = (): void => {
    const found = privetInPage();
    if (found) found.prefs ??= prefs;
  };

  /** Whichever script comes first, the page finds `privet.prefs` as soon as it finds `privet`. */
  const attachOnArrival = (): void =>
    void Object.defineProperty(window, "privet", {
      configurable: true,
      get: () => undefined,
      set: (value: unknown) => {
        Object.defineProperty(window, "privet", { value, writable: true, configurable: true });
        attach();
      },
    });

  document.addEventListener("privet:decision", (event) => obey(decisionIn((event as CustomEvent).detail)));
  hearOtherTabs();
  if (privetInPage()) attach();
  else attachOnArrival();
  const told = privetInPage()?.decision;
  if (told) obey(decisionIn(told));
};

/** A decision in another tab counts here before this one is looked at: `privet.js` reads it then. */
const hearOtherTabs = (): void => {
  const { cookieStore } = window as { cookieStore?: EventTarget };
  cookieStore?.addEventListener("change", (event) => {
    if (!(event as CookieChange).changed.some(({ name }) => name === DECISION_COOKIE)) return;
    setTimeout(() => window.dispatchEvent(new Event("visibilitychange")), OTHERS_MS);
  });
};

/** The site's name and Privet's own address, from where this script was loaded. */
const addressOf = (script: HTMLScriptElement): { site: string; base: string } => {
  const { origin, pathname, searchParams } = new URL(script.src, document.baseURI);
  return {
    site: searchParams.get("site") ?? "",
    base: origin + pathname.replace(/\/api\/v1\/[^/]*$/, ""),
  };
};

const script = document.currentScript as HTMLScriptElement | null;
if (script?.src && !window.privetGuard) {
  window.privetGuard = true;
  run(script);
}
