/** How long something lies in a browser, in the reader's words. */

const UNITS: Record<string, string> = {
  Y: "year",
  M: "month",
  W: "week",
  D: "day",
  H: "hour",
  S: "second",
};

/** `P1Y6M` as "1 year 6 months"; what has words of its own (`session`) in those. */
export const lasts = (lifetime: string, language: string, texts: Record<string, string>): string =>
  texts[lifetime] ??
  Array.from(lifetime.matchAll(/(\d+)(\w)/g), ([, number, unit = ""]) =>
    Number(number).toLocaleString(language, {
      style: "unit",
      unit: unit === "M" && /T/.test(lifetime) ? "minute" : UNITS[unit]!,
      unitDisplay: "long",
    }),
  ).join(" ");
