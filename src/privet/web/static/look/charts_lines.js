/* Pictures of what goes up and down: lines, areas, columns. */

(() => {
  "use strict";

  const { kinds, several, type, escapeHtml, numbers, tooltip, legend, values, names } =
    window.privetCharts;
  const { legendRoom } = window.privetCharts;
  const NARROW = 440;
  const NAME = 80;
  /* Room above the picture for what its axis counts. */
  const AXIS_NAME = 20;
  const MOST_NAMED = 3;

  const swatch = (isEarlier) => (isEarlier ? "┄" : "━");

  /* One line for each series; the stretch that is still going on is no series of its own. */
  const overTime = (data, say) => (points) => {
    const [{ axisValueLabel, dataIndex }] = points;
    const going = data.unfinished && dataIndex === data.labels.length - 1;
    const rows = data.series.map((one) => {
      const remark = going && !one.earlier ? ` (${escapeHtml(data.unfinished)})` : "";
      const mark = swatch(one.earlier);
      return `${mark} ${escapeHtml(one.name)}: <b>${say(one.values[dataIndex])}</b>${remark}`;
    });
    return [escapeHtml(axisValueLabel), ...rows].join("<br>");
  };

  /* Where a line's colour means something (a category), the series says so by its tone. */
  const hue = (one, c) => (one.earlier ? c.muted : (c[one.tone] ?? c.hedge));

  const stroke = (one, c) => ({
    width: one.earlier ? 1.5 : 2.5,
    type: one.earlier ? [4, 4] : "solid",
    color: hue(one, c),
  });

  const curve = (one, points, c, extra) => ({
    type: "line",
    name: one.name,
    data: points,
    symbol: "circle",
    symbolSize: 6,
    showSymbol: false,
    lineStyle: stroke(one, c),
    itemStyle: { color: hue(one, c) },
    z: one.earlier ? 1 : 2,
    ...extra,
  });

  /* The last point of the present as a hollow ring at the end of a thin dotted line. */
  const going = (one, c, extra) => {
    const last = one.values.length - 1;
    const points = one.values.map((value, index) => (index < last - 1 ? null : value));
    return curve(one, points, c, {
      showSymbol: true,
      symbol: (_, { dataIndex }) => (dataIndex === last ? "circle" : "none"),
      symbolSize: 8,
      itemStyle: { color: c.surface, borderColor: hue(one, c), borderWidth: 2 },
      lineStyle: { ...stroke(one, c), width: 1.5, type: [2, 3] },
      silent: true,
      ...extra,
    });
  };

  const wholeNumbers = (data) => (data.unit === "count" ? { minInterval: 1 } : {});

  /* What the axis counts stands above it, at the edge of the picture where its numbers begin. */
  const counted = (data, c) => ({
    name: data.axis,
    nameLocation: "end",
    nameGap: 12,
    nameTextStyle: { ...type(c), align: "left", padding: [0, 0, 0, -24] },
  });

  const frame = (data, c, { isShort, right, top }) => ({
    grid: { left: 4, right, top: top + (data.axis ? AXIS_NAME : 0), bottom: 4, containLabel: true },
    xAxis: names(c, data.labels, { boundaryGap: isShort }),
    yAxis: { ...values(c, numbers(data)), ...wholeNumbers(data), ...counted(data, c) },
  });

  kinds.line = (data, c, width) => {
    const say = numbers(data);
    const isShort = data.labels.length < 3;
    const isNamed = data.series.length > 1;
    /* Many names at the ends of lines would lie on each other: then a legend has them. */
    const isNarrow = width < NARROW || data.series.length > MOST_NAMED;
    const cuts = (one) => data.unfinished && !one.earlier && !isShort;
    /* A name stands where its line ends, which is the ring of what is still going on. */
    const named = (one, isEnd) => ({
      show: isEnd && isNamed && !isNarrow,
      formatter: "{a}",
      ...type(c),
      color: hue(one, c),
      width: NAME - 4,
      overflow: "break",
    });
    const ended = (one, isEnd) => ({
      endLabel: named(one, isEnd),
      labelLayout: { moveOverlap: "shiftY" },
    });
    return {
      ...frame(data, c, {
        isShort,
        right: isNamed && !isNarrow ? NAME + 4 : 12,
        top: isNamed && isNarrow ? 36 + legendRoom(data, c, width, 18) : 16,
      }),
      legend: legend(c, isNamed && isNarrow),
      tooltip: { ...tooltip(c, say), formatter: overTime(data, say) },
      series: [
        ...data.series.map((one) =>
          curve(one, cuts(one) ? one.values.slice(0, -1) : one.values, c, {
            showSymbol: isShort,
            ...ended(one, !cuts(one)),
          }),
        ),
        ...data.series.filter(cuts).map((one) => going(one, c, ended(one, true))),
      ],
    };
  };

  /* Areas lie on each other, so that the uppermost edge is the sum. */
  kinds.area = (data, c, width) => {
    const say = numbers(data);
    const isNamed = data.series.length > 1;
    const shades = several(c);
    const top = isNamed ? 40 + legendRoom(data, c, width) : 16;
    return {
      ...frame(data, c, { isShort: data.labels.length < 3, right: 12, top }),
      legend: legend(c, isNamed, "rect"),
      tooltip: tooltip(c, say),
      series: data.series.map((one, index) => ({
        type: "line",
        name: one.name,
        data: one.values,
        stack: "all",
        symbol: "circle",
        symbolSize: 6,
        showSymbol: data.labels.length < 3,
        lineStyle: { width: 2, color: shades[index % shades.length] },
        itemStyle: { color: shades[index % shades.length] },
        areaStyle: { color: shades[index % shades.length], opacity: isNamed ? 0.35 : 0.14 },
      })),
    };
  };

  kinds.columns = (data, c, width) => {
    const say = numbers(data);
    const isNamed = data.series.length > 1;
    const shades = several(c);
    const top = isNamed ? 40 + legendRoom(data, c, width) : 16;
    return {
      ...frame(data, c, { isShort: true, right: 12, top }),
      legend: legend(c, isNamed, "rect"),
      tooltip: { ...tooltip(c, say), axisPointer: { type: "none" } },
      series: data.series.map((one, index) => ({
        type: "bar",
        name: one.name,
        data: one.values,
        barMaxWidth: 48,
        barMinHeight: 1,
        barGap: "10%",
        itemStyle: {
          color: one.earlier ? c.line : shades[index % shades.length],
          borderColor: one.earlier ? c.muted : "transparent",
          borderWidth: one.earlier ? 1 : 0,
          borderRadius: [3, 3, 0, 0],
        },
      })),
    };
  };
})();
