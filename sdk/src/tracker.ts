/** Starts and stops everything that collects, by what the learner has decided. */

import { FUNCTIONALITY, OBSERVING, PERFORMANCE, TARGETING, permits } from "./choices.ts";
import { watchClicks } from "./collect/clicks.ts";
import { watchErrors } from "./collect/errors.ts";
import { currentPage, watchPages } from "./collect/pages.ts";
import { watchSightings } from "./collect/sightings.ts";
import { watchTiming } from "./collect/timing.ts";
import { watchVideos } from "./collect/videos.ts";
import type { Data, Recorder } from "./event.ts";
import { type Identity } from "./identity.ts";
import { randomBytes, uuid7 } from "./ids.ts";
import { listen, onLeaving } from "./listen.ts";
import { KEY as QUEUE_KEY, createQueue, type Reply } from "./queue.ts";
import { request } from "./request.ts";
import { tidied } from "./scrub.ts";
import { KEY as SESSION_KEY, createSession } from "./session.ts";
import { storageOf } from "./storage.ts";

/** Names that the catalogue lists; any other is a label of the event `custom`. */
const LISTED =
  /^(\w+_(video|transcript)|edx\.video.+|experiment_seen|ad_\w+)$/;

/** What lets anything at all be collected. */
const COLLECTING = OBSERVING | TARGETING;

export interface Tracker {
  /** The choices have changed: stops what they no longer allow at once, starts what they allow. */
  obey(bits: number): void;
  track(name: string, data?: Data): void;
  /** The learner changes: what waits is sent as the one before, and a new visit begins. */
  handOver(token: string): void;
}

export const createTracker = (
  base: string,
  script: DOMStringMap,
  identity: Identity,
  confirm: () => void,
): Tracker => {
  const now = Date.now;
  const site = script.site!;
  const endpoint = `${base}/t/events`;
  let bits = 0;
  let sending = new AbortController();

  const allowed =
    (kind: "localStorage" | "sessionStorage") => (): Storage | undefined =>
      bits & PERFORMANCE ? storageOf(kind) : undefined;

  const post = async (body: string): Promise<Reply> => {
    const { signal } = sending;
    // A batch is smaller than what browsers let outlive its page.
    const answer = await request(endpoint, { method: "POST", body, keepalive: true, signal });
    return {
      status: answer?.status ?? 0,
      retryAfterSeconds: Number(answer?.headers.get("Retry-After")) || 0,
    };
  };

  const session = createSession(allowed("sessionStorage"), now, randomBytes);
  const queue = createQueue({
    site,
    identity,
    post,
    beacon: (body) => navigator.onLine && navigator.sendBeacon(endpoint, body),
    storage: allowed("localStorage"),
    now,
    random: randomBytes,
  });

  const record: Recorder = (name, data, about = {}) => {
    confirm();
    // A visitor has a number with performance only: without one nothing could be stored.
    if (!permits(identity.held() || bits & PERFORMANCE ? bits : 0, name)) return;
    const time = about.time ?? now();
    queue.add({
      page: currentPage(),
      ...about,
      id: uuid7(time, randomBytes),
      name,
      time,
      session: session.id(),
      course: script.course ?? "",
      institution: script.institution ?? "",
      data: tidied(data),
    });
  };

  const watchers: [needed: number, watch: (signal: AbortSignal) => void, runs?: AbortController][] =
    [
      [OBSERVING, (signal) => watchPages(record, signal, now, session.nextPage)],
      [OBSERVING, (signal) => watchVideos(record, signal)],
      [PERFORMANCE, (signal) => watchTiming(record, signal)],
      [PERFORMANCE, (signal) => watchErrors(record, signal)],
      [COLLECTING, (signal) => watchClicks(record, signal)],
      [COLLECTING, (signal) => watchSightings(record, signal)],
    ];

  /** Sending starts last, so that what the watchers tell on leaving is taken along. */
  const startAndStop = (): void => {
    for (const one of watchers) {
      const [needed, watch, runs] = one;
      if (bits & needed) runs ?? watch((one[2] = new AbortController()).signal);
      else {
        runs?.abort();
        delete one[2];
      }
    }
    sending.abort();
    if (!(bits & COLLECTING)) return;
    const { signal } = (sending = new AbortController());
    queue.adopt();
    onLeaving(queue.leave, signal);
    listen(window, "online", queue.flush, signal);
  };

  return {
    obey: (wanted) => {
      const withdrawn = bits & ~wanted;
      bits = wanted;
      if (withdrawn) {
        queue.clear();
        session.forget();
      }
      if (!(bits & PERFORMANCE)) {
        storageOf("localStorage")?.removeItem(QUEUE_KEY);
        storageOf("sessionStorage")?.removeItem(SESSION_KEY);
      }
      // Named here, since the file of experiments that keeps it is loaded by few pages.
      if (!(bits & FUNCTIONALITY)) storageOf("localStorage")?.removeItem("privet_chance");
      startAndStop();
    },
    track: (name, data = {}) => {
      if (LISTED.test(name)) record(name, data);
      else record("custom", { label: name, value: Number(data.value) });
    },
    handOver: (token) => {
      queue.seal();
      identity.assume(token);
      session.forget();
      if (bits & COLLECTING) void queue.flush();
    },
  };
};
