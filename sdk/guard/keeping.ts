/** A few named values in one item of a storage, which may be full, forbidden or overwritten. */

type Values = Map<string, unknown>;

export interface Keeping {
  get(name: string): unknown;
  /** Keeps a value; whether there was room. */
  set(name: string, value: unknown): boolean;
  remove(name: string): void;
  names(): string[];
}

const LONGEST = 200_000;

export const createKeeping = (storage: Storage | undefined, item: string): Keeping => {
  /** Whatever else stands there is nothing. */
  const read = (): Values => {
    try {
      return new Map(Object.entries(JSON.parse(storage?.getItem(item) ?? "{}") as object));
    } catch {
      return new Map();
    }
  };

  const write = (values: Values): boolean => {
    if (!storage) return false;
    try {
      const text = JSON.stringify(Object.fromEntries(values));
      if (text.length > LONGEST) return false;
      if (values.size) storage.setItem(item, text);
      else storage.removeItem(item);
      return true;
    } catch {
      return false; // The storage is full, or JSON cannot say it.
    }
  };

  /** What JSON passes over in silence would be forgotten, though it seemed to be kept. */
  const isSaid = (value: unknown): boolean =>
    !["undefined", "function", "symbol"].includes(typeof value);

  return {
    get: (name) => read().get(name),
    set: (name, value) => isSaid(value) && write(read().set(name, value)),
    remove: (name) => {
      const values = read();
      if (values.delete(name)) write(values);
    },
    names: () => [...read().keys()],
  };
};

/** A short name of a person that tells nothing of them: FNV-1a; "" for nobody. */
export const markOf = (person: string): string => {
  if (!person) return "";
  let hash = 2166136261;
  for (const sign of person) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 16777619);
  return `_${(hash >>> 0).toString(36)}`;
};
