import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MARK, createReloading } from "../guard/reload.ts";
import { MemoryStorage } from "./memory.ts";

let storage: MemoryStorage;
let reloads: number;
let stored: number | undefined;
let waits: number;

beforeEach(() => {
  storage = new MemoryStorage();
  reloads = 0;
  stored = 0;
  waits = 0;
});

const page = (more: Partial<{ storage: Storage | undefined; wasReloaded: boolean }> = {}) =>
  createReloading({
    storage,
    wasReloaded: false,
    reload: () => void (reloads += 1),
    stored: () => stored,
    wait: async () => void (waits += 1),
    ...more,
  });
const isAgainst = (choices: number | undefined): boolean => choices === 0;

test("a page is loaded again once the withdrawal is stored", async () => {
  assert.equal(await page().ask(isAgainst), true);
  assert.equal(reloads, 1);
  assert.equal(storage.getItem(MARK), "1");
});

test("the page that comes of it does not load itself again", async () => {
  await page().ask(isAgainst);
  assert.equal(await page().ask(isAgainst), false);
  assert.equal(reloads, 1);
});

test("after a new yes it may", async () => {
  await page().ask(isAgainst);
  const after = page();
  after.granted();
  assert.equal(await after.ask(isAgainst), true);
});

test("the mark counts for one page", async () => {
  await page().ask(isAgainst);
  page();
  assert.equal(await page().ask(isAgainst), true);
});

test("what was not stored is not loaded again: the old yes would come back", async () => {
  stored = 5;
  assert.equal(await page().ask(isAgainst), false);
  assert.equal(reloads, 0);
  assert.ok(waits > 10);
});

test("where the cookie cannot be seen, some time passes first", async () => {
  stored = undefined;
  assert.equal(await page().ask(isAgainst), true);
  assert.equal(waits, 1);
});

test("two withdrawals at once are one reload", async () => {
  const one = page();
  await Promise.all([one.ask(isAgainst), one.ask(isAgainst)]);
  assert.equal(reloads, 1);
});

test("without a storage, a page that was reloaded stays", async () => {
  assert.equal(await page({ storage: undefined, wasReloaded: true }).ask(isAgainst), false);
  assert.equal(await page({ storage: undefined }).ask(isAgainst), true);
});
