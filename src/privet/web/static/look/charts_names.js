/* Names that fit their place and stay apart, and how much room a legend takes. */

(() => {
  "use strict";

  const charts = window.privetCharts;
  const ruler = document.createElement("canvas").getContext("2d");
  /* How much of what is kept of a name is its beginning: the first that tells all names apart. */
  const HEADS = [0.5, 0.25, 0, 0.75, 1];
  const GAP = 16;
  const LEGEND_ROW = 29;

  /* How long a text is in pixels. */
  const measure = (c, size) => (text) => {
    ruler.font = `${size}px ${c.type}`;
    return ruler.measureText(text).width;
  };

  /* Where a name may go on in the next line: after a space, and after what divides an address. */
  const piecesOf = (text) => text.match(/[^\s/.:+·-]*[\s/.:+·-]?/gu).filter(Boolean);

  const inLines = (text, width, long) => {
    const lines = [""];
    const add = (piece) => {
      if (long(lines.at(-1) + piece.trimEnd()) > width && lines.at(-1)) lines.push("");
      lines[lines.length - 1] += piece;
    };
    piecesOf(text).forEach((piece) => (long(piece) > width ? [...piece].forEach(add) : add(piece)));
    return lines.map((line) => line.trimEnd());
  };

  /* A name in so many lines at most; what is longer loses its middle. */
  const cut = (text, place, long, head) => {
    const signs = [...text];
    for (let kept = signs.length; kept > 0; kept -= 1) {
      const first = Math.round(kept * head);
      const said = [...signs.slice(0, first), "…", ...signs.slice(signs.length - kept + first)];
      const lines = inLines(kept === signs.length ? text : said.join(""), place.width, long);
      if (lines.length <= place.lines) return lines.join("\n");
    }
    return "…";
  };

  /* What is written for each name. Different names stay different; if need be they are not cut. */
  const fitNames = (names, place, long) => {
    const all = [...new Set(names)];
    const written = (head) => new Map(all.map((name) => [name, cut(name, place, long, head)]));
    const isApart = (said) => new Set(said.values()).size === all.length;
    const whole = () => new Map(all.map((name) => [name, inLines(name, place.width, long).join("\n")]));
    return HEADS.map(written).find(isApart) ?? whole();
  };

  /* How much more than its first row a legend takes, since all of it is shown. */
  const legendRoom = (data, c, width, sign = 12) => {
    const long = measure(c, 13);
    let [rows, used] = [1, 0];
    new Set(data.series.map((one) => one.name)).forEach((name) => {
      const each = sign + 5 + long(name);
      if (used && used + each > width - 12) [rows, used] = [rows + 1, 0];
      used += each + GAP;
    });
    return (rows - 1) * LEGEND_ROW;
  };

  Object.assign(charts, { measure, fitNames, legendRoom });
})();
