/** Clears from the device what is registered in a category that is refused. */

import { storageOf } from "../src/storage.ts";
import type { Kind, Known } from "./given.ts";

/** Whether something of that kind and name is to go. */
export type Refused = (kind: Kind, name: string) => boolean;

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** Finds the entry for something of that kind and name: the most exact one, since those come first. */
export const entriesOf = <Entry extends Known>(
  known: Entry[],
): ((kind: Kind, name: string) => Entry | undefined) => {
  const forms = known.map(
    (entry) => [entry, new RegExp(`^${entry[2].split("*").map(escaped).join("[^]*")}$`)] as const,
  );
  return (kind, name) => forms.find(([one, form]) => one[1] === kind && form.test(name))?.[0];
};

/** Of several entries the most exact counts. */
export const refusedBy = (known: Known[], isAllowed: (category: string) => boolean): Refused => {
  const entry = entriesOf(known);
  return (kind, name) => {
    const found = entry(kind, name);
    return !!found && !isAllowed(found[0]);
  };
};

/** The host itself, each domain above it, and none named. Browsers refuse the public ones. */
export const domainsOf = (host: string): string[] => {
  const parts = host.split(".");
  const isNumber = /^[\d.]+$|:/.test(host);
  return ["", ...(isNumber ? [] : parts.map((_, i) => parts.slice(i).join(".")))];
};

/** Each path on which a cookie could be seen from here. */
export const pathsOf = (path: string): string[] => {
  const found = new Set(["/"]);
  const parts = path.split("/").filter(Boolean);
  parts.forEach((_, i) => {
    const whole = `/${parts.slice(0, i + 1).join("/")}`;
    found.add(whole).add(`${whole}/`);
  });
  return [...found];
};

/** All that has to be written so that a cookie ends, wherever it was set. */
export const endings = (name: string, { hostname, pathname, protocol }: Location): string[] => {
  const secure = protocol === "https:" || /^__(Secure|Host)-/.test(name) ? ";Secure" : "";
  return pathsOf(pathname).flatMap((path) =>
    domainsOf(hostname).flatMap((domain) => {
      const written = `${name}=;Max-Age=0;Path=${path}${domain && `;Domain=${domain}`}`;
      return [`${written}${secure}`, `${written};Secure;SameSite=None;Partitioned`];
    }),
  );
};

const clearCookies = (refused: Refused, known: Known[]): void => {
  const seen = document.cookie.split("; ").map((pair) => pair.split("=")[0] ?? "");
  const named = known.flatMap(([, kind, name]) => (kind === "cookie" && !/\*/.test(name) ? [name] : []));
  for (const name of new Set([...seen, ...named]))
    if (name && refused("cookie", name))
      for (const ending of endings(name, location)) document.cookie = ending;
};

const clearStorage = (refused: Refused): void => {
  for (const [kind, name] of [["local_storage", "localStorage"], ["session_storage", "sessionStorage"]] as const) {
    const storage = storageOf(name);
    for (const key of Object.keys(storage ?? {})) if (refused(kind, key)) storage?.removeItem(key);
  }
};

const clearDatabases = async (refused: Refused, known: Known[]): Promise<void> => {
  // A browser that lists none may still know one by its name.
  const listed = (await indexedDB.databases?.())?.map(({ name }) => name ?? "");
  const named = known.filter(([, kind]) => kind === "indexed_db").map(([, , name]) => name);
  for (const name of listed ?? named) if (refused("indexed_db", name)) indexedDB.deleteDatabase(name);
};

const clearCaches = async (refused: Refused): Promise<void> => {
  for (const name of await caches.keys()) if (refused("cache", name)) await caches.delete(name);
};

/**
 * Clears what is refused; what a browser forbids to touch is left to the server's answer.
 *
 * `thoroughly`: also cookies that are not seen here, since they lie on another path.
 */
export const clear = (
  known: Known[],
  isAllowed: (category: string) => boolean,
  thoroughly: boolean,
): void => {
  const refused = refusedBy(known, isAllowed);
  const has = (kind: Kind): boolean => known.some(([category, one]) => one === kind && !isAllowed(category));
  try {
    clearCookies(refused, thoroughly ? known : []);
    clearStorage(refused);
  } catch {
    // A sandboxed page has neither.
  }
  if (has("indexed_db")) clearDatabases(refused, known).catch(() => {});
  if (has("cache")) clearCaches(refused).catch(() => {});
};
