/** Privet in the browser: reads what is decided, asks if nothing is, and obeys it. */

import { type State, createApi } from "./api.ts";
import { type Surroundings, createBanner } from "./banner.ts";
import {
  type Choices,
  FUNCTIONALITY,
  type Standing,
  bitsOf,
  choicesOf,
  narrowed,
  readStanding,
} from "./choices.ts";
import type { Data } from "./event.ts";
import type * as Experiments from "./experiments.ts";
import { createIdentity } from "./identity.ts";
import { listen } from "./listen.ts";
import type * as Preferences from "./preferences.ts";
import { request } from "./request.ts";
import { type Tracker, createTracker } from "./tracker.ts";

type Listener = (choices: Choices) => void;

/** What `privet:decision` tells the page. */
export interface Told {
  /** The bits of the choices in force; null as long as nothing is decided. */
  choices: number | null;
  /** Whether the browser sends Global Privacy Control. */
  gpc: boolean;
  /** The rule of the visitor's place; "" while it is not known. */
  regime: string;
}

export interface Privet {
  /** Reports an event of the page, such as `privet.track("survey opened", { value: 1 })`. */
  track(name: string, data?: Data): void;
  /** Signs the learner in by the platform's token, or out by none. */
  identify(token?: string): void;
  /**
   * The form of an experiment that is drawn here, told as seen; "" where the page shows its usual
   * one: the experiment does not run, or nothing may be kept on the device.
   */
  variant(key: string): Promise<string>;
  /** What is decided: the choices in force, and whether there is a decision at all. */
  choices(): Choices;
  /** What `privet:decision` told last; null before the first. */
  decision: Told | null;
  /** Opens the choices. */
  open(): void;
  /** Calls back with the choices when they change; answers how to end that. */
  on(event: "change", listener: Listener): () => void;
}

