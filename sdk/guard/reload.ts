/** Loads the page anew, once, when a script has run that can be ended in no other way. */

/** A mark that a reload leaves for the page that comes after it. */
export const MARK = "privet_reload";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;
/** How long a decision takes to be stored where this page cannot see that it is. */
const UNSEEN_MS = 3000;

export interface Around {
  storage: Storage | undefined;
  /** Whether this page came from a reload at all. */
  wasReloaded: boolean;
  reload(): void;
  /** What the cookie of the decision says; undefined where this page cannot read it. */
  stored(): number | undefined;
  wait(milliseconds: number): Promise<unknown>;
}

export interface Reloading {
  /** Somebody said yes on this page to something that was off. */
  granted(): void;
  /**
   * Waits until what is stored is against what has run here, then reloads; whether it did.
   * Before that the next page would start it again.
   */
  ask(isAgainst: (choices: number | undefined) => boolean): Promise<boolean>;
}

/**
 * A page that came from our own reload reloads again only after a new yes: two sources that
 * contradict each other about what is decided must not make a loop.
 */
export const createReloading = (around: Around): Reloading => {
  const { storage } = around;
  // Without a storage for the mark any reload counts as ours.
  let mayReload = storage ? !storage.getItem(MARK) : !around.wasReloaded;
  let isAsked = false;
  storage?.removeItem(MARK);

  /** The next page asks the cookie, or the server that sets it: so it has to be there first. */
  const untilStored = async (isAgainst: (choices: number | undefined) => boolean): Promise<boolean> => {
    if (around.stored() === undefined) return around.wait(UNSEEN_MS).then(() => true);
    for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
      if (isAgainst(around.stored())) return true;
      await around.wait(PAUSE_MS);
    }
    return false;
  };

  return {
    granted: () => {
      mayReload = true;
    },
    ask: async (isAgainst) => {
      if (!mayReload || isAsked) return false;
      isAsked = true;
      const isStored = await untilStored(isAgainst);
      isAsked = false;
      if (!isStored) return false;
      mayReload = false;
      try {
        storage?.setItem(MARK, "1");
      } catch {
        return false; // Without the mark it could be a loop.
      }
      around.reload();
      return true;
    },
  };
};
