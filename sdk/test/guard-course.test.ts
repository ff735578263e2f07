import assert from "node:assert/strict";
import { test } from "node:test";

import { isEnding, nameOf, setterIn } from "../guard/course.ts";

test("a cookie's name is what stands before its first equals sign", () => {
  assert.equal(nameOf(" lab = a=b; path=/"), "lab");
  assert.equal(nameOf("nameless; path=/a=b"), "");
  assert.equal(nameOf(""), "");
});

test("what is over ends a cookie, and what lasts does not", () => {
  const now = Date.UTC(2026, 10, 22);
  for (const over of ["max-age=0", "Max-Age = -1", "expires=Thu, 01 Jan 1970 00:00:00 GMT"])
    assert.equal(isEnding(`a=1; path=/; ${over}`, now), true, over);
  for (const lasts of ["path=/", "max-age=60", "expires=Fri, 22 Nov 2030 00:00:00 GMT", "expires=x"])
    assert.equal(isEnding(`a=1; ${lasts}`, now), false, lasts);
});

test("a value that looks like an end is none", () => {
  assert.equal(isEnding("a=max-age=0", 0), false);
});

test("Max-Age counts before Expires, as browsers have it", () => {
  assert.equal(isEnding("a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=60", 1e12), false);
});

test("the setter is the first script in the stack that is not our own", () => {
  const own = "https://learn.example/api/v1/guard.js?site=hedgerow";
  const stack = `Error
    at set (${own}:1:20)
    at track (https://lab.example:8443/a.js:3:4)
    at https://learn.example/course:9:1`;
  assert.equal(setterIn(stack, own), "lab.example");
  assert.equal(setterIn("set@" + own + ":1:2\ntrack@https://lab.example/a.js:3:4", own), "lab.example");
  assert.equal(setterIn("Error\n at <anonymous>", own), "");
});
