/** A request to Privet or to the platform that never throws. */

export const request = (address: string, how?: RequestInit): Promise<Response | undefined> =>
  fetch(address, { credentials: "include", ...how }).catch(() => undefined);
