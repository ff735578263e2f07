/** Holds back what declares a category, starts it when that is allowed, and stops it again. */

import { allows, neededBits } from "./categories.ts";
import { type Scripts, webAddress } from "./scripts.ts";
import { type Asking, type StandIn, createStandIn, wantsStandIn } from "./standin.ts";

const WAITING = "[data-privet]";
const WATCHED = {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["data-privet", "data-src"],
};

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

/**
 * Takes a script out. One that is still on its way would run when it comes: what belongs to another
 * document by then does not (HTML standard, "execute the script element"). Those after it wait no
 * more.
 */
const endScript = (live: HTMLElement): void => {
  document.implementation.createHTMLDocument("").adoptNode(live);
  live.dispatchEvent(new Event("error"));
};

/** The node itself, if it is an element, and all below it; what is in shadow roots is not among it. */
const everythingIn = (root: ParentNode): Element[] => [
  ...(root instanceof Element ? [root] : []),
  ...root.querySelectorAll("*"),
];

export const createBlocking = (
  scripts: Scripts,
  asking: Omit<Asking, "once">,
  changed: (root: ParentNode) => void,
): Blocking => {
  const held = new Map<Element, Held>();
  const entered = new WeakSet<ShadowRoot>();
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
      if (one.live) endScript(one.live);
      one.live = undefined;
      if (one.element.tagName !== "SCRIPT") stopElement(one.element);
    }
    one.isWanted = false;
    one.standIn?.show();
  };

  const showOnce = (one: Held): void => {
    // The focus stood on a button that is gone now. A frame of another origin may drop it when its
    // document comes; who went elsewhere meanwhile stays there.
    const focus = (): unknown => document.activeElement === document.body && one.element.focus();
    one.element.addEventListener("load", focus, { once: true });
    start(one);
    focus();
  };

  const forget = (one: Held): void => {
    one.standIn?.hide();
    if (one.live) endScript(one.live);
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
    for (const element of everythingIn(root)) {
      if (element instanceof HTMLElement && element.matches(WAITING) && !held.has(element)) meet(element);
      if (element.shadowRoot) enter(element.shadowRoot);
    }
    changed(root);
  };

  /** An open shadow root is watched like the page. */
  const enter = (root: ShadowRoot): void => {
    if (!entered.has(root)) watcher.observe(root, WATCHED);
    entered.add(root);
    // One that is not in the page yet is scanned when its element comes.
    if (root.isConnected) scan(root);
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

  /** Who gives an element a root of its own tells nobody, so it is heard of where that is done. */
  const watchRoots = (): void => {
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (how: ShadowRootInit): ShadowRoot {
      const root = attachShadow.call(this, how);
      if (root.mode === "open") enter(root);
      return root;
    };
    // Markup may declare a root after its element was met.
    document.addEventListener("DOMContentLoaded", () => scan(document));
  };

  /** In the order of the page, not in that in which they were met. */
  const heldIn = (root: ParentNode): Held[] =>
    everythingIn(root).flatMap((element) => {
      const one = held.get(element);
      return [...(one ? [one] : []), ...(element.shadowRoot ? heldIn(element.shadowRoot) : [])];
    });

  const watcher = new MutationObserver(look);
  watcher.observe(document, WATCHED);
  watchRoots();
  scan(document);

  return {
    obey: (choices) => {
      if (choices === allowed) return;
      allowed = choices;
      for (const one of heldIn(document)) {
        if (!allows(allowed, one.needed)) stop(one);
        else if (!one.isWanted) start(one);
      }
    },
    ran: () => ranBits,
  };
};
