// Tells that a page was opened, where nothing else may be told: the collector adds it to a number
// and forgets it. It keeps nothing on the device and reads nothing there but the decision itself.
(() => {
  const script = document.currentScript;
  const endpoint = new URL("/t/events", script.src);
  const OBSERVING = ["performance", "functionality", "targeting", "sale_sharing", "research"];

  const isObserved = () => {
    const choices = window.privet?.choices();
    // Without the other script nobody knows what was decided, so nothing is told.
    return !choices || OBSERVING.some((name) => choices[name]);
  };

  const newId = () => {
    const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) =>
      (byte + 256).toString(16).slice(1),
    ).join("");
    return (Date.now().toString(16).padStart(12, "0") + random).replace(
      /^(.{8})(.{4}).(.{3}).(.{3})/,
      "$1-$2-7$3-8$4-",
    );
  };

  let waits = true;
  const tell = () => {
    if (!waits || isObserved()) return;
    waits = false;
    const view = { id: newId(), name: "page_view", time: Date.now(), page: location.pathname };
    navigator.sendBeacon(endpoint, JSON.stringify({ site: script.dataset.site, events: [view] }));
  };

  // Who is signed in, and what they decided, is known some moments after the page is there.
  setTimeout(tell, 5000);
  addEventListener("pagehide", tell);
})();
