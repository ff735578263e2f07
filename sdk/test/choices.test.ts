import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CATEGORIES,
  bitsOf,
  choicesOf,
  narrowed,
  permits,
  readDecision,
  readStanding,
} from "../src/choices.ts";
import { consentCookie } from "./memory.ts";

const cookie = (choices: unknown, site = "hedgerow"): string => consentCookie({ site, choices });

test("a decision is read among other cookies", () => {
  assert.equal(readDecision(`a=1; ${cookie(5)}; b=2`, "hedgerow", ""), 5);
});

test("no cookie is no decision", () => {
  assert.equal(readDecision("a=1; xprivet_consent=e30", "hedgerow", ""), undefined);
});

test("a decision for another site is none", () => {
  assert.equal(readDecision(cookie(5, "elsewhere"), "hedgerow", ""), undefined);
});

test("a damaged cookie is no decision", () => {
  for (const text of ["privet_consent=%%%", "privet_consent=!", "privet_consent=bnVsbA.x", cookie("5")])
    assert.equal(readDecision(text, "hedgerow", ""), undefined);
});

test("of two cookies only what both allow is allowed", () => {
  assert.equal(readDecision(`${cookie(7)}; ${cookie(1)}`, "hedgerow", ""), 1);
});

test("choices and bits are the same thing said twice", () => {
  for (let bits = 0; bits < 64; bits++) assert.equal(bitsOf(choicesOf(bits)), bits);
});

test("only what was asked is answered, yes or no", () => {
  assert.deepEqual(choicesOf(1, CATEGORIES), {
    performance: true,
    functionality: false,
    targeting: false,
  });
  assert.deepEqual(choicesOf(63, 16), { sale_sharing: true });
});

test("a yes against the browser's signal is read as confirmed only where each cookie says so", () => {
  const said = (confirmed?: number): string =>
    consentCookie({ site: "hedgerow", choices: 4, regime: "opt_in", confirmed });
  const read = (text: string): unknown => readStanding(text, "hedgerow", "")?.confirmed;
  assert.equal(read(said(1)), 1);
  assert.ok(!read(said()));
  assert.ok(!read(`${said(1)}; ${said()}`));
  assert.ok(!read(`${said()}; ${said(1)}`));
});

test("the browser's privacy signal closes targeting and sale, and nothing else", () => {
  assert.equal(narrowed(63, true), 63 - 4 - 16);
  assert.equal(narrowed(63, false), 63);
});

const observed = ["page_view", "link_click", "control_use", "play_video", "custom", "page_leave"];
const cases: [choices: string, bits: number, observed: boolean, timed: boolean, ads: boolean][] = [
  ["nothing", 0, false, false, false],
  ["performance", 1, true, true, false],
  ["functionality", 2, true, false, false],
  ["targeting", 4, false, false, true],
  ["marketing mail", 8, false, false, false],
  ["sale or sharing", 16, false, false, false],
  ["research", 32, true, false, false],
];
for (const [choices, bits, sees, times, ads] of cases)
  test(`with ${choices} alone an event leaves the page only if that choice opens it`, () => {
    for (const name of observed) assert.equal(permits(bits, name), sees, name);
    for (const name of ["page_timing", "page_error"]) assert.equal(permits(bits, name), times, name);
    for (const name of ["ad_seen", "ad_click"]) assert.equal(permits(bits, name), ads, name);
  });

test("what a learner left behind decides for nobody who comes after", () => {
  const left = consentCookie({ site: "hedgerow", choices: 7, of: "learner" });
  assert.equal(readDecision(left, "hedgerow", ""), undefined);
  assert.equal(readDecision(left, "hedgerow", "token"), 7);
});

test("a seen form is told only with performance and functionality both", () => {
  const told = Array.from({ length: 64 }, (_, bits) => permits(bits, "experiment_seen"));
  assert.deepEqual(
    told,
    Array.from({ length: 64 }, (_, bits) => (bits & 3) === 3),
  );
});
