import { expect, test } from "vitest";
import { Memory } from "../testing/memory";
import { leave, removeLeft, removeWithoutOwner, Shelf, stay } from "./shelf";

test("one person's words are nobody else's", () => {
  const store = new Memory();
  const [jeroen, klarinda] = [new Shelf(store, "j"), new Shelf(store, "k")];
  jeroen.set("new:body", "Hoe?");
  klarinda.set("new:body", "Waarom?");
  expect(jeroen.get("new:body")).toBe("Hoe?");
  expect(jeroen.keys()).toEqual(["new:body"]);
  expect(jeroen.own("vip:k:new:body")).toBeNull();
  jeroen.clear();
  expect([...store]).toEqual([["vip:k:new:body", "Waarom?"]]);
});

test("what is empty takes no place, and nobody owns nothing", () => {
  const store = new Memory();
  const shelf = new Shelf(store, "j");
  shelf.set("draft:c:everyone", "x");
  shelf.set("draft:c:everyone", "");
  new Shelf(store, "").set("draft:c:everyone", "x");
  expect(store.size).toBe(0);
  expect(shelf.get("draft:c:everyone")).toBe("");
});

test("a full storage is no mistake", () => {
  const store = new Memory();
  store.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  new Shelf(store, "j").set("new:body", "Hoe?");
  expect(store.size).toBe(0);
});

test("what has no owner is removed, and the rest is left alone", () => {
  const store = new Memory(
    ["draft:c", "outbox:c", "sound", "vip:j:draft:c:everyone", "soundtrack"].map((key) => [key, "x"]),
  );
  removeWithoutOwner(store);
  expect([...store.keys()]).toEqual(["vip:j:draft:c:everyone", "soundtrack"]);
});

test("who left is forgotten once nobody is signed in, and a colleague is not", () => {
  const store = new Memory();
  const [jeroen, klarinda] = [new Shelf(store, "j"), new Shelf(store, "k")];
  for (const shelf of [jeroen, klarinda]) shelf.set("new:body", "Hoe?");
  for (const shelf of [jeroen, klarinda]) leave(shelf);
  stay(klarinda);
  expect(jeroen.get("new:body")).toBe("Hoe?");
  removeLeft(store);
  expect([...store.keys()]).toEqual(["vip:k:new:body"]);
});

test("nothing but lib/shelf.ts names the browser's storage", () => {
  const files = import.meta.glob<string>("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
  const naming = Object.entries(files)
    .filter(([name, text]) => !/\.test\.tsx?$/.test(name) && /(local|session)Storage|indexedDB|document\.cookie/.test(text))
    .map(([name]) => name);
  expect(naming).toEqual(["../lib/shelf.ts"]);
});

test("no module remembers anything: what a page knows is made with the page", () => {
  const files = import.meta.glob<string>("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
  const ours = Object.entries(files).filter(([name]) => !/\.test\.tsx?$|^\.\.\/(testing|pages)\//.test(name));
  const remembers = /^(export )?(let |const .* = (signal|computed|effect|new (?!Intl\.)|(\[\]|\{\});$)|\w[\w.]*\()/m;
  expect(ours.filter(([, text]) => remembers.test(text)).map(([name]) => name)).toEqual([]);
});
