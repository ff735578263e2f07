import assert from "node:assert/strict";
import { test } from "node:test";
import { lasts } from "../src/lifetime.ts";

const texts = { session: "until you close the browser", unlimited: "until it is cleared" };
const cases: [lifetime: string, language: string, words: string][] = [
  ["P183D", "en", "183 days"],
  ["P1D", "en", "1 day"],
  ["P1Y6M", "en", "1 year 6 months"],
  ["PT30M", "en", "30 minutes"],
  ["PT1H", "es", "1 hora"],
  ["P2W", "es", "2 semanas"],
  ["session", "en", "until you close the browser"],
  ["unlimited", "en", "until it is cleared"],
];
for (const [lifetime, language, words] of cases)
  test(`${lifetime} is told in ${language} as ${words}`, () => {
    assert.equal(lasts(lifetime, language, texts), words);
  });
