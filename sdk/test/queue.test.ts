import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Event } from "../src/event.ts";
import { createIdentity } from "../src/identity.ts";
import { KEY, type Queue, type Reply, createQueue } from "../src/queue.ts";
import { MemoryStorage, bytes, token } from "./memory.ts";

const MINUTE = 60_000;

interface Sent {
  site: string;
  token?: string;
  sent: number;
  events: Event[];
}

const event = (number: number, text = ""): Event => ({
  id: `id-${number}`,
  name: "page_view",
  time: number,
  session: "0123456789abcdef",
  data: { text },
});

/** A queue with a collector that answers what it is told to. */
const set = (storage?: MemoryStorage, platform?: () => Promise<string>) => {
  const sent: Sent[] = [];
  const beacons: Sent[] = [];
  const box = {
    sent,
    beacons,
    storage,
    reply: { status: 200, retryAfterSeconds: 0 } as Reply,
    takesBeacons: true,
    identity: createIdentity(platform, Date.now),
    queue: undefined as unknown as Queue,
  };
  box.queue = createQueue({
    site: "hedgerow",
    identity: box.identity,
    post: async (body) => {
      sent.push(JSON.parse(body) as Sent);
      return box.reply;
    },
    beacon: (body) => {
      if (box.takesBeacons) beacons.push(JSON.parse(body) as Sent);
      return box.takesBeacons;
    },
    storage: () => box.storage,
    now: Date.now,
    random: bytes,
  });
  return box;
};

const settle = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};
const pass = async (ms: number): Promise<void> => {
  mock.timers.tick(ms);
  await settle();
};
const ids = (batches: Sent[]): string[][] => batches.map(({ events }) => events.map(({ id }) => id));

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_790_000_000_000 }));
afterEach(() => mock.timers.reset());

test("events go together after five seconds", async () => {
  const { queue, sent } = set();
  queue.add(event(1));
  queue.add(event(2));
  await pass(4999);
  assert.equal(sent.length, 0);
  await pass(1);
  assert.deepEqual(ids(sent), [["id-1", "id-2"]]);
});

test("thirty events go at once", async () => {
  const { queue, sent } = set();
  for (let i = 0; i < 30; i++) queue.add(event(i));
  await settle();
  assert.equal(sent[0]?.events.length, 30);
});

test("a batch is tried again with the same ids, later and later", async () => {
  const box = set();
  box.reply = { status: 0, retryAfterSeconds: 0 };
  box.queue.add(event(1));
  await pass(5000);
  await pass(1000);
  await pass(2000);
  assert.deepEqual(ids(box.sent), [["id-1"], ["id-1"], ["id-1"]]);
  await pass(1999);
  assert.equal(box.sent.length, 3);
});

test("each try says when it was sent", async () => {
  const box = set();
  box.reply = { status: 500, retryAfterSeconds: 0 };
  box.queue.add(event(1));
  await pass(5000);
  await pass(1000);
  assert.ok((box.sent[1]?.sent ?? 0) > (box.sent[0]?.sent ?? 0));
});

test("a refused batch is dropped", async () => {
  const box = set();
  box.reply = { status: 422, retryAfterSeconds: 0 };
  box.queue.add(event(1));
  await pass(5000);
  await pass(10 * MINUTE);
  assert.equal(box.sent.length, 1);
});

for (const status of [429, 503])
  test(`with ${status} the wait that is asked for is kept`, async () => {
    const box = set();
    box.reply = { status, retryAfterSeconds: 120 };
    box.queue.add(event(1));
    await pass(5000);
    await pass(119_000);
    assert.equal(box.sent.length, 1);
    await pass(1000);
    assert.equal(box.sent.length, 2);
  });

test("what waits is bounded, and the oldest goes first", async () => {
  const box = set();
  box.reply = { status: 0, retryAfterSeconds: 0 };
  for (let i = 0; i < 1000; i++) {
    box.queue.add(event(i));
    if (i % 30 === 0) await box.queue.flush();
  }
  await box.queue.flush();
  box.reply = { status: 200, retryAfterSeconds: 0 };
  box.sent.length = 0;
  await pass(10 * MINUTE);
  const last = box.sent.flatMap(({ events }) => events);
  assert.ok(last.length <= 360);
  assert.equal(last.at(-1)?.id, "id-999");
});

test("a batch is never larger than what a beacon takes", async () => {
  const { queue, sent } = set();
  for (let i = 0; i < 29; i++) queue.add(event(i, "x".repeat(10_000)));
  await pass(5000);
  assert.equal(sent.flatMap(({ events }) => events).length, 29);
  for (const batch of sent) assert.ok(JSON.stringify(batch).length < 60_000);
});

test("on leaving the page what waits is handed over", () => {
  const { queue, beacons } = set();
  queue.add(event(1));
  queue.leave();
  assert.deepEqual(ids(beacons), [["id-1"]]);
});

