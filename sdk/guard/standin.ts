/** What stands where something of others waits: who it is, and two ways to see it. */

import css from "./standin.css";
import { type Words, filled } from "./words.ts";

export interface StandIn {
  /** Puts it before the element, whose place it takes. */
  show(): void;
  hide(): void;
}

export interface Asking {
  words: Words;
  theme: string | undefined;
  /** Opens the choices. */
  open(): void;
  /** Shows what waits, once. */
  once(): void;
}

let sheet: CSSStyleSheet | undefined;

const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

/** Who it is: as the page says, else the host that would be asked. */
const nameOf = (element: HTMLElement, address: string): string =>
  element.dataset.privetFrom || (address && new URL(address).host);

/** The categories that it needs, in words. */
const needs = (element: HTMLElement, words: Words): string =>
  (element.dataset.privet ?? "")
    .split(/\s+/)
    .map((name) => words[name as keyof Words] ?? name)
    .join(words.and);

/** As large as what it stands for, so that nothing moves when that comes. */
const takeSize = (host: HTMLElement, element: HTMLElement): void => {
  const [width, height] = ["width", "height"].map((side) => Number(element.getAttribute(side)));
  if (width) host.style.width = `${width}px`;
  if (height) host.style.minHeight = `${height}px`;
};

const createHost = (theme: string | undefined): HTMLElement => {
  const host = make("div", { className: "privet-standin" });
  host.dataset.privetIgnore = "";
  sheet ??= new CSSStyleSheet();
  sheet.replaceSync(css);
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  const system = matchMedia("(prefers-color-scheme:dark)");
  const dress = (): unknown => host.toggleAttribute("dark", theme ? theme === "dark" : system.matches);
  system.addEventListener("change", dress);
  dress();
  return host;
};

const draw = (element: HTMLElement, address: string, asking: Asking): HTMLElement => {
  const { words } = asking;
  const name = nameOf(element, address);
  const category = needs(element, words);
  const title = filled(words.title, { name });
  const button = (said: string, onclick: () => void): HTMLElement =>
    make("button", { type: "button", onclick }, said);
  const host = createHost(asking.theme);
  host.shadowRoot?.append(
    make(
      "div",
      { role: "group", ariaLabel: title, lang: words.lang },
      make("p", { className: "name" }, title),
      make("p", { className: "says" }, filled(words.body, { name, category })),
      make(
        "div",
        { className: "buttons" },
        button(words.once, asking.once),
        button(words.choices, asking.open),
      ),
    ),
  );
  takeSize(host, element);
  return host;
};

/** Whether anybody would see what waits: pixels and hidden frames get no stand-in. */
export const wantsStandIn = (element: HTMLElement): boolean => {
  const isSmall = ["width", "height"].some((side) => /^[01](px)?$/.test(element.getAttribute(side) ?? ""));
  const isFrame = element.tagName === "IFRAME" && !element.hidden && !isSmall;
  return isFrame || !!element.dataset.privetFrom;
};

/** `address` is that of the web that would be asked; empty for what stands inline. */
export const createStandIn = (element: HTMLElement, address: string, asking: Asking): StandIn => {
  let host: HTMLElement | undefined;
  let display = "";
  return {
    show: () => {
      if (!host) {
        host = draw(element, address, asking);
        display = element.style.display;
        element.style.display = "none";
      }
      if (host.nextSibling !== element) element.before(host);
    },
    hide: () => {
      host?.remove();
      if (host) element.style.display = display;
      host = undefined;
    },
  };
};
