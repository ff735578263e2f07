/** Advertisements and experiments that came into sight: half of it, for a second. */

import type { Recorder } from "../event.ts";
import { adOf, declared, ignored } from "./elements.ts";

const MARKED = "[data-privet-ad],[data-privet-experiment]";
const SEEN_MS = 1000;

export const watchSightings = (record: Recorder, signal: AbortSignal): void => {
  const watched = new WeakSet<Element>();
  const waiting = new Map<Element, ReturnType<typeof setTimeout>>();

  const saw = (element: Element): void => {
    if (signal.aborted) return;
    sight.unobserve(element);
    const ad = adOf(element);
    if (ad.ad) record("ad_seen", ad);
    else record("experiment_seen", declared(element, "experiment", "variant"));
  };
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(waiting.get(target));
        if (isIntersecting) waiting.set(target, setTimeout(saw, SEEN_MS, target));
      }
    },
    { threshold: 0.5 },
  );
  const look = (): void => {
    for (const element of document.querySelectorAll<HTMLElement>(MARKED)) {
      if (watched.has(element) || ignored(element)) continue;
      watched.add(element);
      sight.observe(element);
    }
  };
  const growth = new MutationObserver(look);
  growth.observe(document, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    growth.disconnect();
    sight.disconnect();
  });
  look();
};
