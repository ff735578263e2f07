/* Draws each chart from the JSON beside it, in the page's colours; the table below says the same. */

(() => {
  "use strict";

  const { kinds, colours, type } = window.privetCharts;
  const world = document.currentScript.dataset.world;
  const drawn = new Map();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const options = (data, width) => {
    const c = colours();
    return {
      animation: !still.matches,
      animationDuration: 300,
      textStyle: { fontFamily: type(c).fontFamily },
      ...kinds[data.kind](data, c, width),
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
    const chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(options(data, element.clientWidth));
    drawn.set(element, { chart, data });
    new ResizeObserver(() => fit(element)).observe(element);
  };

  const paint = (element) => {
    const { chart, data } = drawn.get(element);
    chart.setOption(options(data, element.clientWidth), { notMerge: true });
  };

  const fit = (element) => {
    drawn.get(element).chart.resize();
    paint(element);
  };

  const redraw = () => drawn.forEach((_, element) => paint(element));

  document.querySelectorAll("[data-chart]").forEach(draw);
  dark.addEventListener("change", redraw);
  document.fonts.ready.then(redraw);
})();
