/** Holds back what declares a category, starts it when that is allowed, and stops it again. */

import { allows, neededBits } from "./categories.ts";
import { type Scripts, webAddress } from "./scripts.ts";
import { type Asking, type StandIn, createStandIn, wantsStandIn } from "./standin.ts";

const WAITING = "[data-privet]";

/** An element that waits or runs. */
interface Held {
  element: HTMLElement;
  needed: number;
  standIn: StandIn | undefined;
  /** Whether it is to run: allowed, or shown once. */
  isWanted: boolean;
  /** The script that was made of its placeholder. */
  live: HTMLElement | undefined;
}

export interface Blocking {
  /** Starts what is allowed from now on, and stops what no longer is. */
  obey(choices: number | undefined): void;
  /** The choices that scripts which have run here needed. */
  ran(): number[];
}

const put = (element: HTMLElement, attribute: string, value: string | undefined): void => {
  if (value) element.setAttribute(attribute, value);
};

/** An address that a browser shall load; each candidate of a set has to be one of the web. */
const startElement = (element: HTMLElement): void => {
  const { src, srcset, href } = element.dataset;
  const set = srcset?.split(",").every((one) => webAddress(one.trim().split(/\s/)[0] ?? ""));
  put(element, "srcset", set ? srcset : "");
  put(element, "src", src && webAddress(src));
  put(element, "href", href && webAddress(href));
};

/** Takes the address away, and a frame out of the page and in again, which ends what it runs. */
const stopElement = (element: HTMLElement): void => {
  for (const attribute of ["src", "srcset", "href"])
    if (attribute in element.dataset) element.removeAttribute(attribute);
  if (element.tagName === "IFRAME") {
    const after = document.createComment("");
    element.after(after);
    element.remove();
    after.replaceWith(element);
  }
};

export const createBlocking = (
  scripts: Scripts,
  asking: Omit<Asking, "once">,
  changed: (root: ParentNode) => void,
): Blocking => {
  const held = new Map<Element, Held>();
  const warned = new Set<string>();
  const ranBits: number[] = [];
  let allowed: number | undefined;

  const start = (one: Held): void => {
    one.isWanted = true;
    one.standIn?.hide();
    if (one.element.tagName !== "SCRIPT") return startElement(one.element);
    scripts.run(
      one.element,
      () => one.isWanted && !one.live && one.element.isConnected,
      (live) => {
        one.live = live;
        ranBits.push(one.needed);
      },
    );
  };

  const stop = (one: Held): void => {
    if (one.isWanted) {
      if (one.live?.id) one.element.id = one.live.id;
      one.live?.remove();
      one.live = undefined;
      if (one.element.tagName !== "SCRIPT") stopElement(one.element);
    }
    one.isWanted = false;
    one.standIn?.show();
  };

  const showOnce = (one: Held): void => {
    start(one);
    // The focus stood on a button that is gone now.
    one.element.focus();
  };

  const forget = (one: Held): void => {
    one.standIn?.hide();
    one.live?.remove();
    one.isWanted = false;
    held.delete(one.element);
  };

  const warn = (said: string): void => {
    if (!warned.has(said)) console.warn(`privet: "${said}" is no category; what declares it stays off`);
    warned.add(said);
  };

  const meet = (element: HTMLElement): void => {
    const said = element.dataset.privet?.trim() ?? "";
    const needed = neededBits(said);
    if (needed === undefined) return warn(said);
    const one: Held = { element, needed, standIn: undefined, isWanted: false, live: undefined };
    held.set(element, one);
    const address = webAddress(element.dataset.src ?? "");
    if (wantsStandIn(element))
      one.standIn = createStandIn(element, address, { ...asking, once: () => showOnce(one) });
    if (allows(allowed, needed)) start(one);
    else one.standIn?.show();
  };

  const scan = (root: ParentNode): void => {
    if (root instanceof HTMLElement && root.matches(WAITING) && !held.has(root)) meet(root);
    for (const element of root.querySelectorAll<HTMLElement>(WAITING))
      if (!held.has(element)) meet(element);
    changed(root);
  };

  /** A page changed in place: what came waits or starts, what went takes its stand-in with it. */
  const look = (records: MutationRecord[]): void => {
    for (const { type, target } of records) {
      const one = type === "attributes" && held.get(target as Element);
      if (one) stop(one), forget(one);
      if (type === "attributes") scan(target as Element);
    }
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node instanceof Element && node.isConnected) scan(node);
    for (const one of held.values()) {
      if (!one.element.isConnected) forget(one);
      else if (!one.isWanted) one.standIn?.show();
    }
  };

  const watch = (): void => {
    scan(document);
    new MutationObserver(look).observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-privet", "data-src"],
    });
  };
  watch();

  return {
    obey: (choices) => {
      if (choices === allowed) return;
      allowed = choices;
      // In the order of the page, not in that in which they were met.
      for (const element of document.querySelectorAll(WAITING)) {
        const one = held.get(element);
        if (!one) continue;
        if (!allows(allowed, one.needed)) stop(one);
        else if (!one.isWanted) start(one);
      }
    },
    ran: () => ranBits,
  };
};