declare global {
  interface Window {
    privet?: Privet;
    privetNotice?: Record<string, State>;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
  interface Document {
    prerendering?: boolean;
  }
}

/** The platform answers `{"token": …}` for a learner; any other status than 200 means nobody. */
const fetchToken = (url: string) => async (): Promise<string> => {
  // Without an answer this fails, as it shall.
  const answer = (await request(url)) as Response;
  return answer.status === 200 ? ((await answer.json()) as { token: string }).token : "";
};

const run = (script: HTMLScriptElement): Privet => {
  const settings = script.dataset;
  const site = settings.site!;
  const base = script.src.replace(/\/t\/[^/]*$/, "");
  const centre = `${base}/privacy/choices`;
  const language = settings.lang || document.documentElement.lang || navigator.language;
  const gpc = navigator.globalPrivacyControl === true;
  const listeners = new Set<Listener>();
  const tokenUrl = settings.tokenUrl;
  const identity = createIdentity(tokenUrl && fetchToken(tokenUrl), Date.now);
  const api = createApi(base, settings, language);
  /** What is in force; null for no decision, undefined before that is known. */
  let bits: number | null | undefined;
  let regime = "";
  /** What the cookie said last: where it cannot be read, decisions live in memory. */
  let read: Standing | undefined;
  /** The token of whoever is signed in; kept when it runs out, since they are still there. */
  let learner = "";
  let wayBack = "Your privacy";
  /** Counts questions and decisions: an answer that was asked for before the latest is out of date. */
  let latest = 0;

  const readCookie = (): Standing | undefined =>
    (read = readStanding(document.cookie, site, learner));

  const isLater = tokenUrl || document.prerendering;
  /** Asked before anything else is made: until the answer is here, nothing can be shown. */
  const early = api.told ?? (isLater || readCookie() ? undefined : api.state(""));
  /** What came beside this script about whoever sees it now: shown before all else is done. */
  const told = isLater ? undefined : api.told;

  const inForce = (): number => bits ?? 0;

  const choices = (): Choices => ({ decided: bits != null, ...choicesOf(inForce()) });

  const apply = (found?: Standing): void => {
    const now = found ? narrowed(found.choices, gpc && !found.confirmed) : null;
    regime = found?.regime ?? regime;
    if (bits === now) return;
    // Who never decided has nothing that could end: their device stays untouched.
    const hasChanged = (bits ?? now) !== null;
    bits = now;
    if (hasChanged) tracker().obey(inForce());
    const detail = (privet.decision = { choices: bits, gpc, regime });
    document.dispatchEvent(new CustomEvent("privet:decision", { detail }));
    // One of them that fails keeps nobody else from hearing, and no decision from the server.
    if (hasChanged) listeners.forEach(async (listener) => listener(choices()));
  };

  /** Another tab, or the privacy centre, may have decided meanwhile. */
  const sync = (): void => {
    // Before that the cookie is not known to be sound.
    if (bits === undefined || read?.choices === readCookie()?.choices) return;
    apply(read);
    if (read) banner.rest();
  };

  const decide: Surroundings["decide"] = async (
    asked,
    granted,
    control,
    layer,
    state,
    confirmed,
  ) => {
    latest++;
    // What is withdrawn ends now, whether or not the server can be reached.
    if (bits != null) apply({ choices: bits & (granted | ~asked), confirmed: true });
    const { version, hash, served } = state.notice;
    const stored = await api.decide(
      {
        choices: choicesOf(granted, asked),
        notice: { version, hash, served },
        control,
        layer,
        confirmed,
      },
      identity.held(),
    );
    if (stored) {
      readCookie();
      apply({ ...stored, choices: bitsOf(stored.choices) });
    }
    return stored;
  };

  const meet = async (): Promise<string> => (learner = await identity.fresh());

  const learnState = async (asked?: State | Promise<State | undefined>): Promise<State | undefined> => {
    const state = await (asked ?? api.state(await meet()));
    wayBack = state?.notice.texts.privacy_link ?? wayBack;
    return state;
  };

  const further = (): Promise<typeof Preferences> => import(`${base}/api/v1/preferences.js`);

  const open = (): void => {
    void learnState().then((state) => {
      if (state) banner.open(state);
      else location.assign(centre);
    });
  };

  /** Obeys what Privet knows of this learner or browser; without an answer, what the cookie says. */
  const ask = async (asked?: State | Promise<State | undefined>): Promise<void> => {
    const mine = ++latest;
    const state = await learnState(asked);
    if (mine < latest) return;
    readCookie();
    if (!state) {
      apply(read);
      if (read) banner.rest();
      return;
    }
    const { decided, signal } = state;
    regime = state.regime;
    const known = bitsOf(state.choices);
    // Who is asked again keeps what is not in question.
    apply(decided || known ? { choices: known, confirmed: signal.confirmed } : undefined);
    if (decided) banner.rest();
    else if (state !== told) await banner.ask(state);
  };

  const banner = createBanner({
    centre,
    theme: settings.theme,
    gpc,
    label: () => wayBack,
    reopen: open,
    further,
    decide,
  });
  if (told) void banner.ask(told);

  let made: Tracker | undefined;
  /** Made when it is first needed, so that a slow device compiles it after the banner stands. */
  const tracker = (): Tracker => (made ??= createTracker(base, settings, identity, sync));

  /** Whether the server takes the cookie for sound, and nothing new is to be asked. */
  const check = (): unknown =>
    api.standing().then((standing) => {
      wayBack = standing?.label ?? wayBack;
      if (standing?.holds === false) void ask(early);
      else banner.begin();
    });

  /** The cookie is this browser's; somebody who is signed in has a decision of their own. */
  const begin = async (): Promise<unknown> => {
    // Not earlier: the page's own "pageshow" would come before the banner's first frame.
    listen(window, "visibilitychange pageshow", sync);
    // The server has seen the cookie when it told this; meanwhile somebody may have answered.
    if (told) return bits ?? ask(told);
    if ((await meet()) || !readCookie()) return ask(learner ? undefined : early);
    apply(read);
    check();
  };

  listen(document, "click", (event) => {
    if (!(event.target as Element).closest?.("[data-privet-open]")) return;
    event.preventDefault();
    open();
  });
  const begun = new Promise<void>((go: () => void) => {
    if (document.prerendering) listen(document, "prerenderingchange", go);
    // What is shown has its frame first.
    else if (told) setTimeout(go, 80);
    else if (document.body) go();
    else listen(document, "DOMContentLoaded", go);
  }).then(begin);

  const privet: Privet = {
    decision: null,
    track: (name, data) => tracker().track(name, data),
    identify: (token = "") => {
      tracker().handOver(token);
      banner.close();
      void ask();
    },
    variant: async (key) => {
      await begun;
      if (!(inForce() & FUNCTIONALITY)) return "";
      const address = `${base}/api/v1/experiments.js?site=${site}`;
      return import(address).then((file: typeof Experiments) => file.default(key, learner), () => "");
    },
    choices,
    open,
    on: (_, listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return privet;
};

const script = (document.currentScript ??
  document.querySelector("script[data-site]")) as HTMLScriptElement | null;
if (!script?.dataset.site) console.warn("privet: no data-site");
// A page that holds the script twice has one banner all the same.
else window.privet ??= run(script);
