/** What the server puts before this script: the same for everybody who asks for it. */

export type Kind = "cookie" | "local_storage" | "session_storage" | "indexed_db" | "cache";

/** A registered thing of the first party, the most exact names first. */
export type Known = [category: string, kind: Kind, name: string, ...more: unknown[]];

/** What may be kept in a course: the platform's, and (`true`) the member's. */
export type KnownInCourse = [...Known, isMembers: boolean];

/** The course of a member whose page it is. */
export interface Course {
  institution: string;
  course: string;
  known: KnownInCourse[];
}

export interface Given {
  known: Known[];
  /** Google's names of storage, by category. */
  mode: Record<string, string[]>;
  /** None where the page is of no course. */
  course?: Course;
}
