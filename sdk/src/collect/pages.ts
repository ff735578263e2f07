/** Pages seen, also where a script changes them in place, and how each was left. */

import type { Recorder } from "../event.ts";
import { listen } from "../listen.ts";
import { place } from "../scrub.ts";

/** Single-page sites set their title after the address: so long do we wait for it. */
const SETTLE_MS = 80;

export const currentPage = (): string => place(location.href);

/** How much of the page's height has been above the window's lower edge, from 0 to 1. */
const depthNow = (): number =>
  Math.min(1, (scrollY + innerHeight) / document.documentElement.scrollHeight || 1);

export const watchPages = (
  record: Recorder,
  signal: AbortSignal,
  now: () => number,
  nextPage: () => number,
): void => {
  const from = document.referrer && place(document.referrer);
  /** The origin of the other site that the visit came from, until the first page is told. */
  let outside = /^http/.test(from) ? new URL(from).origin : "";
  let previous = outside ? "" : from;
  /** The page that is open, or "" between two of them. */
  let page = "";
  let enteredAt = 0;
  /** How it was entered, until that is told. */
  let route = "";
  let visibleMs = 0;
  let visibleSince = 0;
  let depth = 0;

  const tell = (): void => {
    if (!route || signal.aborted) return;
    const by = route;
    route = "";
    record(
      "page_view",
      {
        title: document.title,
        order: nextPage(),
        previous,
        route: by,
        language: document.documentElement.lang,
        viewport_width: Math.ceil(innerWidth / 100) * 100,
      },
      {
        page,
        time: enteredAt,
        referrer: outside,
        campaign: (new URLSearchParams(location.search).get("utm_campaign") ?? "").slice(0, 100),
      },
    );
    outside = "";
  };

  const enter = (by: string): void => {
    page = currentPage();
    enteredAt = now();
    route = by;
    visibleMs = 0;
    visibleSince = document.hidden ? 0 : enteredAt;
    depth = depthNow();
    if (by === "load") tell();
    else setTimeout(tell, SETTLE_MS);
  };

  const pause = (): void => {
    if (visibleSince) visibleMs += now() - visibleSince;
    visibleSince = 0;
  };

  const leave = (): void => {
    if (!page) return;
    tell();
    pause();
    record("page_leave", { visible_seconds: visibleMs / 1000, scrolled: depth }, { page });
    previous = page;
    page = "";
  };

  const routed = (): void => {
    if (signal.aborted || !page || currentPage() === page) return;
    leave();
    enter("route");
  };

  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    // It stays after a withdrawal, since others may have wrapped it, but then does nothing.
    history[name] = (...given) => {
      original.apply(history, given);
      routed();
    };
  }
  listen(window, "popstate hashchange", routed, signal);
  listen(window, "pagehide", leave, signal);
  listen<PageTransitionEvent>(window, "pageshow", (e) => e.persisted && enter("restored"), signal);
  listen(document, "scroll", () => (depth = Math.max(depth, depthNow())), signal);
  listen(
    document,
    "visibilitychange",
    () => (document.hidden ? pause() : (visibleSince ||= now())),
    signal,
  );
  enter("load");
};