test("what cannot be handed over is kept where storage is allowed, and sent by the next page", async () => {
  const storage = new MemoryStorage();
  const first = set(storage);
  first.takesBeacons = false;
  first.queue.add(event(1));
  first.queue.leave();
  assert.match(storage.getItem(KEY) ?? "", /id-1/);
  const second = set(storage);
  second.queue.adopt();
  await pass(0);
  assert.deepEqual(ids(second.sent), [["id-1"]]);
  assert.doesNotMatch(storage.getItem(KEY) ?? "", /id-1/);
});

test("without permission nothing is kept on the device", () => {
  const box = set();
  box.takesBeacons = false;
  box.queue.add(event(1));
  box.queue.leave();
  const later = set(new MemoryStorage());
  later.queue.adopt();
  assert.equal(later.sent.length, 0);
});

test("two tabs keep their batches side by side", () => {
  const storage = new MemoryStorage();
  storage.setItem(KEY, JSON.stringify({ other: [{ token: "", events: [event(7)] }] }));
  const box = set(storage);
  box.takesBeacons = false;
  box.queue.add(event(1));
  box.queue.leave();
  assert.match(storage.getItem(KEY) ?? "", /id-7.*id-1/);
});

test("a damaged item in the storage harms nothing", async () => {
  const storage = new MemoryStorage();
  storage.setItem(KEY, '{"a":[null,{"token":1}],"b"');
  const box = set(storage);
  box.queue.adopt();
  box.queue.add(event(1));
  await pass(5000);
  assert.deepEqual(ids(box.sent), [["id-1"]]);
});

test("after a withdrawal nothing that waited is sent", async () => {
  const box = set();
  box.reply = { status: 0, retryAfterSeconds: 0 };
  box.queue.add(event(1));
  await pass(5000);
  box.queue.add(event(2));
  box.queue.clear();
  await pass(10 * MINUTE);
  assert.equal(box.sent.length, 1);
});

test("an answer that comes after a withdrawal brings nothing back", async () => {
  const storage = new MemoryStorage();
  const box = set(storage);
  box.reply = { status: 0, retryAfterSeconds: 0 };
  box.queue.add(event(1));
  const flushing = box.queue.flush();
  box.queue.clear();
  await flushing;
  await pass(10 * MINUTE);
  assert.equal(storage.getItem(KEY), null);
  assert.equal(box.sent.length, 0);
});

test("a batch is sent as the learner who was there, whoever came since", async () => {
  const box = set();
  const alice = token("alice", Date.now() + 15 * MINUTE);
  box.identity.assume(alice);
  box.queue.add(event(1));
  box.queue.seal();
  box.identity.assume(token("bob", Date.now() + 15 * MINUTE));
  await box.queue.flush();
  assert.equal(box.sent[0]?.token, alice);
});

test("when its token has run out, a batch goes with the same learner's newer one", async () => {
  const box = set();
  box.reply = { status: 0, retryAfterSeconds: 0 };
  box.identity.assume(token("alice", Date.now() + MINUTE * 2));
  box.queue.add(event(1));
  await pass(5000);
  const newer = token("alice", Date.now() + 15 * MINUTE);
  box.identity.assume(newer);
  await pass(3 * MINUTE);
  assert.equal(box.sent.at(-1)?.token, newer);
});

test("when its token has run out and somebody else is there, a batch is dropped", async () => {
  const box = set();
  box.reply = { status: 0, retryAfterSeconds: 0 };
  box.identity.assume(token("alice", Date.now() + MINUTE * 2));
  box.queue.add(event(1));
  await pass(5000);
  mock.timers.tick(0);
  box.identity.assume(token("bob", Date.now() + 30 * MINUTE));
  await pass(3 * MINUTE);
  const tries = box.sent.length;
  await pass(10 * MINUTE);
  assert.equal(box.sent.length, tries);
  assert.ok(box.sent.every(({ token: by }) => !by || !by.includes("bob")));
});

test("while the platform cannot be asked, a learner's batch waits for its token", async () => {
  let platform = (): Promise<string> => Promise.resolve(token("alice", Date.now() + 2 * MINUTE));
  const box = set(undefined, () => platform());
  box.reply = { status: 0, retryAfterSeconds: 0 };
  box.queue.add(event(1));
  await pass(5000);
  platform = () => Promise.reject(new Error("offline"));
  await pass(20 * MINUTE);
  platform = () => Promise.resolve(token("alice", Date.now() + 15 * MINUTE));
  box.reply = { status: 200, retryAfterSeconds: 0 };
  box.sent.length = 0;
  for (let i = 0; i < 4; i++) await pass(5 * MINUTE);
  assert.deepEqual(ids(box.sent), [["id-1"]]);
});
