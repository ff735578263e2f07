/** Listening that ends with a signal, before the page's own listeners can stop the event. */

export const listen = <Type extends globalThis.Event = globalThis.Event>(
  target: EventTarget,
  types: string,
  take: (event: Type) => unknown,
  signal?: AbortSignal,
): void => {
  const how = { capture: true, signal } as AddEventListenerOptions;
  for (const type of types.split(" ")) target.addEventListener(type, take as EventListener, how);
};

/** Calls when the page is put out of sight or left: the last moments in which it surely may act. */
export const onLeaving = (act: () => void, signal: AbortSignal): void => {
  listen(document, "visibilitychange", () => document.hidden && act(), signal);
  listen(window, "pagehide", act, signal);
};
