import assert from "node:assert/strict";
import { test } from "node:test";
import { randomBytes } from "../src/ids.ts";
import { createSession } from "../src/session.ts";
import { MemoryStorage } from "./memory.ts";

const MINUTE = 60_000;

test("a visit keeps its number and counts its pages", () => {
  const session = createSession(() => undefined, () => 0, randomBytes);
  const id = session.id();
  assert.match(id, /^[0-9a-f]{16}$/);
  assert.deepEqual([session.nextPage(), session.nextPage(), session.id()], [1, 2, id]);
});

test("after half an hour of silence a new visit begins", () => {
  let now = 0;
  const session = createSession(() => undefined, () => now, randomBytes);
  const first = session.id();
  session.nextPage();
  now += 30 * MINUTE;
  assert.equal(session.id(), first);
  now += 30 * MINUTE + 1;
  assert.notEqual(session.id(), first);
  assert.equal(session.nextPage(), 1);
});

test("where the storage is full the visit lives in memory", () => {
  class FullStorage extends MemoryStorage {
    override setItem(): void {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    }
  }
  const session = createSession(() => new FullStorage(), () => 0, randomBytes);
  const id = session.id();
  assert.deepEqual([session.nextPage(), session.nextPage(), session.id()], [1, 2, id]);
});

test("the next page of the tab goes on with the visit where storage is allowed", () => {
  const storage = new MemoryStorage();
  const first = createSession(() => storage, () => 0, randomBytes);
  first.nextPage();
  const id = first.id();
  const second = createSession(() => storage, () => MINUTE, randomBytes);
  assert.equal(second.id(), id);
  assert.equal(second.nextPage(), 2);
});

test("without permission nothing is kept on the device", () => {
  const storage = new MemoryStorage();
  createSession(() => undefined, () => 0, randomBytes).nextPage();
  assert.equal(storage.length, 0);
});

test("a damaged item in the storage begins a new visit", () => {
  const storage = new MemoryStorage();
  storage.setItem("privet_visit", "x y z");
  assert.match(createSession(() => storage, () => 0, randomBytes).id(), /^[0-9a-f]{16}$/);
});

test("a visit that was forgotten is not taken up again", () => {
  const storage = new MemoryStorage();
  const session = createSession(() => storage, () => 0, randomBytes);
  const id = session.id();
  session.forget();
  assert.notEqual(session.id(), id);
});
