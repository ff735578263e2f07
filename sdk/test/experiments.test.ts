import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import variantOf, { chance } from "../src/experiments.ts";
import { token } from "./memory.ts";

const KEY = "privet_chance";
const LATER = 4_000_000_000_000;
let device: Record<string, string>;
let told: unknown[];
let functionality: boolean;

beforeEach(() => {
  device = {};
  told = [];
  functionality = true;
  Object.assign(globalThis, {
    FORMS: { link: [["button", 0.5], ["sentence", 1]], price: [["low", 0.1], ["high", 1]] },
    window: {
      localStorage: device,
      privet: {
        choices: () => ({ functionality }),
        track: (name: string, data: unknown) => told.push([name, data]),
      },
    },
  });
});

const shares = (key: string, count: number): Record<string, number> => {
  const found: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const form = variantOf(key, token(`learner-${i}`, LATER));
    found[form] = (found[form] ?? 0) + 1;
  }
  return found;
};

test("a learner sees the same form each time, and nothing is kept for it", () => {
  const alice = token("alice", LATER);
  assert.equal(variantOf("link", alice), variantOf("link", alice));
  assert.deepEqual(device, {});
});

test("a visitor sees the same form as long as the device keeps its number", () => {
  const first = variantOf("link", "");
  assert.match(device[KEY] ?? "", /^\d{1,6}$/);
  for (let i = 0; i < 20; i++) assert.equal(variantOf("link", ""), first);
});

test("without the number another draw may fall otherwise", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 64; i++) {
    delete device[KEY];
    seen.add(variantOf("link", ""));
  }
  assert.deepEqual([...seen].sort(), ["button", "sentence"]);
});

test("what is seen is told", () => {
  const variant = variantOf("link", "");
  assert.deepEqual(told, [["experiment_seen", { experiment: "link", variant }]]);
});

test("without functionality nothing is kept, drawn or told", () => {
  functionality = false;
  assert.equal(variantOf("link", token("alice", LATER)), "");
  assert.equal(variantOf("link", ""), "");
  assert.deepEqual([device, told], [{}, []]);
});

test("what does not run leaves the page as it is", () => {
  assert.equal(variantOf("other", ""), "");
  assert.deepEqual([device, told], [{}, []]);
});

test("where the browser forbids its storage a visitor sees the usual form", () => {
  Object.defineProperty(globalThis.window, "localStorage", {
    get: () => {
      throw new Error();
    },
  });
  assert.equal(variantOf("link", ""), "");
  assert.deepEqual(told, []);
});

test("a full storage keeps nothing, so nothing is drawn", () => {
  Object.defineProperty(device, KEY, {
    set: () => {
      throw new Error();
    },
  });
  assert.equal(variantOf("link", ""), "");
});

test("each form has its part of the learners", () => {
  const { button = 0 } = shares("link", 20_000);
  // Five standard deviations of a fair draw.
  assert.ok(Math.abs(button - 10_000) < 354, String(button));
  const { low = 0 } = shares("price", 20_000);
  assert.ok(Math.abs(low - 2_000) < 213, String(low));
});

test("two experiments draw apart from each other", () => {
  let both = 0;
  for (let i = 0; i < 20_000; i++)
    both += Number(chance(`link learner-${i}`) < 0.5 && chance(`price learner-${i}`) < 0.5);
  assert.ok(Math.abs(both - 5_000) < 307, String(both));
});

test("the numbers of devices are spread evenly too", () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const tenth = Math.floor(chance(`link ${i}`) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  const chiSquare = tenths.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
  // The 0.1 % point of nine degrees of freedom.
  assert.ok(chiSquare < 27.88, String(chiSquare));
});
