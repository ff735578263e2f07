/** The words of the stand-in: a language is a file in `words/`. */

export type Words = Record<
  "lang" | "title" | "body" | "once" | "choices" | "and" | "performance" | "functionality" | "targeting",
  string
>;

/** All files of `words/`, by language; the build puts them here. */
declare const WORDS: Record<string, Words>;

/** The words in a language such as `es-MX`; in English if there is no file of it. */
export const wordsIn = (language: string): Words => {
  const short = language.slice(0, 2).toLowerCase();
  return (Object.hasOwn(WORDS, short) ? WORDS[short] : WORDS.en) as Words;
};

/** The sentence with its blanks filled. */
export const filled = (sentence: string, blanks: Record<string, string>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => blanks[name] ?? "");
