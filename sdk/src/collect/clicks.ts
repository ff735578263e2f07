/** Links followed and controls used, by one listener each on the document. */

import type { Recorder } from "../event.ts";
import { listen } from "../listen.ts";
import { place } from "../scrub.ts";
import { adOf, attribute, objectOf, originOf, partOf, wordsOf } from "./elements.ts";

const BUTTONS =
  "button,summary,[type=submit],[type=button],[role=button],[role=tab],[role^=menuitem]";

export const watchClicks = (record: Recorder, signal: AbortSignal): void => {
  const recordLink = (link: Element): void =>
    record(
      "link_click",
      {
        target: place(attribute(link, "href")),
        text: wordsOf(link),
        place: partOf(link),
        rel: attribute(link, "rel"),
      },
      { object: objectOf(link) },
    );

  const recordControl = (control: Element): void =>
    record(
      "control_use",
      {
        control:
          attribute(control, "data-privet-control") ||
          control.id ||
          attribute(control, "name") ||
          (control.matches(BUTTONS) ? wordsOf(control) : attribute(control, "aria-label")),
        role: attribute(control, "role") || attribute(control, "type") || control.localName,
        place: partOf(control),
      },
      { object: objectOf(control) },
    );

  const clicked = (event: MouseEvent): void => {
    const from = originOf(event);
    // The middle button (1) opens links; the others open menus.
    if (!from || event.button > 1) return;
    const ad = from.closest("[data-privet-ad]");
    if (ad) record("ad_click", adOf(ad));
    const link = from.closest("a[href],area[href]");
    if (link) return recordLink(link);
    const control = from.closest(BUTTONS);
    if (control && !event.button) recordControl(control);
  };
  const changed = (event: globalThis.Event): void => {
    const from = originOf(event);
    if (from) recordControl(from);
  };
  listen(document, "click auxclick", clicked, signal);
  listen(document, "change", changed, signal);
};
