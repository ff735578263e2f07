/** The device's storages, which a browser may forbid. */

export const storageOf = (kind: "localStorage" | "sessionStorage"): Storage | undefined => {
  try {
    return window[kind];
  } catch {
    return undefined; // The browser forbids it.
  }
};
