import assert from "node:assert/strict";
import { test } from "node:test";
import { randomBytes, uuid7 } from "../src/ids.ts";
import { bytes } from "./memory.ts";

test("an event's id is a UUID of version 7 that begins with its time", () => {
  const id = uuid7(0x0123456789ab, bytes);
  assert.equal(id, "01234567-89ab-7001-8203-040506070809");
});

test("ids of the same millisecond differ", () => {
  const made = new Set(Array.from({ length: 1000 }, () => uuid7(1_790_000_000_000, randomBytes)));
  assert.equal(made.size, 1000);
  for (const id of made) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
