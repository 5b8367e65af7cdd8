import { describe, expect, it } from "vitest";
import { anchor, caughtUp, mark, received, type Timeline } from "./timeline";
import type { Entry, EntryOf, Said } from "./types";

const entry = (seq: number): EntryOf<"message"> => ({
  chatId: "c",
  seq,
  publicSeq: seq,
  kind: "message",
  visibility: "everyone",
  author: null,
  at: "2026-04-24T14:45:00Z",
  body: String(seq),
  words: "as_said",
  data: { addition: false, file: null },
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

describe("words that became others", () => {
  const corrected = (seq: number, of: number, body: string): Entry => ({
    ...entry(seq), kind: "corrected", words: "corrected", body, data: { of, note: false },
  });
  const withdrawn = (seq: number, of: number, note = false): Entry => ({
    ...entry(seq), kind: "withdrawn", words: "withdrawn", body: "", data: { of, note },
  });
  const told = (timeline: Timeline) => timeline.entries.map(({ body, words }) => [body, words]);

  it("say what the last one says, everywhere", () => {
    const first = received(upTo(2), corrected(3, 1, "een")).timeline;
    expect(told(first)).toEqual([["een", "corrected"], ["2", "as_said"], ["een", "corrected"]]);
    const second = received(first, withdrawn(4, 1)).timeline;
    expect(told(second).map(([body]) => body)).toEqual(["", "2", "", ""]);
  });

  it("take their file along", () => {
    const file = { ...entry(1), data: { addition: false, file: { id: "f", name: "f.txt", size: 1 } } };
    const timeline = caughtUp({ entries: [], lastSeq: 0 }, [file, withdrawn(2, 1)], 2);
    expect((timeline.entries[0] as Said).data.file).toBeNull();
  });

  it("are those of a note when it says so", () => {
    const note = { ...entry(2), publicSeq: null };
    const timeline = caughtUp({ entries: [], lastSeq: 0 }, [entry(1), note, withdrawn(3, 2, true)], 3);
    expect(told(timeline)[0]).toEqual(["1", "as_said"]);
    expect(told(timeline)[1]).toEqual(["", "withdrawn"]);
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
