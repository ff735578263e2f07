/** What may be said about an element: its name and where it stands, never what was typed. */

import type { Data } from "../event.ts";
import { tidy } from "../scrub.ts";

export const attribute = (element: Element | null | undefined, name: string): string =>
  element?.getAttribute(name) ?? "";

/** The element an event really began at, also inside open shadow roots. */
export const originOf = (event: globalThis.Event): Element | undefined => {
  const first = event.composedPath()[0] as HTMLElement;
  return "closest" in first && !ignored(first) ? first : undefined;
};

/** Whether the page asks that nothing be recorded here, or in what holds the shadow root. */
export const ignored = (element?: HTMLElement): boolean =>
  !!element &&
  (element.isContentEditable ||
    !!element.closest("[data-privet-ignore]") ||
    ignored((element.getRootNode() as ShadowRoot).host as HTMLElement));

/** The short words of an element; those of fields are what was typed, so they are left out. */
export const wordsOf = (element: Element): string =>
  tidy(
    attribute(element, "aria-label") ||
      (element.querySelector("input,textarea,select,[data-privet-ignore]")
        ? ""
        : (element.textContent ?? "")),
    80,
  );

/** The nearest part of the page, such as `nav#menu`. */
export const partOf = (element: Element): string => {
  const part = element.parentElement?.closest(
    "nav,header,footer,main,aside,form,section,[role],[data-privet-place]",
  );
  if (!part) return "";
  const kind = attribute(part, "role") || part.localName;
  return attribute(part, "data-privet-place") || kind + (part.id && `#${part.id}`);
};

/** The block of the course that an element belongs to, as the page declares it. */
export const objectOf = (element: Element): string =>
  attribute(element.closest("[data-privet-object]"), "data-privet-object");

/** The fields of an advertisement, as the page declares it. */
export const adOf = (element: Element): Data => declared(element, "ad", "slot", "advertiser");

/** The declared values of `data-privet-<name>` for an event's fields of these names. */
export const declared = (element: Element, ...names: string[]): Data =>
  Object.fromEntries(names.map((name) => [name, attribute(element, `data-privet-${name}`)]));
