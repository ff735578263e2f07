/* Pictures of what stands beside each other: bars, intervals, squares of heat, flows, the map. */

(() => {
  "use strict";

  const { kinds, several, type, escapeHtml, numbers, tooltip, legend, values, names } =
    window.privetCharts;
  const { measure, fitNames, legendRoom } = window.privetCharts;
  const NARROW = 560;
  /* How much wider than high the drawn world is. */
  const WIDE = 1.8;
  /* What the names at the left of squares take, and the least that a name below them needs. */
  const BESIDE = 140;
  const LEAST = 40;

  const upwards = (data) => data.labels.map((label, index) => [label, index]).reverse();

  const labelled = (c, rows, width) => {
    const labels = rows.map(([label]) => label);
    const place = { width: Math.min(220, Math.max(90, width * 0.36)), lines: 2 };
    const said = fitNames(labels, place, measure(c, 14));
    const axisLabel = { ...type(c, 14), lineHeight: 16, color: c.ink, interval: 0 };
    return names(c, labels, { axisLabel: { ...axisLabel, formatter: (name) => said.get(name) } });
  };

  /* A bar whose colour means something has one of its own. */
  const toned = (c, one, index) => {
    const tone = !one.earlier && c[one.tones?.[index]];
    return tone ? { value: one.values[index], itemStyle: { color: tone } } : one.values[index];
  };

  kinds.bars = (data, c, width) => {
    const say = numbers(data);
    const rows = upwards(data);
    const isNamed = data.series.length > 1;
    const shades = several(c);
    return {
      grid: {
        left: 4,
        right: 64,
        top: isNamed ? 36 + legendRoom(data, c, width) : 4,
        bottom: 4,
        containLabel: true,
      },
      legend: legend(c, isNamed, "rect"),
      tooltip: { ...tooltip(c, say), axisPointer: { type: "none" } },
      xAxis: { type: "value", show: false },
      yAxis: labelled(c, rows, width),
      series: data.series.map((one, place) => ({
        type: "bar",
        name: one.name,
        data: rows.map(([, index]) => toned(c, one, index)),
        barMaxWidth: 18,
        barMinHeight: 2,
        itemStyle: {
          /* A colour and no function: the legend shows this very one. */
          color: one.earlier ? c.muted : shades[place % shades.length],
          borderRadius: 3,
        },
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

  kinds.stacked = (data, c, width) => {
    const say = numbers(data);
    const rows = upwards(data);
    const shades = several(c);
    return {
      grid: {
        left: 4,
        right: 16,
        top: 36 + legendRoom(data, c, width),
        bottom: 4,
        containLabel: true,
      },
      legend: legend(c, true, "rect"),
      tooltip: { ...tooltip(c, say), axisPointer: { type: "shadow", shadowStyle: { opacity: 0 } } },
      xAxis: { ...values(c, say), splitNumber: 3 },
      yAxis: labelled(c, rows, width),
      series: data.series.map((one, place) => ({
        type: "bar",
        stack: "all",
        name: one.name,
        data: rows.map(([, index]) => one.values[index]),
        barMaxWidth: 20,
        itemStyle: {
          color: c[one.tone] || shades[place % shades.length],
          borderColor: c.surface,
          borderWidth: 1,
        },
      })),
    };
  };

  const whisker = (c) => (_, api) => {
    const at = (place) => api.coord([api.value(place), api.value(0)]);
    const [[low, y], [middle], [high]] = [at(2), at(1), at(3)];
    const bar = (x1, y1, x2, y2) => ({
      type: "line",
      shape: { x1, y1, x2, y2 },
      style: { stroke: c.hedge, lineWidth: 2 },
    });
    return {
      type: "group",
      children: [
        bar(low, y, high, y),
        bar(low, y - 6, low, y + 6),
        bar(high, y - 6, high, y + 6),
        { type: "circle", shape: { cx: middle, cy: y, r: 5 }, style: { fill: c.hedge } },
      ],
    };
  };

  /* A point with the interval that it lies in, for each label; a line marks nothing at all. */
  kinds.intervals = (data, c, width) => {
    const say = numbers(data);
    const rows = upwards(data);
    const [one] = data.series;
    const points = rows
      .map(([, index], place) => [place, one.values[index], one.low[index], one.high[index]])
      .filter((point) => point.every((value) => value != null));
    return {
      grid: { left: 4, right: 28, top: 8, bottom: 4, containLabel: true },
      tooltip: {
        ...tooltip(c, say),
        trigger: "item",
        formatter: ({ data: [place, middle, low, high] }) =>
          `${escapeHtml(rows[place][0])}: <b>${say(middle)}</b> (${say(low)} – ${say(high)})`,
      },
      xAxis: { ...values(c, say), splitNumber: 4 },
      yAxis: labelled(c, rows, width),
      series: [
        {
          type: "custom",
          name: one.name,
          renderItem: whisker(c),
          encode: { x: [1, 2, 3], y: 0 },
          data: points,
          markLine: {
            silent: true,
            symbol: "none",
            label: { show: false },
            lineStyle: { color: c.muted, type: [4, 4] },
            data: [{ xAxis: 0 }],
          },
        },
      ],
    };
  };

  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);

  /* Relative luminance and contrast of WCAG 2.2. */
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  const contrast = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  /* The ink that reads better on a square of that heat. */
  const inkOn = (c, heat) => {
    const [cold, hot] = [parts(c.tint), parts(c.hedge)];
    const ground = cold.map((value, index) => value + (hot[index] - value) * heat);
    const better = contrast(parts(c["on-hedge"]), ground) > contrast(parts(c.ink), ground);
    return better ? c["on-hedge"] : c.ink;
  };

  const distinct = (list) => [...new Set(list)];

  /* A few names below squares are all there, in lines; of many hours or weeks, those that fit. */
  const below = (c, across, width) => {
    const usual = { ...type(c), hideOverlap: true, margin: 8 };
    const place = { width: (width - BESIDE) / across.length - 8, lines: 3 };
    if (place.width < LEAST) return usual;
    const said = fitNames(across, place, measure(c, 13));
    return { ...usual, lineHeight: 16, interval: 0, hideOverlap: false, formatter: (name) => said.get(name) };
  };

  /* Squares: across by the label, down by the other column, the darker the more. */
  kinds.heatmap = (data, c, width) => {
    const say = numbers(data);
    const [one] = data.series;
    const across = distinct(data.labels);
    const down = distinct(data.others);
    const most = Math.max(data.unit === "share" ? 0.01 : 1, ...one.values);
    const each = (width - 110) / across.length;
    const roomy = each > (data.unit === "share" ? 32 : 40);
    const points = one.values
      .map((value, index) => ({
        value: [across.indexOf(data.labels[index]), down.indexOf(data.others[index]), value],
        label: { color: inkOn(c, value / most) },
      }))
      .filter((point) => point.value[2] != null);
    /* What may not be said has a sign of its own: an empty place would look like a mistake. */
    const unsaid = one.values.flatMap((value, index) =>
      value == null ? [[across.indexOf(data.labels[index]), down.indexOf(data.others[index]), 0]] : [],
    );
    return {
      grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
      tooltip: {
        ...tooltip(c, say),
        trigger: "item",
        formatter: ({ value: [x, y, value] }) =>
          `${escapeHtml(down[y])} · ${escapeHtml(across[x])}: <b>${say(value)}</b> ${escapeHtml(one.name)}`,
      },
      xAxis: names(c, across, { axisLabel: below(c, across, width) }),
      yAxis: names(c, down, { inverse: true, axisLabel: { ...type(c), color: c.ink, margin: 10 } }),
      visualMap: {
        show: false,
        seriesIndex: 0,
        min: 0,
        max: most,
        inRange: { color: [c.tint, c.hedge] },
      },
      series: [
        {
          type: "heatmap",
          name: one.name,
          data: points,
          itemStyle: { borderColor: c.surface, borderWidth: 2, borderRadius: 4 },
          emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 1 } },
          label: { show: roomy, ...type(c, 12), formatter: ({ value }) => say(value[2]) },
        },
        {
          type: "heatmap",
          silent: true,
          itemStyle: { color: "transparent" },
          data: unsaid,
          label: { show: true, ...type(c, 12), formatter: () => say(null) },
        },
      ],
    };
  };

  /* Whether following the flows can lead back to where one began. */
  const hasCircle = (flows) => {
    const next = new Map();
    flows.forEach(({ source, target }) => next.set(source, [...(next.get(source) ?? []), target]));
    const done = new Set();
    const open = new Set();
    const leadsBack = (node) => {
      if (open.has(node)) return true;
      if (done.has(node)) return false;
      open.add(node);
      const found = (next.get(node) ?? []).some(leadsBack);
      open.delete(node);
      done.add(node);
      return found;
    };
    return [...next.keys()].some(leadsBack);
  };

  const flowsOf = (data, targetMark) =>
    data.codes
      .map((code, index) => ({
        source: code,
        target: `${targetMark}${data.other_codes[index]}`,
        value: data.series[0].values[index],
      }))
      .filter(({ value }) => value > 0);

  /* Flows that go in a circle are drawn from one side to the other instead. */
  const flowsAndWords = (data) => {
    const plain = flowsOf(data, "");
    const mark = hasCircle(plain) ? "\u2192" : "";
    const words = new Map();
    data.codes.forEach((code, index) => {
      words.set(code, data.labels[index]);
      words.set(`${mark}${data.other_codes[index]}`, data.others[index]);
    });
    const flows = mark ? flowsOf(data, mark) : plain;
    const nodes = distinct(flows.flatMap(({ source, target }) => [source, target]));
    return { flows, words, nodes };
  };

  /* A layer is at least so wide that its names can be read; a narrow page scrolls sideways. */
  const LAYER = 120;

  const layersOf = (data) =>
    data.layered ? Math.max(...data.other_codes.map((code) => Number.parseInt(code, 10))) : 2;

  kinds.sankey = (data, c, width) => {
    const say = numbers(data);
    const { flows, words, nodes } = flowsAndWords(data);
    const isNarrow = width < NARROW;
    const right = isNarrow ? 92 : 170;
    const layer = (width - right) / (layersOf(data) - 1);
    const said = (name) => escapeHtml(words.get(name));
    const size = isNarrow ? 12 : 13;
    const place = { width: Math.min(right - 8, layer - 24), lines: 1 };
    const short = fitNames([...words.values()], place, measure(c, size));
    return {
      tooltip: {
        ...tooltip(c, say),
        trigger: "item",
        formatter: ({ dataType, data: one, value, name }) =>
          dataType === "edge"
            ? `${said(one.source)} → ${said(one.target)}: <b>${say(value)}</b> ${escapeHtml(data.series[0].name)}`
            : `${said(name)}: <b>${say(value)}</b>`,
      },
      series: [
        {
          type: "sankey",
          data: nodes.map((name) => ({
            name,
            depth: data.layered ? Number.parseInt(name, 10) - 1 : undefined,
          })),
          links: flows,
          left: 2,
          right,
          top: 6,
          bottom: 6,
          nodeWidth: 10,
          nodeGap: 18,
          /* A name that would lie on another is left out: the tooltip and the table have it. */
          labelLayout: { hideOverlap: true },
          draggable: false,
          layoutIterations: 48,
          itemStyle: { color: c.hedge, borderWidth: 0, borderRadius: 2 },
          lineStyle: { color: c.hedge, opacity: 0.22, curveness: 0.5 },
          emphasis: { focus: "adjacency", lineStyle: { opacity: 0.5 } },
          label: {
            ...type(c, size),
            color: c.ink,
            formatter: ({ name }) => short.get(words.get(name)),
          },
        },
      ],
    };
  };

  kinds.sankey.least = (data) => (layersOf(data) > 2 ? layersOf(data) * LAYER : 0);

  kinds.map = (data, c, width, height) => {
    const say = numbers(data);
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
          layoutCenter: ["50%", "50%"],
          layoutSize: Math.min(width, height * WIDE),
          label: { show: false },
          itemStyle: { areaColor: c.line, borderColor: c.surface, borderWidth: 0.75 },
          emphasis: { label: { show: false }, itemStyle: { areaColor: c.hedge } },
          select: { disabled: true },
        },
      ],
    };
  };
})();
