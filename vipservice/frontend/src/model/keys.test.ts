import { expect, test } from "vitest";
import { isDefinite, isPassing, Keys } from "./keys";

test("the same words after a lost answer are the same message, until it is known", () => {
  let made = 0;
  const keys = new Keys(() => `key-${++made}`);
  const key = keys.of("ja");
  keys.keep("ja", key);
  expect(keys.of("ja")).toBe(key);
  expect(keys.of("nee")).not.toBe(key);
  keys.settle(key);
  expect(keys.of("ja")).not.toBe(key);
});

test("no answer, a busy server and a lost session say nothing about what was sent", () => {
  expect([400, 403, 404, 409, 413, 422].map((status) => isDefinite({ status }))).not.toContain(false);
  expect([0, 401, 408, 429, 500, 502].map((status) => isDefinite({ status }))).not.toContain(true);
});

test("what passes goes again by itself; our mistakes and refusals wait for somebody", () => {
  expect([0, 401, 408, 429, 503].map((status) => isPassing({ status }))).not.toContain(false);
  expect([400, 403, 409, 500].map((status) => isPassing({ status }))).not.toContain(true);
  expect([isPassing({ status: 409, retryAfter: 1 }), isDefinite({ status: 409, retryAfter: 1 })]).toEqual([true, false]);
});
