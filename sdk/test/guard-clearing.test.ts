import assert from "node:assert/strict";
import { test } from "node:test";
import { domainsOf, endings, pathsOf, refusedBy } from "../guard/clearing.ts";
import type { Known } from "../guard/given.ts";

const KNOWN: Known[] = [
  ["necessary", "cookie", "shop_basket"],
  ["targeting", "cookie", "shop_*"],
  ["performance", "local_storage", "visits.*"],
];
const nothing = (category: string): boolean => category === "necessary";

test("what is registered in a refused category is to go, by name and by pattern", () => {
  const refused = refusedBy(KNOWN, nothing);
  assert.equal(refused("cookie", "shop_ad"), true);
  assert.equal(refused("local_storage", "visits.today"), true);
});

test("the most exact name counts, and it comes first", () => {
  assert.equal(refusedBy(KNOWN, nothing)("cookie", "shop_basket"), false);
});

test("what is allowed, of another kind or not registered stays", () => {
  const refused = refusedBy(KNOWN, (category) => category !== "targeting");
  assert.equal(refused("local_storage", "visits.today"), false);
  assert.equal(refused("session_storage", "shop_ad"), false);
  assert.equal(refused("cookie", "unheard"), false);
});

test("a name is no expression: only its stars stand for something", () => {
  const refused = refusedBy([["targeting", "cookie", "a.b(c*"]], nothing);
  assert.equal(refused("cookie", "a.b(c\nd"), true);
  assert.equal(refused("cookie", "aXb(c"), false);
});

test("a cookie may lie on each domain above the host, and an address has none", () => {
  assert.deepEqual(domainsOf("a.b.example"), ["", "a.b.example", "b.example", "example"]);
  assert.deepEqual(domainsOf("127.0.0.1"), [""]);
  assert.deepEqual(domainsOf("[::1]"), [""]);
});

test("a cookie may lie on each path above the page", () => {
  assert.deepEqual(pathsOf("/courses/a"), ["/", "/courses", "/courses/", "/courses/a", "/courses/a/"]);
  assert.deepEqual(pathsOf("/"), ["/"]);
});

test("each ending is written with and without a partition, and Secure where the name asks for it", () => {
  const at = { hostname: "b.example", pathname: "/", protocol: "http:" } as Location;
  assert.deepEqual(endings("x", at).slice(0, 2), [
    "x=;Max-Age=0;Path=/",
    "x=;Max-Age=0;Path=/;Secure;SameSite=None;Partitioned",
  ]);
  assert.equal(endings("__Host-x", at)[0], "__Host-x=;Max-Age=0;Path=/;Secure");
  assert.ok(endings("x", at).includes("x=;Max-Age=0;Path=/;Domain=b.example"));
});
