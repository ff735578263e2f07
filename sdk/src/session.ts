/** The number of a visit: it lives in memory, and in the tab's storage only where that is allowed. */

import { hex, type Randomness } from "./ids.ts";

export const KEY = "privet_visit";
const IDLE_MS = 30 * 60_000;

export interface Session {
  /** The visit's number; a new one after half an hour of silence. */
  id(): string;
  /** The number of the next page among those of the visit; kept with the next call of `id`. */
  nextPage(): number;
  /** Forgets the visit, also in the storage if that may be touched. */
  forget(): void;
}

/** `storage` answers nothing as long as the device must not be written to. */
export const createSession = (
  storage: () => Storage | undefined,
  now: () => number,
  random: Randomness,
): Session => {
  let id = "";
  let order = 0;
  let last = 0;

  const touch = (): string => {
    const kept = id ? [] : (storage()?.getItem(KEY) ?? "").split(" ");
    if (kept[0]?.length === 16) {
      id = kept[0];
      order = Number(kept[1]);
      last = Number(kept[2]);
    }
    if (!id || now() - last > IDLE_MS) {
      id = hex(random(8));
      order = 0;
    }
    last = now();
    try {
      storage()?.setItem(KEY, `${id} ${order} ${last}`);
    } catch {
      // A full storage keeps nothing: the visit lives in memory.
    }
    return id;
  };

  return {
    id: touch,
    nextPage: () => {
      touch();
      return ++order;
    },
    forget: () => {
      id = "";
      storage()?.removeItem(KEY);
    },
  };
};
