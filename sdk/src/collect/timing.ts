/** How fast the page was: the measures of web performance, sent once, when it is first hidden. */

import type { Recorder } from "../event.ts";
import { onLeaving } from "../listen.ts";
import { currentPage } from "./pages.ts";

/** Of which kind the browser measures what; each kind has some of these. */
interface Entry extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  interactionId: number;
  responseStart: number;
  loadEventEnd: number;
}

export const watchTiming = (record: Recorder, signal: AbortSignal): void => {
  const page = currentPage();
  const found: Record<string, number> = {};
  let firstShift = 0;
  let lastShift = 0;
  let shifts = 0;
  let sent = false;

  const takes: Record<string, (entry: Entry) => void> = {
    navigation: ({ responseStart, loadEventEnd }) => {
      found.ttfb = responseStart;
      found.load = loadEventEnd;
    },
    paint: ({ name, startTime }) => {
      if (/^first-c/.test(name)) found.fcp = startTime;
    },
    "largest-contentful-paint": ({ startTime }) => (found.lcp = startTime),
    // Shifts less than a second apart, for at most five, count together.
    "layout-shift": ({ startTime, value, hadRecentInput }) => {
      if (hadRecentInput) return;
      if (startTime > lastShift + 1000 || startTime > firstShift + 5000) {
        firstShift = startTime;
        shifts = 0;
      }
      lastShift = startTime;
      shifts += value;
      found.cls = Math.max(found.cls ?? 0, shifts);
    },
    event: ({ interactionId, duration }) => {
      if (interactionId) found.inp = Math.max(found.inp ?? 0, duration);
    },
  };

  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) takes[entry.entryType]?.(entry as Entry);
  });
  for (const type of PerformanceObserver.supportedEntryTypes)
    if (takes[type])
      observer.observe({ type, buffered: true, durationThreshold: 40 } as PerformanceObserverInit);
  signal.addEventListener("abort", () => observer.disconnect());

  const send = (): void => {
    if (sent) return;
    sent = true;
    record("page_timing", found, { page });
  };
  onLeaving(send, signal);
};
