/* What all pictures share: the page's colours, its type, numbers in words, the box that follows. */

(() => {
  "use strict";

  const MANY = ["hedge", "performance", "functionality", "research", "targeting", "necessary"];

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const colours = () =>
    Object.fromEntries(
      ["ink", "muted", "line", "surface", "tint", "on-hedge", "alarm", "type", ...MANY].map((name) => [
        name,
        colour(name),
      ]),
    );

  /* The colours of several series side by side; a word stands beside each. */
  const several = (c) => MANY.map((name) => c[name]);

  const type = (c, size = 13) => ({ color: c.muted, fontFamily: c.type, fontSize: size });

  const escapeHtml = (text) =>
    String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

  const formats = {
    minutes: { style: "unit", unit: "minute", maximumFractionDigits: 1 },
    seconds: { style: "unit", unit: "second", maximumFractionDigits: 2 },
  };

  /* A share as the page's tables say it: whole, and what is there but small is not 0 %. */
  const shares = (language) => {
    const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    return (value) => {
      if (value == null) return "–";
      const isSmall = value > 0 && value < 0.01;
      return `${isSmall ? "<\u202f" : ""}${whole.format(isSmall ? 1 : value * 100)}\u202f%`;
    };
  };

  /* A number in words, in the page's language and its column's unit. */
  const numbers = (data) => {
    if (data.unit === "share") return shares(data.language);
    const plain = new Intl.NumberFormat(data.language, formats[data.unit] ?? {});
    const minutes = new Intl.NumberFormat(data.language, formats.minutes);
    return (value) => {
      if (value == null) return "–";
      return data.unit === "seconds" && value >= 90
        ? minutes.format(value / 60)
        : plain.format(value);
    };
  };

  const tooltip = (c, say) => ({
    trigger: "axis",
    confine: true,
    backgroundColor: c.surface,
    borderColor: c.line,
    textStyle: { ...type(c, 14), color: c.ink },
    valueFormatter: say,
    axisPointer: { lineStyle: { color: c.muted }, shadowStyle: { color: c.tint, opacity: 0.5 } },
  });

  const legend = (c, show, icon = "roundRect") => ({
    show,
    type: "plain",
    top: 0,
    left: 0,
    icon,
    itemHeight: icon === "roundRect" ? 3 : 12,
    itemWidth: icon === "roundRect" ? 18 : 12,
    padding: [5, 0],
    itemGap: 16,
    selectedMode: false,
    textStyle: type(c),
  });

  const values = (c, say) => ({
    type: "value",
    splitNumber: 4,
    axisLabel: { ...type(c), formatter: say },
    splitLine: { lineStyle: { color: c.line } },
  });

  const names = (c, labels, more = {}) => ({
    type: "category",
    data: labels,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...type(c), hideOverlap: true, margin: 12 },
    ...more,
  });

  window.privetCharts = {
    kinds: {},
    colours,
    several,
    type,
    escapeHtml,
    numbers,
    tooltip,
    legend,
    values,
    names,
  };
})();
