/** `window.__gpp`: how advertising scripts ask what was decided (CMP API, version 1.1). */

import type { Decision } from "./categories.ts";
import { gppString, usnatOf } from "./gpp.ts";

const SECTION = 7;
const NAME = "usnat";
const NOT_APPLICABLE = -1;
const LOCATOR = "__gppLocator";

type Callback = (data: unknown, success: boolean) => void;
type Gpp = ((command: string, callback?: Callback, parameter?: unknown) => unknown) & {
  queue?: unknown[][];
  events?: unknown[][];
};

declare global {
  interface Window {
    __gpp?: Gpp;
  }
}

interface Call {
  __gppCall?: { command: string; callId: unknown; parameter?: unknown };
}

/** Frames find this page by a frame of that name. */
const addLocator = (): void => {
  if (LOCATOR in window.frames || !document.body) return;
  const frame = document.createElement("iframe");
  frame.name = LOCATOR;
  frame.title = LOCATOR;
  frame.style.display = "none";
  document.body.append(frame);
};

/** Frames ask by messages; each gets only its own answer. */
const answerFrames = (api: Gpp): void =>
  window.addEventListener("message", ({ data, source }) => {
    let call: Call["__gppCall"];
    try {
      call = ((typeof data === "string" ? JSON.parse(data) : data) as Call | null)?.__gppCall;
    } catch {
      return; // Somebody else's message.
    }
    if (!call) return;
    const { command, callId, parameter } = call;
    const answer: Callback = (returnValue, success) => {
      const said = { __gppReturn: { returnValue, success, callId } };
      source?.postMessage(typeof data === "string" ? JSON.stringify(said) : said, { targetOrigin: "*" });
    };
    api(command, answer, parameter);
  });

/** At once; if what it tells fails, the browser says so, and nothing of ours ends with it. */
const tell = async (callback: Callback, data: unknown, success: boolean): Promise<void> =>
  callback(data, success);

export interface GppApi {
  /** Tells what is decided now to whoever listens. */
  update(decision: Decision): void;
}

export const createGppApi = (): GppApi => {
  const listeners = new Map<number, Callback>();
  let decision: Decision | undefined;
  let lastId = 0;

  const applies = (): boolean => decision?.regime === "opt_out";

  const sections = (): Record<string, unknown> =>
    applies() ? { [NAME]: usnatOf(decision?.choices ?? 0, !!decision?.gpc) } : {};

  const ping = () => ({
    gppVersion: "1.1",
    cmpStatus: "loaded",
    cmpDisplayStatus: decision && decision.choices === undefined ? "visible" : "hidden",
    signalStatus: decision ? "ready" : "not ready",
    supportedAPIs: [`${SECTION}:${NAME}`],
    cmpId: 0,
    sectionList: applies() ? [SECTION] : [],
    applicableSections: [applies() ? SECTION : NOT_APPLICABLE],
    gppString: gppString(decision?.choices ?? 0, !!decision?.gpc, applies()),
    parsedSections: sections(),
  });

  const event = (listenerId: number, eventName: string, data: unknown) => ({
    eventName,
    listenerId,
    data,
    pingData: ping(),
  });

  const listen = (callback: Callback): unknown => {
    listeners.set(++lastId, callback);
    return event(lastId, "listenerRegistered", true);
  };

  const unlisten = (id: unknown): unknown =>
    event(id as number, "listenerRemoved", listeners.delete(id as number));

  /** A field such as `usnat.SaleOptOut`, or all of a section; null where it does not apply. */
  const find = (path: unknown): unknown => {
    const [section = "", field] = String(path).split(".");
    const found = Object.hasOwn(sections(), section) ? sections()[section] : undefined;
    if (!found || field === undefined) return found ?? null;
    return Object.hasOwn(found, field) ? (found as Record<string, unknown>)[field] : null;
  };

  const commands = new Map<string, (parameter: unknown, callback: Callback) => unknown>([
    ["ping", ping],
    ["getGPPData", ping],
    ["addEventListener", (_, callback) => listen(callback)],
    ["removeEventListener", (id) => unlisten(id)],
    ["hasSection", (name) => find(String(name)) !== null],
    ["getSection", find],
    ["getField", find],
  ]);

  const api: Gpp = (command, callback = () => {}, parameter) => {
    const does = commands.get(command);
    void tell(callback, does ? does(parameter, callback) : null, !!does);
  };
  const early = window.__gpp?.queue;
  window.__gpp = api;
  for (const [command, callback, parameter] of early ?? [])
    api(command as string, callback as Callback, parameter);
  addLocator();
  answerFrames(api);

  return {
    update: (now) => {
      decision = now;
      addLocator();
      const names = ["signalStatus", "sectionChange"] as const;
      for (const [id, callback] of listeners)
        for (const name of names) void tell(callback, event(id, name, name === "signalStatus" ? "ready" : NAME), true);
    },
  };
};
