/** What the server puts before this script: the same for everybody who asks for it. */

export type Kind = "cookie" | "local_storage" | "session_storage" | "indexed_db" | "cache";

/** A registered thing of the first party, the most exact names first. */
export type Known = [category: string, kind: Kind, name: string];

export interface Given {
  known: Known[];
  /** Google's names of storage, by category. */
  mode: Record<string, string[]>;
}
