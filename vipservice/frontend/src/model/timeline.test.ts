import { describe, expect, it } from "vitest";
import { anchor, caughtUp, mark, received, type Timeline } from "./timeline";
import type { Entry } from "./types";

const entry = (seq: number): Entry => ({
  chatId: "c",
  seq,
  publicSeq: seq,
  kind: "message",
  visibility: "everyone",
  author: null,
  at: "2026-04-24T14:45:00Z",
  body: String(seq),
  data: {},
  clientId: null,
});
const upTo = (n: number): Timeline =>
  caughtUp({ entries: [], lastSeq: 0 }, Array.from({ length: n }, (_, i) => entry(i + 1)), n);

describe("an entry", () => {
  it("has one place on the page for both sides, and another that only the centre knows", () => {
    const both = { ...entry(7), publicSeq: 4 };
    const note = { ...entry(8), publicSeq: null };
    expect([anchor(both), anchor(note)]).toEqual(["entry-4", "note-8"]);
    expect([mark(both), mark(note)]).toEqual(["4", "n8"]);
  });
});

describe("a timeline", () => {
  it("takes the next entry", () => {
    const { timeline, gap } = received(upTo(2), entry(3));
    expect(gap).toBe(false);
    expect(timeline.entries.map((one) => one.seq)).toEqual([1, 2, 3]);
  });

  it("drops what it knows", () => {
    expect(received(upTo(3), entry(2))).toEqual({ timeline: upTo(3), gap: false });
  });

  it("takes nothing after a gap, but asks to read on", () => {
    expect(received(upTo(2), entry(4))).toEqual({ timeline: upTo(2), gap: true });
  });

  it("is whole again when live entries raced the reading", () => {
    const live = received(upTo(2), entry(3)).timeline;
    expect(caughtUp(live, [entry(3), entry(4)], 4)).toEqual(upTo(4));
  });

  it("skips numbers that are hidden from this reader without asking forever", () => {
    const read = caughtUp(upTo(2), [entry(4)], 4);
    expect(read.lastSeq).toBe(4);
    expect(received(read, entry(5)).gap).toBe(false);
  });

  it("ends equal to one that never left, whatever order things come in", () => {
    for (const order of [[3, 4, 5], [5, 4, 3], [4, 3, 5], [5, 5, 3]]) {
      let mine = upTo(2);
      for (const seq of order) mine = received(mine, entry(seq)).timeline;
      mine = caughtUp(mine, [3, 4, 5].map(entry), 5);
      expect(mine).toEqual(upTo(5));
    }
  });
});
