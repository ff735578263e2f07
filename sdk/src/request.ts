/** A request to Privet or to the platform that never throws and never waits for ever. */

export const request = (address: string, how?: RequestInit): Promise<Response | undefined> =>
  fetch(address, {
    credentials: "include",
    signal: AbortSignal.timeout(10_000),
    ...how,
  }).catch(() => undefined);
