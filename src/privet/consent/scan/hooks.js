// Runs before any script of a page or worker, and tells who sets what. Values are never told.
(() => {
  const binding = globalThis.__privetScan;
  if (globalThis.__privetScanned) return;
  Object.defineProperty(globalThis, "__privetScanned", { value: true });
  delete globalThis.__privetScan;
  const { now } = Date;
  const { stringify } = JSON;
  const text = String;
  const traced = console.trace.bind(console);
  const stackNow = () => {
    const { stackTraceLimit: limit, prepareStackTrace: form } = Error;
    Error.stackTraceLimit = 40;
    if (form) Error.prepareStackTrace = undefined;
    const { stack } = new Error();
    Error.stackTraceLimit = limit;
    if (form) Error.prepareStackTrace = form;
    return text(stack ?? "");
  };
  const tell = (kind, name, more = {}, stack = stackNow()) => {
    try {
      const { href: at } = location;
      const message = stringify({ kind, name: text(name), wall: now(), at, origin, stack, ...more });
      // A call without an address: the browser knows who asked for it to be made, by its own trace.
      // In a window that the page opened there is no binding either.
      if (binding && /(?:\(|at )https?:/.test(stack)) binding(message);
      else traced("__privetScan", message);
    } catch {
      // A page must never notice.
    }
  };
  /** Tells before the call; what the call does and returns stays as it was. */
  const around = (owner, key, before) => {
    const method = owner?.[key];
    if (typeof method !== "function") return;
    const wrapped = {
      [key](...given) {
        try {
          before(this, given);
        } catch {
          // As above.
        }
        return Reflect.apply(method, this, given);
      },
    }[key];
    Object.defineProperty(owner, key, { ...Object.getOwnPropertyDescriptor(owner, key), value: wrapped });
  };

  const cookie = globalThis.Document && Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  if (cookie)
    Object.defineProperty(Document.prototype, "cookie", {
      ...cookie,
      set(line) {
        // The value goes no further than this; its attributes do.
        const [pair, ...rest] = text(line).split(";");
        const name = pair.includes("=") ? pair.slice(0, pair.indexOf("=")) : "";
        const given = { line: [`${name}=_`, ...rest].join(";"), by: "script" };
        // A window may set the cookie of another one's document.
        tell("cookie", name.trim(), { ...given, origin: this.defaultView?.origin ?? origin });
        cookie.set.call(this, line);
      },
    });
  around(globalThis.CookieStore?.prototype, "set", (_, [first, value]) => {
    const given = typeof first === "object" ? first : { name: first, value };
    const { name, domain, path, expires, partitioned } = given;
    tell("cookie", name, { domain, path, expires: expires == null ? null : Number(expires), partitioned, by: "cookie_store" });
  });

  // `localStorage.x = 1` calls no method, so the whole area is watched.
  const reals = new WeakMap();
  const kinds = new WeakMap();
  for (const [area, kind] of [["localStorage", "local_storage"], ["sessionStorage", "session_storage"]]) {
    const found = globalThis.window && Object.getOwnPropertyDescriptor(window, area);
    if (!found?.get) continue;
    let watched;
    const watch = (real) => {
      kinds.set(real, kind);
      watched = new Proxy(real, {
        get: (of, key) => Reflect.get(of, key, of),
        set: (of, key, value) => {
          tell(kind, key);
          return Reflect.set(of, key, value, of);
        },
        defineProperty: (of, key, how) => {
          tell(kind, key);
          return Reflect.defineProperty(of, key, how);
        },
      });
      reals.set(watched, real);
    };
    Object.defineProperty(window, area, {
      ...found,
      get() {
        const real = found.get.call(window);
        if (!watched) watch(real);
        return watched;
      },
    });
  }
  for (const key of globalThis.Storage ? ["setItem", "getItem", "removeItem", "clear", "key"] : []) {
    const method = Storage.prototype[key];
    Storage.prototype[key] = function (...given) {
      const real = reals.get(this) ?? this;
      if (key === "setItem" && given.length > 1) tell(kinds.get(real) ?? "local_storage", given[0]);
      return method.apply(real, given);
    };
  }

  around(globalThis.IDBFactory?.prototype, "open", (_, [name]) => tell("indexed_db", name));
  around(globalThis.CacheStorage?.prototype, "open", (_, [name]) => tell("cache", name));
  around(globalThis.StorageManager?.prototype, "getDirectory", () => tell("file_system", "/"));
  around(globalThis.ServiceWorkerContainer?.prototype, "register", (_, [url]) =>
    tell("service_worker", new URL(url, location.href).pathname),
  );
  const servers = (how) => {
    for (const { urls } of how?.iceServers ?? [])
      for (const url of [urls].flat()) tell("web_rtc", url, { url: text(url) });
  };
  around(globalThis.RTCPeerConnection?.prototype, "setConfiguration", (_, [how]) => servers(how));
  if (globalThis.RTCPeerConnection)
    globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
      construct(of, given, as) {
        servers(given[0]);
        return Reflect.construct(of, given, as === globalThis.RTCPeerConnection ? of : as);
      },
    });
  for (const [owner, key] of [
    [globalThis.Document?.prototype, "browsingTopics"],
    [globalThis.Navigator?.prototype, "joinAdInterestGroup"],
    [globalThis.Navigator?.prototype, "runAdAuction"],
    [globalThis.SharedStorage?.prototype, "set"],
    [globalThis.SharedStorage?.prototype, "append"],
  ])
    around(owner, key, () => tell("advertising_api", key));

  // The browser does not say which script is behind these, so that is told beside the request.
  const cause = (url, maker = "") =>
    tell("cause", "", { url: new URL(url, document.baseURI).href.split("#")[0], maker });
  for (const maker of ["EventSource", "Audio", "Worker", "SharedWorker"])
    if (globalThis[maker] && globalThis.window) {
      const made = new Proxy(globalThis[maker], {
        construct(of, given, as) {
          try {
            cause(given[0], maker);
          } catch {
            // An address that is none: the maker says so itself.
          }
          return Reflect.construct(of, given, as === made ? of : as);
        },
      });
      Object.defineProperty(globalThis, maker, { ...Object.getOwnPropertyDescriptor(globalThis, maker), value: made });
    }
  if (!globalThis.window) return;
  around(globalThis.Worklet?.prototype, "addModule", (_, [url]) => cause(url));
  around(globalThis, "fetchLater", (_, [asked]) => cause(asked.url ?? asked));
  for (const owner of [HTMLMediaElement.prototype, HTMLSourceElement.prototype]) {
    const source = Object.getOwnPropertyDescriptor(owner, "src");
    Object.defineProperty(owner, "src", {
      ...source,
      set(url) {
        try {
          cause(url);
        } catch {
          // As above.
        }
        source.set.call(this, url);
      },
    });
  }
  for (const key of ["submit", "requestSubmit"])
    around(HTMLFormElement.prototype, key, (form) => cause(form.action));
  const named = Object.getOwnPropertyDescriptor(window, "name");
  if (named?.set)
    Object.defineProperty(window, "name", {
      ...named,
      set(value) {
        if (text(value)) tell("window_name", "window.name");
        named.set.call(window, value);
      },
    });
  /** Whether a state could tell one visitor from another: some text or number of 8 characters. */
  const identifies = (value, depth = 0) =>
    depth < 4 && value != null && (typeof value === "object"
      ? Object.values(value).some((one) => identifies(one, depth + 1))
      : typeof value !== "boolean" && /[0-9]/.test(text(value)) && text(value).length > 7);
  for (const key of ["pushState", "replaceState"])
    around(History.prototype, key, (_, [state]) => {
      if (identifies(state)) tell("history_state", "history.state");
    });
  for (const key of ["updateCurrentEntry", "navigate"])
    around(globalThis.Navigation?.prototype, key, (_, given) => {
      if (identifies(given.at(-1)?.state)) tell("history_state", "navigation.state");
    });

  // A warmed-up connection makes no request, so the elements that ask for one are watched.
  const makers = new WeakMap();
  for (const key of ["createElement", "createElementNS"]) {
    const make = Document.prototype[key];
    Document.prototype[key] = function (...given) {
      const made = make.apply(this, given);
      if (made.localName === "link") makers.set(made, stackNow());
      return made;
    };
  }
  const told = new WeakSet();
  const look = (element) => {
    if (element.localName !== "link" || told.has(element)) return;
    if (!element.rel || !element.href) return;
    const stack = makers.get(element) ?? "";
    if (!/\b(preconnect|dns-prefetch)\b/i.test(element.rel)) {
      if (stack) tell("cause", "", { url: element.href }, stack);
      return;
    }
    told.add(element);
    tell("preconnect", new URL(element.href).hostname, { url: element.href, by: stack ? "script" : "markup" }, stack);
  };
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target.nodeType === 1) look(target);
      for (const node of addedNodes)
        if (node.nodeType === 1) [node, ...node.querySelectorAll("link")].forEach(look);
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["rel", "href"] });
})();
