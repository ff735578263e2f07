import assert from "node:assert/strict";
import { test } from "node:test";
import { allows, decisionIn, neededBits } from "../guard/categories.ts";

test("a category needs its choice, the strictly necessary none", () => {
  assert.equal(allows(1, neededBits("performance")), true);
  assert.equal(allows(6, neededBits("performance")), false);
  assert.equal(allows(undefined, neededBits("necessary")), true);
});

test("of several categories all are needed", () => {
  assert.equal(allows(1, neededBits("performance targeting")), false);
  assert.equal(allows(5, neededBits("performance  targeting")), true);
});

for (const said of ["", "Performance", "analytics", "constructor", "__proto__", "performance,targeting", "sale_sharing"])
  test(`"${said}" is no category and never allowed`, () => {
    assert.equal(neededBits(said), undefined);
    assert.equal(allows(63, neededBits(said)), false);
  });

for (const said of [null, undefined, "7", 7.5, -1, 64, Number.NaN, {}, [7]])
  test(`choices of ${JSON.stringify(said) ?? "nothing"} are no decision`, () => {
    assert.equal(decisionIn({ choices: said }).choices, undefined);
  });

test("a decision is read as it is told", () => {
  const told = { choices: 5, gpc: true, regime: "opt_out" };
  assert.deepEqual(decisionIn(told), told);
  assert.deepEqual(decisionIn(null), { choices: undefined, gpc: false, regime: "" });
  assert.deepEqual(decisionIn({ choices: 0, gpc: "1", regime: 4 }), { choices: 0, gpc: false, regime: "" });
});
