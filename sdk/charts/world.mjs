/**
 * The countries as GeoJSON, known by their numbers of ISO 3166-1. Rings that cross the 180th
 * meridian are cut there, since a flat map would draw them as lines from one side to the other.
 */

import { feature } from "topojson-client";

const ANTARCTICA = "010";
const EDGE = 180;
const TURN = 360;

/** The countries of a `world-atlas` topology; Antarctica, where nobody learns, is left out. */
export const countriesOf = (atlas) => {
  const { features } = feature(atlas, atlas.objects.countries);
  return {
    type: "FeatureCollection",
    features: features
      .filter(({ id }) => id && id !== ANTARCTICA)
      .map(({ id, geometry }) => ({
        type: "Feature",
        properties: { number: id },
        geometry: { type: "MultiPolygon", coordinates: polygonsOf(geometry).flatMap(cutPolygon) },
      })),
  };
};

const polygonsOf = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

const cutPolygon = ([outer, ...holes]) => {
  const whole = unwrap(outer);
  const isInside = whole.every(([x]) => Math.abs(x) <= EDGE);
  return isInside ? [[whole, ...holes]] : cutRing(whole).map((ring) => [ring]);
};

/** The ring with longitudes that go on instead of jumping from 180 to -180. */
const unwrap = (ring) => {
  let shift = 0;
  return ring.map(([x, y], index) => {
    const jump = index ? x - ring[index - 1][0] : 0;
    if (Math.abs(jump) > EDGE) shift -= Math.sign(jump) * TURN;
    return [x + shift, y];
  });
};

const cutRing = (ring) =>
  [-TURN, 0, TURN]
    .map((shift) => ring.map(([x, y]) => [x + shift, y]))
    .map((moved) => clip(clip(moved, EDGE, 1), -EDGE, -1))
    .filter((part) => part.length > 3);

/** Sutherland and Hodgman's clipping (1974) against one meridian. */
const clip = (ring, edge, side) => {
  const isKept = ([x]) => side * x <= side * edge;
  const kept = ring.flatMap((point, index) => {
    const before = ring[(index || ring.length) - 1];
    const crosses = isKept(point) !== isKept(before) ? [crossing(before, point, edge)] : [];
    return isKept(point) ? [...crosses, point] : crosses;
  });
  return kept.length ? [...kept, kept[0]] : kept;
};

const crossing = ([x1, y1], [x2, y2], edge) => [edge, y1 + ((y2 - y1) * (edge - x1)) / (x2 - x1)];
