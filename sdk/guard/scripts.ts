/** Makes a script of its placeholder, one after the other, under a strict content security policy. */

interface Policy {
  createScript(text: string): string;
  createScriptURL(address: string): string;
}

declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  }
}

/** Not copied: what belongs to the placeholder. */
const OWN = /^(type|src|nonce|id|async|data-(src|type|privet(-.*)?))$/;

const same = (text: string): string => text;

const makePolicy = (): Policy => {
  const plain = { createScript: same, createScriptURL: same };
  try {
    return window.trustedTypes?.createPolicy("privet-guard", plain) ?? plain;
  } catch {
    console.warn("privet: the policy trusted-types of this page does not name privet-guard");
    return plain;
  }
};

/** The address if it leads to a page or file of the web; never `javascript:` or `data:`. */
export const webAddress = (said: string): string => {
  try {
    const { protocol, href } = new URL(said, document.baseURI);
    return /^https?:$/.test(protocol) ? href : "";
  } catch {
    return "";
  }
};

export interface Scripts {
  /** Runs a placeholder after those before it, unless `wanted` says no by then. */
  run(placeholder: HTMLElement, wanted: () => boolean, ran: (live: HTMLElement) => void): void;
}

/**
 * `nonce` is that of this script. Where there is one, a placeholder needs the same: otherwise markup
 * that somebody smuggled into the page would be run with this script's trust.
 */
export const createScripts = (nonce: string): Scripts => {
  let policy: Policy | undefined;
  let line = Promise.resolve();

  const make = (placeholder: HTMLElement, address: string): HTMLScriptElement => {
    policy ??= makePolicy();
    const live = document.createElement("script");
    for (const { name, value } of placeholder.attributes)
      if (!OWN.test(name)) live.setAttribute(name, value);
    const { type } = placeholder.dataset;
    if (type) live.type = type;
    live.async = placeholder.hasAttribute("async");
    if (nonce) live.nonce = nonce;
    if (address) live.src = policy.createScriptURL(address);
    else live.text = policy.createScript(placeholder.textContent ?? "");
    return live;
  };

  const start = async (placeholder: HTMLElement, ran: (live: HTMLElement) => void): Promise<void> => {
    const said = placeholder.dataset.src ?? placeholder.getAttribute("src");
    const address = said === null ? "" : webAddress(said);
    if (said !== null && !address) return console.warn("privet: no address of the web in data-src");
    if (nonce && placeholder.nonce !== nonce)
      return console.warn("privet: a script that waits lacks the nonce of this page");
    const live = make(placeholder, address);
    // A library may look for its own element by its id, and two of one id there are not.
    if (placeholder.id) live.id = placeholder.id;
    placeholder.removeAttribute("id");
    const loaded = new Promise<unknown>((go) => {
      live.onload = live.onerror = go;
    });
    placeholder.after(live);
    ran(live);
    // An inline script has run by now; one of the web holds those after it back, as in a page.
    if (address && !live.async) await loaded;
  };

  return {
    run: (placeholder, wanted, ran) => {
      line = line
        .then(() => (wanted() ? start(placeholder, ran) : undefined))
        .catch((error: unknown) => console.warn("privet: a script could not be started", error));
    },
  };
};
