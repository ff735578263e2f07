import assert from "node:assert/strict";
import { test } from "node:test";
import { functionNames, place, scrubbed, tidied, tidy } from "../src/scrub.ts";

globalThis.location = new URL("https://learn.example/courses/x?q=1") as unknown as Location;

test("an address loses its query and its fragment", () => {
  assert.equal(place("/a/b?token=secret#part"), "/a/b");
});

test("another site's address keeps its origin", () => {
  assert.equal(place("https://other.example/p?q=alice"), "https://other.example/p");
});

test("a fragment that is a route is kept, without its query", () => {
  assert.equal(place("#/unit/3?name=alice"), "/courses/x#/unit/3");
  assert.equal(place("#access_token=secret"), "/courses/x");
});

test("of a mail address or a script only the scheme is told", () => {
  assert.equal(place("mailto:alice@example.com"), "mailto:");
  assert.equal(place("javascript:alert(1)"), "javascript:");
});

test("what is no address is nothing", () => {
  assert.equal(place("http://["), "");
});

test("an e-mail address in a path is blanked", () => {
  assert.equal(place("/users/alice@example.com/x"), "/users/…/x");
});

test("texts are short, with single spaces and no e-mail addresses", () => {
  assert.equal(tidy("  write \n to alice.b+c@example.co.uk  now "), "write to … now");
  assert.equal(tidy("x".repeat(900)).length, 300);
});

test("empty fields are left out, and numbers are rounded", () => {
  const data = { a: "", b: undefined, c: NaN, d: Infinity, e: 0, f: "f", g: 1.23456, h: " x " };
  assert.deepEqual(tidied(data), { e: 0, f: "f", g: 1.235, h: "x" });
});

const messages: [said: string, typed: string[], told: string][] = [
  [`Unexpected token 'h', "hello my name" is not valid JSON`, [], "Unexpected token …, … is not valid JSON"],
  ["No user named Alice Adams", ["Alice Adams"], "No user named …"],
  ["Alice Adams and Alice", ["Alice", "Alice Adams"], "… and …"],
  ["Can't find variable: foo", [], "Can't find variable: foo"],
  ["card 4111111111111111 refused", [], "card … refused"],
  ["GET /api?name=alice failed", [], "GET /api… failed"],
  ["bad «Alice» and `Bob`", [], "bad … and …"],
  ['unterminated "secret', [], "unterminated …"],
  ["x is undefined", ["x", "is"], "x is undefined"],
];
for (const [said, typed, told] of messages)
  test(`an error's message loses what may have been typed: ${told}`, () => {
    assert.equal(scrubbed(said, typed), told);
  });

test("of a stack only the names of functions are told", () => {
  const chromium = `TypeError: secret typed text
    at inner (https://learn.example/app.js?token=secret:1:2)
    at async Outer.run (https://learn.example/app.js:3:4)
    at new Thing (https://learn.example/app.js:3:4)
    at https://learn.example/app.js:5:6`;
  assert.equal(functionNames(chromium), "inner < Outer.run < Thing");
  const firefox = "inner@https://learn.example/app.js:1:2\nouter/<@https://learn.example/app.js:3:4";
  assert.equal(functionNames(firefox), "inner < outer/<");
  assert.equal(functionNames(undefined), "");
});
