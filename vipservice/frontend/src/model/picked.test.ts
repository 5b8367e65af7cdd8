import { expect, test } from "vitest";
import { chosen, query } from "./picked";
import type { Entry } from "./types";

const entry = (seq: number, kind: Entry["kind"]) => ({ seq, kind }) as Entry;
const ENTRIES = [entry(2, "message"), entry(3, "note"), entry(4, "message")];

test("every message goes along until one is left out, and no note until it is ticked", () => {
  expect(chosen(ENTRIES, { left: new Set(), notes: new Set() })).toEqual({ entries: null, notes: [] });
  expect(query(ENTRIES, { left: new Set(), notes: new Set() })).toBe("");
});

test("what is left out and ticked is asked for by number", () => {
  const picked = { left: new Set([4]), notes: new Set([3]) };
  expect(chosen(ENTRIES, picked)).toEqual({ entries: [2], notes: [3] });
  expect(query(ENTRIES, picked)).toBe("?entries=2&notes=3");
});

test("nothing left is not the same as everything", () => {
  expect(query(ENTRIES, { left: new Set([2, 4]), notes: new Set() })).toBe("?entries=");
});
