import assert from "node:assert/strict";
import { test } from "node:test";
import { GppModel } from "@iabgpp/cmpapi";
import { SALE_SHARING, gppString, usnatOf } from "../guard/gpp.ts";
import { TARGETING } from "../src/choices.ts";

/** What the IAB's own library makes of the same fields. */
const byOracle = (choices: number, gpc: boolean): string => {
  const model = new GppModel();
  const { Version: _, GpcSegmentType: __, Gpc, ...fields } = usnatOf(choices, gpc);
  for (const [name, value] of Object.entries(fields)) model.setFieldValue("usnat", name, value);
  model.setFieldValue("usnat", "GpcSegmentIncluded", gpc);
  if (Gpc) model.setFieldValue("usnat", "Gpc", true);
  return model.encode();
};

for (const choices of [0, TARGETING, SALE_SHARING, TARGETING | SALE_SHARING, 63])
  for (const gpc of [false, true])
    test(`choices ${choices}${gpc ? " with the signal" : ""} are as the reference library has them`, () => {
      assert.equal(gppString(choices, gpc, true), byOracle(choices, gpc));
    });

test("all opted out with the signal is the known string", () => {
  assert.equal(gppString(0, true, true), "DBABLA~CVQVAAAAAACA.YA");
});

test("where the law is another the string has no section", () => {
  assert.equal(gppString(63, false, false), new GppModel().encode());
});

test("a string reads back as what was said", () => {
  const model = new GppModel(gppString(TARGETING, true, true));
  assert.equal(model.getFieldValue("usnat", "SaleOptOut"), 1);
  assert.equal(model.getFieldValue("usnat", "TargetedAdvertisingOptOut"), 2);
  assert.equal(model.getFieldValue("usnat", "Gpc"), true);
});
