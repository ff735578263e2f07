/* Draws each chart from the JSON beside it, in the page's colours; the table below says the same. */

(() => {
  "use strict";

  const { kinds, colours } = window.privetCharts;
  const world = document.currentScript.dataset.world;
  const drawn = new Map();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const print = matchMedia("print");

  const options = (data, element) => {
    const c = colours();
    return {
      /* A picture is there at once, also while a window is drawn wider or a page is printed. */
      animation: false,
      textStyle: { fontFamily: c.type },
      ...kinds[data.kind](data, c, element.clientWidth, element.clientHeight),
    };
  };

  const needsWorld = (data) => data.kind === "map" && !echarts.getMap("world");

  const loadWorld = async () => {
    const answer = await fetch(world);
    echarts.registerMap("world", await answer.json());
  };

  /* The place was kept by the page, as high as the picture will be: nothing moves. */
  const draw = async (element) => {
    const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    if (needsWorld(data)) await loadWorld();
    element.style.height = `${element.clientHeight}px`;
    element.style.minWidth = `${kinds[data.kind].least?.(data) ?? 0}px`;
    const chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(options(data, element));
    drawn.set(element, { chart, data });
    new ResizeObserver(() => fit(element)).observe(element);
  };

  const paint = (element) => {
    const { chart, data } = drawn.get(element);
    chart.setOption(options(data, element), { notMerge: true });
  };

  /* An observer speaks once at its beginning, when there is nothing new. */
  const fit = (element) => {
    const { chart } = drawn.get(element);
    if (chart.getWidth() === element.clientWidth) return;
    chart.resize();
    paint(element);
  };

  const redraw = () => drawn.forEach((_, element) => paint(element));

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);

  /* Texts are measured once, so the type has to be there before. */
  document.fonts.load(`14px ${colours().type}`).then(drawAll, drawAll);
  dark.addEventListener("change", redraw);
  print.addEventListener("change", redraw);
})();
