import { expect, test } from "vitest";
import { Memory } from "../testing/memory";
import { Shelf } from "./shelf";
import { unsent } from "./unsent";

test("counts conversations, not texts, and only one's own", () => {
  const store = new Memory();
  const shelf = new Shelf(store, "j");
  expect(unsent(shelf)).toBe(0);
  for (const key of ["draft:a:everyone", "draft:a:centre", "outbox:a:1", "outbox:b:2", "new:body"]) shelf.set(key, "x");
  new Shelf(store, "k").set("draft:c:everyone", "x");
  expect(unsent(shelf)).toBe(3);
});

test("a choice, a setting and white space are not words", () => {
  const shelf = new Shelf(new Memory(), "j");
  for (const key of ["new:topic", "new:client-id", "sound"]) shelf.set(key, "x");
  shelf.set("draft:a:everyone", " \n");
  expect(unsent(shelf)).toBe(0);
});
