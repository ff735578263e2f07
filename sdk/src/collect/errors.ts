/** What failed on the page: kinds, places and function names, never what was typed. */

import type { Recorder } from "../event.ts";
import { listen } from "../listen.ts";
import { functionNames, place, scrubbed } from "../scrub.ts";

const MAX_ERRORS = 9;

/** What stands in the page's fields now, so that it can be taken out of a message. */
const typedValues = (): string[] =>
  Array.from(
    document.querySelectorAll<HTMLInputElement>("input:not([type=hidden]),textarea"),
    (field) => field.value,
  );

export const watchErrors = (record: Recorder, signal: AbortSignal): void => {
  const seen = new Set<string>();

  const report = (error: unknown, script = "", line?: number, column?: number): void => {
    const known = error instanceof Error;
    // A thing thrown that is no error may be anything, so only its type is told.
    const message = known
      ? `${error.name}: ${scrubbed(error.message, typedValues())}`
      : typeof error;
    if (seen.size >= MAX_ERRORS || seen.has(message)) return;
    seen.add(message);
    record("page_error", {
      message,
      script: script && place(script),
      line,
      column,
      stack: known ? functionNames(error.stack) : "",
    });
  };

  const failed = ({ error, filename, lineno, colno }: ErrorEvent): void => {
    // Without an error it is another site's script, of which the browser says nothing.
    if (error) report(error, filename, lineno, colno);
  };
  listen(window, "error", failed, signal);
  listen<PromiseRejectionEvent>(window, "unhandledrejection", (e) => report(e.reason), signal);
};
