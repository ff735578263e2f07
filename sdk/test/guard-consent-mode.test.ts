import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { allows, neededBits } from "../guard/categories.ts";
import { createConsentMode, modeOf } from "../guard/consent-mode.ts";

const TABLE = {
  performance: ["analytics_storage"],
  functionality: ["functionality_storage", "personalization_storage"],
  targeting: ["ad_storage", "ad_user_data", "ad_personalization"],
};
const SALE_SHARING = 16;
const ADVERTISING = TABLE.targeting;

const said = (choices: number) => modeOf(TABLE, choices, (name) => allows(choices, neededBits(name)));

beforeEach(() => {
  Object.assign(globalThis, { window: {} });
});

test("without choices all is denied but what security needs", () => {
  const { security_storage, ...others } = said(0);
  assert.equal(security_storage, "granted");
  assert.deepEqual(new Set(Object.values(others)), new Set(["denied"]));
  assert.equal(Object.keys(others).length, 6);
});

test("each category grants its own", () => {
  assert.equal(said(1).analytics_storage, "granted");
  assert.equal(said(2).personalization_storage, "granted");
  assert.equal(said(2).analytics_storage, "denied");
});

test("advertising needs targeting, and that sale is not refused", () => {
  for (const name of ADVERTISING) {
    assert.equal(said(4)[name], "denied");
    assert.equal(said(SALE_SHARING)[name], "denied");
    assert.equal(said(4 | SALE_SHARING)[name], "granted");
  }
});

test("the default is said at once, in the form that Google's queue reads", () => {
  const mode = createConsentMode(said(0));
  mode.update(said(1));
  const entries = (window.dataLayer ?? []).map((entry) => Array.from(entry as ArrayLike<unknown>));
  assert.deepEqual(entries[0]?.slice(0, 2), ["consent", "default"]);
  assert.deepEqual(entries[0]?.[2], { ...said(0), wait_for_update: 500 });
  assert.deepEqual(entries[1], ["consent", "update", said(1)]);
  assert.equal(Object.prototype.toString.call(window.dataLayer?.[0]), "[object Arguments]");
});

test("a queue that the page has already is used", () => {
  const heard: unknown[][] = [];
  Object.assign(globalThis, { window: { gtag: (...given: unknown[]) => heard.push(given) } });
  createConsentMode(said(0));
  assert.equal(heard[0]?.[1], "default");
});
