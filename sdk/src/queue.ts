/** Events on their way: bounded, frozen into batches, tried again, and gone on withdrawal. */

import type { Event } from "./event.ts";
import { claimsOf, endsAt, type Identity } from "./identity.ts";
import { hex, type Randomness } from "./ids.ts";

/** At most so many batches wait, of so many events and bytes each: 360 events, 480 kB. */
const BATCHES = 12;
const BATCH_EVENTS = 30;
/** Browsers hold all beacons and keepalive requests of a page together to 64 KiB. */
const BATCH_BYTES = 40_000;
const FLUSH_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5 * 60_000;
export const KEY = "privet_queue";

export interface Batch {
  token: string;
  events: Event[];
}

/** What the collector answered; a status of 0 means that it could not be reached. */
export interface Reply {
  status: number;
  retryAfterSeconds: number;
}

export interface Surroundings {
  site: string;
  identity: Identity;
  post(body: string): Promise<Reply>;
  /** Hands a body over while the page goes away; false when the browser refuses it. */
  beacon(body: string): boolean;
  /** The device's storage, or undefined as long as it must not be written to. */
  storage(): Storage | undefined;
  now(): number;
  random: Randomness;
}

export interface Queue {
  add(event: Event): void;
  /** Closes what waits under the token of now, since the learner is about to change. */
  seal(): void;
  flush(): Promise<void>;
  /** The page goes: hands over what can be, and keeps the rest if that is allowed. */
  leave(): void;
  /** Takes over what earlier pages could not send. */
  adopt(): void;
  /** Withdrawal: nothing waits any more. The storage's item is removed by who knows of it. */
  clear(): void;
}

/** Each tab keeps its batches under a number of its own, all in one item. */
type Kept = Record<string, Batch[]>;

const keptIn = (storage: Storage | undefined): Kept => {
  try {
    // Without a storage there is no JSON, which ends below.
    return (JSON.parse(storage?.getItem(KEY)!) ?? {}) as Kept;
  } catch {
    return {};
  }
};

export const createQueue = (around: Surroundings): Queue => {
  const { site, identity, now } = around;
  let pending: Event[] = [];
  let batches: Batch[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let busy = false;
  let mine = "";
  /** Counts withdrawals, so that an answer that comes after one changes nothing. */
  let era = 0;

  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  };

  const freeze = (token: string): void => {
    let events: Event[] = [];
    let bytes = BATCH_BYTES;
    for (const event of pending) {
      const size = JSON.stringify(event).length;
      if (bytes + size > BATCH_BYTES || events.length >= BATCH_EVENTS) {
        batches.push({ token, events: (events = []) });
        bytes = 0;
      }
      events.push(event);
      bytes += size;
    }
    pending = [];
    bound();
  };

  /** Drops the oldest first: what happened last is what the course team can still use. */
  const bound = (): void => void batches.splice(0, batches.length - BATCHES);

  const keep = (): void => {
    const storage = around.storage();
    if (!storage || !(mine || batches.length)) return;
    mine ||= hex(around.random(4));
    const kept = keptIn(storage);
    kept[mine] = batches;
    try {
      storage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // A full storage keeps nothing: the batches stay in memory.
    }
  };

  /** The same learner's newer token, once the batch's own has run out; undefined for another's. */
  const usable = (token: string): string | undefined =>
    !token || endsAt(token) > now()
      ? token
      : claimsOf(identity.held()).sub === claimsOf(token).sub
        ? identity.held()
        : undefined;

  const bodyOf = (batch: Batch): string | undefined => {
    const token = usable(batch.token);
    if (token === undefined) return;
    return JSON.stringify({ site, token, sent: now(), events: batch.events });
  };

  /** Whether the next batch may follow at once. */
  const sendFirst = async (): Promise<boolean> => {
    const batch = batches[0];
    if (!batch) return false;
    const body = bodyOf(batch);
    const started = era;
    const { status, retryAfterSeconds } = body
      ? await around.post(body)
      : { status: identity.unsure() ? 0 : 400, retryAfterSeconds: 0 };
    if (started !== era) return false;
    if (status && status < 500 && status !== 429) {
      failures = 0;
      batches = batches.filter((other) => other !== batch);
      return true;
    }
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
    later(Math.max(retryAfterSeconds * 1000, pause * (0.5 + around.random(1)[0]! / 512)));
    return false;
  };

  const flush = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    timer = undefined;
    const started = era;
    const token = await identity.fresh();
    if (started === era) {
      freeze(token);
      while (await sendFirst());
      if (started === era) keep();
    }
    busy = false;
    if (pending.length && !timer) later(FLUSH_MS);
  };

  return {
    flush,
    add: (event) => {
      pending.push(event);
      if (pending.length > BATCHES * BATCH_EVENTS) pending.shift();
      if (pending.length >= BATCH_EVENTS && !failures) void flush();
      else if (!timer && !busy) later(FLUSH_MS);
    },
    seal: () => freeze(identity.held()),
    leave: () => {
      freeze(identity.held());
      batches = batches.filter((batch) => {
        const body = bodyOf(batch);
        return body === undefined ? identity.unsure() : !around.beacon(body);
      });
      keep();
    },
    adopt: () => {
      const storage = around.storage();
      batches.push(...Object.values(keptIn(storage)).flat().filter((batch) => batch?.events));
      storage?.removeItem(KEY);
      bound();
      if (batches.length) later(0);
    },
    clear: () => {
      era++;
      failures = 0;
      pending = [];
      batches = [];
      clearTimeout(timer);
      timer = undefined;
    },
  };
};
