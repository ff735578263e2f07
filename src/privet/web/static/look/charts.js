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
      ["ink", "muted", "line", "surface", "hedge", "tint"].map((name) => [
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

  const swatch = (colour) => (colour === "muted" ? "┄" : "━");

  /* One line for each series; the stretch that is still going on is no series of its own. */
  const overTime = (data, say) => (points) => {
    const [{ axisValueLabel, dataIndex }] = points;
    const going = data.unfinished && dataIndex === data.labels.length - 1;
    const rows = data.series.map((one) => {
      const remark = going && !one.earlier ? ` (${escapeHtml(data.unfinished)})` : "";
      const mark = swatch(one.earlier ? "muted" : "hedge");
      return `${mark} ${escapeHtml(one.name)}: <b>${say(one.values[dataIndex])}</b>${remark}`;
    });
    return [escapeHtml(axisValueLabel), ...rows].join("<br>");
  };

  const stroke = (one, c) => ({
    width: one.earlier ? 1.5 : 2.5,
    type: one.earlier ? [4, 4] : "solid",
    color: one.earlier ? c.muted : c.hedge,
  });

  const curve = (one, values, c, extra) => ({
    type: "line",
    name: one.name,
    data: values,
    symbol: "circle",
    symbolSize: 6,
    showSymbol: false,
    lineStyle: stroke(one, c),
    itemStyle: { color: one.earlier ? c.muted : c.hedge },
    z: one.earlier ? 1 : 2,
    labelLayout: { moveOverlap: "shiftY" },
    ...extra,
  });

  /* The last point of the present as a hollow ring at the end of a thin dotted line. */
  const going = (one, c) => {
    const last = one.values.length - 1;
    const values = one.values.map((value, index) => (index < last - 1 ? null : value));
    return curve(one, values, c, {
      showSymbol: true,
      symbol: (_, { dataIndex }) => (dataIndex === last ? "circle" : "none"),
      symbolSize: 8,
      itemStyle: { color: c.surface, borderColor: c.hedge, borderWidth: 2 },
      lineStyle: { ...stroke(one, c), width: 1.5, type: [2, 3] },
      silent: true,
    });
  };

  const line = (data, c, width) => {
    const say = numbers(data.language);
    const isShort = data.labels.length < 3;
    const isNamed = data.series.length > 1;
    const isNarrow = width < 440;
    const cuts = (one) => data.unfinished && !one.earlier && !isShort;
    const named = (one) => ({
      show: isNamed && !isNarrow,
      formatter: "{a}",
      ...type(c),
      color: one.earlier ? c.muted : c.hedge,
      width: 76,
      overflow: "break",
    });
    return {
      grid: {
        left: 4,
        right: isNamed && !isNarrow ? 84 : 12,
        top: isNamed && isNarrow ? 36 : 16,
        bottom: 4,
        containLabel: true,
      },
      legend: {
        show: isNamed && isNarrow,
        top: 0,
        left: 0,
        icon: "roundRect",
        itemHeight: 3,
        itemWidth: 18,
        selectedMode: false,
        textStyle: type(c),
      },
      tooltip: { ...tooltip(c, say), formatter: overTime(data, say) },
      xAxis: {
        type: "category",
        data: data.labels,
        boundaryGap: isShort,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...type(c), hideOverlap: true, margin: 12 },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        splitNumber: 4,
        axisLabel: { ...type(c), formatter: say },
        splitLine: { lineStyle: { color: c.line } },
      },
      series: [
        ...data.series.map((one) =>
          curve(one, cuts(one) ? one.values.slice(0, -1) : one.values, c, {
            showSymbol: isShort,
            endLabel: named(one),
          }),
        ),
        ...data.series.filter(cuts).map((one) => going(one, c)),
      ],
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
          left: "center",
          top: 0,
          bottom: 0,
          label: { show: false },
          itemStyle: { areaColor: c.line, borderColor: c.surface, borderWidth: 0.75 },
          emphasis: { label: { show: false }, itemStyle: { areaColor: c.hedge } },
          select: { disabled: true },
        },
      ],
    };
  };

  const kinds = { line, bars, map };

  const options = (data, width) => ({
    animation: !still.matches,
    animationDuration: 300,
    textStyle: { fontFamily: colour("type") },
    ...kinds[data.kind](data, colours(), width),
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
