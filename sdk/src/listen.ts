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
