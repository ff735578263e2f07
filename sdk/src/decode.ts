/** Reads the JSON in a base64url text, such as a cookie's payload or a token's claims. */

export const decoded = (text = ""): Record<string, unknown> => {
  try {
    return (JSON.parse(atob(text.replace(/-/g, "+").replace(/_/g, "/"))) ?? {}) as ReturnType<
      typeof decoded
    >;
  } catch {
    return {};
  }
};
