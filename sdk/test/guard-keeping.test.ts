import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createKeeping, markOf } from "../guard/keeping.ts";
import { createPrefs } from "../guard/prefs.ts";
import { MemoryStorage } from "./memory.ts";

let local: MemoryStorage;
let session: MemoryStorage;
let allowed: boolean;
let person: string;

beforeEach(() => {
  local = new MemoryStorage();
  session = new MemoryStorage();
  allowed = true;
  person = "";
});

const prefsOf = () =>
  createPrefs({ local, session }, () => person, () => allowed, () => 0).prefs;

test("a preference is kept and read", () => {
  const prefs = prefsOf();
  assert.equal(prefs.set("layout", { columns: 2 }), true);
  assert.deepEqual(prefs.get("layout"), { columns: 2 });
  prefs.remove("layout");
  assert.equal(prefs.get("layout"), undefined);
  assert.equal(local.length, 0);
});

test("without functionality nothing is kept, and nothing that lies there is read", () => {
  const prefs = prefsOf();
  prefs.set("layout", "wide");
  allowed = false;
  assert.equal(prefs.get("layout"), undefined);
  assert.equal(prefs.set("colour", "dark"), false);
  assert.doesNotMatch(local.getItem("privet_prefs") ?? "", /dark/);
});

test("on a shared device nobody is given what another kept", () => {
  const prefs = prefsOf();
  person = "alice";
  prefs.set("layout", "wide");
  person = "carol";
  assert.equal(prefs.get("layout"), undefined);
  person = "alice";
  assert.equal(prefs.get("layout"), "wide");
  assert.doesNotMatch([...Array(local.length).keys()].map((i) => local.key(i)).join(), /alice/);
  assert.equal(markOf(""), "");
});

test("what somebody else wrote into the item is nothing", () => {
  for (const text of ["[1", "null", '"x"', "7"]) {
    local.setItem("privet_prefs", text);
    assert.equal(prefsOf().get("layout"), undefined);
    assert.equal(prefsOf().set("layout", 1), true);
  }
});

test("what JSON cannot say is not kept, and that is said", () => {
  const prefs = prefsOf();
  prefs.set("layout", "wide");
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  for (const value of [undefined, () => 1, Symbol("s"), 1n, circle])
    assert.equal(prefs.set("layout", value), false);
  assert.equal(prefs.get("layout"), "wide");
});

test("names are only names", () => {
  const prefs = prefsOf();
  assert.equal(prefs.get("constructor"), undefined);
  assert.equal(prefs.set("__proto__", { admin: true }), true);
  assert.deepEqual(prefs.get("__proto__"), { admin: true });
  assert.equal(({} as Record<string, unknown>).admin, undefined);
});

test("what is too large, or has no storage, is not kept", () => {
  assert.equal(prefsOf().set("book", "x".repeat(300_000)), false);
  assert.equal(createKeeping(undefined, "privet_prefs").set("layout", 1), false);
});

test("a draft that nobody came back for in a month goes, a younger one stays", () => {
  const day = 86_400_000;
  const item = createKeeping(local, "privet_drafts");
  item.set("old", { typed: { text: "x" }, at: 0 });
  item.set("young", { typed: { text: "y" }, at: 20 * day });
  item.set("broken", null);
  const { drafts } = createPrefs({ local, session }, () => "", () => allowed, () => 40 * day);
  allowed = false;
  drafts.allowed();
  assert.deepEqual(item.names(), ["old", "young", "broken"]);
  allowed = true;
  drafts.allowed();
  assert.deepEqual(item.names(), ["young"]);
});
