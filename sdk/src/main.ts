/** Privet in the browser: reads what is decided, asks if nothing is, and obeys it. */

import { type Control, type Layer, type State, createApi } from "./api.ts";
import { createBanner } from "./banner.ts";
import { type Choices, FUNCTIONALITY, bitsOf, choicesOf, narrowed, readDecision } from "./choices.ts";
import type { Data } from "./event.ts";
import type * as Experiments from "./experiments.ts";
import { createIdentity } from "./identity.ts";
import { listen } from "./listen.ts";
import { request } from "./request.ts";
import { createTracker } from "./tracker.ts";

type Listener = (choices: Choices) => void;

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
  /** Opens the choices. */
  open(): void;
  /** Calls back with the choices when they change; answers how to end that. */
  on(event: "change", listener: Listener): () => void;
}

declare global {
  interface Window {
    privet?: Privet;
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
  const answer = await request(url);
  if (!answer) throw new Error();
  return answer.status === 200 ? ((await answer.json()) as { token: string }).token : "";
};

const run = (script: HTMLScriptElement): Privet => {
  const settings = script.dataset;
  const site = settings.site ?? "";
  const base = script.src.replace(/\/t\/[^/]*$/, "");
  const centre = `${base}/privacy/choices`;
  const language = settings.lang || document.documentElement.lang || navigator.language;
  const gpc = navigator.globalPrivacyControl === true;
  const listeners = new Set<Listener>();
  const tokenUrl = settings.tokenUrl;
  const identity = createIdentity(tokenUrl ? fetchToken(tokenUrl) : undefined, Date.now);
  const api = createApi(base, site, language);
  let bits: number | undefined;
  /** What the cookie said last: where it cannot be read, decisions live in memory. */
  let read: number | undefined;
  /** The token of whoever is signed in; kept when it runs out, since they are still there. */
  let learner = "";
  let wayBack = /^es/.test(language) ? "Tu privacidad" : "Your privacy";

  const readCookie = (): number | undefined => (read = readDecision(document.cookie, site, learner));

  const inForce = (): number => narrowed(bits ?? 0, gpc);

  const choices = (): Choices => ({ decided: bits !== undefined, ...choicesOf(inForce()) });

  const apply = (decided: number | undefined): void => {
    if (bits === decided) return;
    bits = decided;
    tracker.obey(inForce());
    listeners.forEach((listener) => listener(choices()));
  };

  /** Another tab, or the privacy centre, may have decided meanwhile. */
  const sync = (): void => {
    if (read === readCookie()) return;
    apply(read);
    if (read !== undefined) banner.rest();
  };

  const decide = async (
    asked: number,
    control: Control,
    layer: Layer,
    state: State,
  ): Promise<boolean> => {
    const wanted = narrowed(asked, gpc);
    // What is withdrawn ends now, whether or not the server can be reached.
    if (bits !== undefined) apply(bits & wanted);
    const { version, hash, served } = state.notice;
    const stored = await api.decide(
      {
        choices: choicesOf(wanted, 3),
        notice: { version, hash, served },
        control,
        layer,
      },
      identity.held(),
    );
    if (stored) {
      apply(readCookie() ?? wanted);
      banner.rest();
    }
    return stored;
  };

  const meet = async (): Promise<string> => (learner = await identity.fresh());

  const learnState = async (): Promise<State | undefined> => {
    const state = await api.state(await meet());
    if (state) wayBack = state.notice.texts.privacy_link || wayBack;
    return state;
  };

  const open = (): void => {
    void learnState().then((state) => {
      if (state) banner.open(state);
      else location.assign(centre);
    });
  };

  /** Obeys what Privet knows of this learner or browser; without an answer, what the cookie says. */
  const ask = async (): Promise<void> => {
    const state = await learnState();
    readCookie();
    apply(!state ? read : state.decided ? bitsOf(state.choices) : undefined);
    if (bits !== undefined) banner.rest();
    else if (state) banner.ask(state);
  };

  const banner = createBanner({
    centre,
    theme: settings.theme,
    gpc,
    label: () => wayBack,
    reopen: open,
    decide,
  });
  const tracker = createTracker(base, settings, identity, sync);
  /** The cookie is this browser's; somebody who is signed in has a decision of their own. */
  const begin = async (): Promise<void> => {
    if ((await meet()) || readCookie() === undefined) return ask();
    apply(read);
    banner.rest();
  };

  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest?.("[data-privet-open]")) return;
    event.preventDefault();
    open();
  });
  listen(document, "visibilitychange", sync);
  listen(window, "pageshow", sync);
  const begun = new Promise<unknown>((go) => {
    if (document.prerendering) listen(document, "prerenderingchange", go);
    else if (document.body) go(0);
    else listen(document, "DOMContentLoaded", go);
  }).then(begin);

  return {
    track: tracker.track,
    identify: (token = "") => {
      tracker.handOver(token);
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
};

const script = (document.currentScript ??
  document.querySelector("script[data-site]")) as HTMLScriptElement | null;
if (!script?.dataset.site) console.warn("privet: data-site is missing");
// A page that holds the script twice has one banner all the same.
else window.privet ??= run(script);
