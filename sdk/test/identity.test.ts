import assert from "node:assert/strict";
import { test } from "node:test";
import { claimsOf, createIdentity } from "../src/identity.ts";
import { token } from "./memory.ts";

const MINUTE = 60_000;

test("claims are read without being believed", () => {
  assert.equal(claimsOf(token("alice", 5_000)).sub, "alice");
  assert.deepEqual(claimsOf("rubbish"), {});
});

test("a token that holds for a while yet is not fetched again", async () => {
  let asked = 0;
  const fetchToken = async (): Promise<string> => (asked++, token("alice", 15 * MINUTE));
  const identity = createIdentity(fetchToken, () => 0);
  await identity.fresh();
  assert.equal(await identity.fresh(), token("alice", 15 * MINUTE));
  assert.equal(asked, 1);
});

test("a token is fetched anew a minute before its end", async () => {
  let now = 0;
  const identity = createIdentity(async () => token("alice", now + 15 * MINUTE), () => now);
  await identity.fresh();
  now = 14 * MINUTE + 1;
  assert.equal(await identity.fresh(), token("alice", now + 15 * MINUTE));
});

test("two who ask at once cause one request", async () => {
  let asked = 0;
  const fetchToken = async (): Promise<string> => (asked++, token("alice", 15 * MINUTE));
  const identity = createIdentity(fetchToken, () => 0);
  await Promise.all([identity.fresh(), identity.fresh()]);
  assert.equal(asked, 1);
});

test("when nobody is signed in, the platform is asked again only after five minutes", async () => {
  let now = 0;
  let asked = 0;
  const identity = createIdentity(async () => (asked++, ""), () => now);
  assert.equal(await identity.fresh(), "");
  now = 4 * MINUTE;
  await identity.fresh();
  assert.equal(asked, 1);
  now = 5 * MINUTE;
  await identity.fresh();
  assert.equal(asked, 2);
});

test("a platform that cannot be reached leaves it open who is there", async () => {
  const identity = createIdentity(() => Promise.reject(new Error("offline")), () => 0);
  assert.equal(await identity.fresh(), "");
  assert.equal(identity.unsure(), true);
});

test("signing out is not overruled by an answer that was on its way", async () => {
  let answer: (text: string) => void = () => undefined;
  const identity = createIdentity(() => new Promise((resolve) => (answer = resolve)), () => 0);
  const fresh = identity.fresh();
  identity.assume("");
  answer(token("alice", 15 * MINUTE));
  assert.equal(await fresh, "");
  assert.equal(identity.held(), "");
});

test("a token that was handed over counts until its end", () => {
  let now = 0;
  const identity = createIdentity(undefined, () => now);
  identity.assume(token("alice", MINUTE));
  assert.equal(identity.held(), token("alice", MINUTE));
  now = MINUTE;
  assert.equal(identity.held(), "");
});
