/* Draws each chart from the JSON beside it, in the page's colours; the table below says the same. */

(() => {
  "use strict";

  const world = document.currentScript.dataset.world;
  const drawn = new Map();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const TOUCH = 12;

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const colours = () =>
    Object.fromEntries(
      ["ink", "muted", "line", "surface", "hedge", "tint", "paper"].map((name) => [
        name,
        colour(name),
      ]),
    );

  const type = (c, size = 13) => ({
    color: c.muted,
    fontFamily: colour("type"),
    fontSize: size,
  });

  const escapeHtml = (text) =>
    String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

  const numbers = (language) => {
    const format = new Intl.NumberFormat(language);
    return (value) => (value == null ? "–" : format.format(value));
  };

  const tooltip = (c, say) => ({
    trigger: "axis",
    backgroundColor: c.surface,
    borderColor: c.line,
    textStyle: { ...type(c, 14), color: c.ink },
    valueFormatter: say,
    axisPointer: { lineStyle: { color: c.muted }, shadowStyle: { color: c.tint, opacity: 0.5 } },
  });

  const line = (data, c) => {
    const say = numbers(data.language);
    const few = data.labels.length < 2;
    const named = data.series.length > 1;
    return {
      grid: { left: 4, right: named ? 96 : 20, top: 16, bottom: 4, containLabel: true },
      tooltip: tooltip(c, say),
      xAxis: {
        type: "category",
        data: data.labels,
        boundaryGap: few,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...type(c), hideOverlap: true, margin: 12, alignMinLabel: "left" },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        splitNumber: 4,
        axisLabel: { ...type(c), formatter: say },
        splitLine: { lineStyle: { color: c.line } },
      },
      series: data.series.map((one) => ({
        type: "line",
        name: one.name,
        data: one.values,
        symbol: "circle",
        symbolSize: 6,
        showSymbol: few,
        lineStyle: {
          width: one.earlier ? 1.5 : 2.5,
          type: one.earlier ? [4, 4] : "solid",
          color: one.earlier ? c.muted : c.hedge,
        },
        itemStyle: { color: one.earlier ? c.muted : c.hedge },
        z: one.earlier ? 1 : 2,
        endLabel: {
          show: named,
          formatter: "{a}",
          ...type(c),
          color: one.earlier ? c.muted : c.hedge,
          width: 84,
          overflow: "break",
        },
        labelLayout: { moveOverlap: "shiftY" },
      })),
    };
  };

  const bars = (data, c) => {
    const say = numbers(data.language);
    const rows = data.labels.map((label, index) => [label, index]).reverse();
    return {
      grid: { left: 4, right: 64, top: 4, bottom: 4, containLabel: true },
      tooltip: { ...tooltip(c, say), axisPointer: { type: "none" } },
      xAxis: { type: "value", show: false },
      yAxis: {
        type: "category",
        data: rows.map(([label]) => label),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...type(c, 14), color: c.ink, width: 150, overflow: "truncate" },
      },
      series: data.series.map((one) => ({
        type: "bar",
        name: one.name,
        data: rows.map(([, index]) => one.values[index]),
        barMaxWidth: 18,
        barMinHeight: 2,
        itemStyle: { color: c.hedge, borderRadius: 3 },
        label: {
          show: true,
          position: "right",
          formatter: ({ value }) => say(value),
          ...type(c, 14),
          color: c.ink,
        },
      })),
    };
  };

  const map = (data, c) => {
    const say = numbers(data.language);
    const [one] = data.series;
    const points = data.codes.map((code, index) => ({
      name: code,
      value: one.values[index],
      words: data.labels[index],
    }));
    return {
      tooltip: {
        ...tooltip(c, say),
        trigger: "item",
        formatter: ({ data: point }) =>
          point ? `${escapeHtml(point.words)}: <b>${say(point.value)}</b> ${escapeHtml(one.name)}` : "",
      },
      visualMap: {
        show: false,
        min: 0,
        max: Math.max(1, ...one.values),
        inRange: { color: [c.tint, c.hedge] },
      },
      series: [
        {
          type: "map",
          name: one.name,
          map: "world",
          nameProperty: "number",
          data: points.filter((point) => point.name),
          left: 0,
          right: 0,
          top: 0,
          bottom: 0,
          label: { show: false },
          itemStyle: { areaColor: c.paper, borderColor: c.line, borderWidth: 0.75 },
          emphasis: { label: { show: false }, itemStyle: { areaColor: c.hedge } },
          select: { disabled: true },
        },
      ],
    };
  };

  const kinds = { line, bars, map };

  const options = (data) => ({
    animation: !still.matches,
    animationDuration: 300,
    textStyle: { fontFamily: colour("type") },
    ...kinds[data.kind](data, colours()),
  });

  const needsWorld = (data) => data.kind === "map" && !echarts.getMap("world");

  const loadWorld = async () => {
    const answer = await fetch(world);
    echarts.registerMap("world", await answer.json());
  };

  const draw = async (element) => {
    const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    if (needsWorld(data)) await loadWorld();
    if (data.kind === "bars") element.style.height = `${data.labels.length * 34 + TOUCH}px`;
    const chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(options(data));
    drawn.set(element, { chart, data });
    new ResizeObserver(() => chart.resize()).observe(element);
  };

  const redraw = () =>
    drawn.forEach(({ chart, data }) => chart.setOption(options(data), { notMerge: true }));

  document.querySelectorAll("[data-chart]").forEach(draw);
  dark.addEventListener("change", redraw);
  document.fonts.ready.then(redraw);
})();
