import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { Read, Subscribe } from "../model/api";
import type { Chat, Entry } from "../model/types";
import { chatOf, entryOf, incidentOf, SANNE } from "../testing/shapes";
import { settled, siteFor, type TestSite } from "../testing/site";
import { Conversation } from "./conversation";

let here: TestSite;
let timeline: Entry[];
let chat: Chat;

/** The server: the timeline that it has, read on from a number. */
function serves(): void {
  here.wire.acknowledges("subscribe", ({ after = 0 }: Subscribe) => ({
    ok: true,
    chat: { ...chat, lastSeq: timeline.length },
    entries: timeline.slice(after),
    lastSeq: timeline.length,
    incidents: [],
  }));
}

const follow = (side: "requester" | "centre" = "requester") =>
  new Conversation(here.site.line, here.site.composing, side, { chat, entries: [], lastSeq: 0 });
const numbers = ({ timeline: known }: Conversation) => known.peek().entries.map(({ seq }) => seq);
const reads = () => here.wire.said<Read>("read").map(({ seq }) => seq);

beforeEach(() => {
  vi.useFakeTimers();
  here = siteFor();
  timeline = [entryOf(1), entryOf(2)];
  chat = chatOf();
  serves();
});
afterEach(() => vi.useRealTimers());

describe("following", () => {
  it("begins with what the page brought, and reads on when the line is up", async () => {
    const start = { chat, entries: [entryOf(1)], lastSeq: 1 };
    const conversation = new Conversation(here.site.line, here.site.composing, "requester", start);
    expect(numbers(conversation)).toEqual([1]);
    here.wire.opens();
    await settled();
    expect(here.wire.said("subscribe")).toEqual([{ chatId: "c", after: 1 }]);
    expect(numbers(conversation)).toEqual([1, 2]);
  });

  it("takes what comes, each number once, and of no other chat", async () => {
    const conversation = follow();
    here.wire.opens();
    await settled();
    here.wire.hears("entry", entryOf(3));
    here.wire.hears("entry", entryOf(3));
    here.wire.hears("entry", entryOf(4, { chatId: "another" }));
    expect(numbers(conversation)).toEqual([1, 2, 3]);
  });

  it("reads on from its last number after a gap", async () => {
    const conversation = follow();
    here.wire.opens();
    await settled();
    timeline = [1, 2, 3, 4].map((seq) => entryOf(seq));
    here.wire.hears("entry", entryOf(4));
    await settled();
    expect(numbers(conversation)).toEqual([1, 2, 3, 4]);
  });

  it("reads in parts until nothing is left", async () => {
    here.wire.acknowledges("subscribe", ({ after = 0 }: Subscribe) => ({
      ok: true,
      chat: { ...chat, lastSeq: 3 },
      entries: [entryOf(after + 1)],
      lastSeq: after + 1,
      incidents: [],
    }));
    timeline = [1, 2, 3].map((seq) => entryOf(seq));
    const conversation = follow();
    here.wire.opens();
    await settled();
    expect(numbers(conversation)).toEqual([1, 2, 3]);
  });

  it("tries again when the server has no time, and says so when it will not", async () => {
    here.wire.acknowledges("subscribe", () => ({ ok: false, problem: { status: 503, title: "", detail: "Druk." } }));
    const conversation = follow();
    here.wire.opens();
    await settled();
    expect(conversation.problem.peek()).toBe("");
    here.wire.acknowledges("subscribe", () => ({ ok: false, problem: { status: 404, title: "", detail: "Bestaat niet." } }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(conversation.problem.peek()).toBe("Bestaat niet.");
  });

  it("does not go on in a chat that was closed meanwhile", async () => {
    here.wire.acknowledges("subscribe", () => ({ ok: false, problem: { status: 503, title: "", detail: "Druk." } }));
    const conversation = follow();
    here.wire.opens();
    await settled();
    const before = reads();
    conversation.close();
    serves();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([here.wire.said("subscribe").length, reads()]).toEqual([1, before]);
    const other = follow();
    other.close();
    await settled();
    expect([numbers(other), reads()]).toEqual([[], before]);
  });

  it("ends when another chat is opened", async () => {
    const conversation = follow();
    here.wire.opens();
    await settled();
    conversation.close();
    here.wire.hears("entry", entryOf(3));
    here.wire.hears("chat", chatOf({ title: "anders" }));
    expect(numbers(conversation)).toEqual([1, 2]);
    expect(conversation.chat.peek().title).not.toBe("anders");
    expect(here.wire.said("unsubscribe")).toEqual([{ chatId: "c" }]);
  });
});

/** Numbers that look random and are the same every time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("a client that was cut at random ends equal to the timeline (%i)", async (seed) => {
  const below = chance(seed);
  const conversation = follow();
  here.wire.opens();
  await settled();
  for (let step = 0; step < 60; step += 1) {
    timeline = [...timeline, entryOf(timeline.length + 1)];
    const last = timeline.at(-1) as Entry;
    if (here.wire.connected && below(4)) here.wire.hears("entry", last);
    if (!below(5)) here.wire.drops();
    if (!here.wire.connected && below(2)) here.wire.opens();
    if (below(2)) await settled();
  }
  here.wire.drops();
  here.wire.opens();
  await settled();
  expect(conversation.timeline.peek().entries).toEqual(timeline);
});

test("what was stored shows at once, also before it is heard", async () => {
  const conversation = follow();
  here.wire.acknowledges("send", ({ clientId }: { clientId: string }) => ({ ok: true, entry: entryOf(3, { clientId }) }));
  here.wire.opens();
  await settled();
  await conversation.outbox.say("drie", "everyone");
  expect(numbers(conversation)).toEqual([1, 2, 3]);
  here.wire.hears("entry", entryOf(3));
  expect(numbers(conversation)).toEqual([1, 2, 3]);
});

test("words of which the answer was lost are in the timeline once", async () => {
  const conversation = follow();
  here.wire.opens();
  await settled();
  void conversation.outbox.say("drie", "everyone");
  const [{ clientId } = { clientId: "" }] = here.wire.said<{ clientId: string }>("send");
  timeline = [...timeline, entryOf(3, { clientId, body: "drie" })];
  here.wire.drops();
  here.wire.opens();
  await settled();
  expect(numbers(conversation)).toEqual([1, 2, 3]);
  expect(conversation.outbox.pending.peek()).toEqual([]);
});

describe("reading", () => {
  const theirs = (seq: number) => entryOf(seq, { author: { ...SANNE, side: "centre" } });
  beforeEach(() => {
    timeline = [entryOf(1), theirs(2)];
  });

  it("is told of the other side's words, and not of one's own", async () => {
    const conversation = follow();
    here.wire.opens();
    await settled();
    here.wire.hears("entry", entryOf(3));
    conversation.markRead();
    expect(reads()).toEqual([2]);
    here.wire.hears("entry", theirs(4));
    conversation.markRead();
    conversation.markRead();
    expect(reads()).toEqual([2, 4]);
  });

  it("is told when the line is up, as far as what is on screen", async () => {
    follow();
    here.wire.opens();
    await settled();
    expect(reads()).toEqual([2]);
    here.wire.drops();
    here.wire.opens();
    await settled();
    expect(reads()).toEqual([2, 2]);
  });

  it("is not told of a page that nobody looks at", async () => {
    const conversation = follow();
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    here.wire.opens();
    await settled();
    expect(reads()).toEqual([]);
    vi.restoreAllMocks();
    conversation.markRead();
    expect(reads()).toEqual([2]);
  });

  it("by the other side shows where it belongs", () => {
    const conversation = follow();
    here.wire.hears("read", { chatId: "c", person: { ...SANNE, side: "centre" }, seq: 2 });
    here.wire.hears("read", { chatId: "another", person: { ...SANNE, side: "centre" }, seq: 9 });
    expect(conversation.chat.peek()).toMatchObject({ centreReadSeq: 2, requesterReadSeq: 0 });
    here.wire.hears("read", { chatId: "c", person: { ...SANNE, side: "centre" }, seq: 1 });
    expect(conversation.chat.peek().centreReadSeq).toBe(2);
  });
});

describe("typing", () => {
  const types = (typing: boolean) => here.wire.hears("typing", { chatId: "c", person: { ...SANNE, side: "centre" }, typing });

  it("shows who types, until they stop", () => {
    const conversation = follow();
    types(true);
    expect(conversation.typing.peek()?.name).toBe("Sanne");
    types(false);
    expect(conversation.typing.peek()).toBeNull();
  });

  it("ends by itself, and with their message", async () => {
    const conversation = follow();
    here.wire.opens();
    await settled();
    types(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(conversation.typing.peek()).toBeNull();
    types(true);
    here.wire.hears("entry", entryOf(3, { author: { ...SANNE, side: "centre" } }));
    expect(conversation.typing.peek()).toBeNull();
  });
});

describe("incidents", () => {
  it("are told: nobody asks after them", async () => {
    const conversation = follow();
    here.wire.opens();
    await settled();
    here.wire.hears("incidents", { chatId: "c", items: [incidentOf()] });
    here.wire.hears("incidents", { chatId: "another", items: [] });
    expect(conversation.incidents.peek().map(({ number }) => number)).toEqual(["INC 1"]);
    expect(here.http.calls).toEqual([]);
  });

  it("that were told while the page asked are newer than what it gets", async () => {
    const conversation = follow();
    here.wire.acknowledges("subscribe", () => {
      here.wire.hears("incidents", { chatId: "c", items: [incidentOf({ progress: "solved" })] });
      return { ok: true, chat, entries: [], lastSeq: 0, incidents: [incidentOf({ progress: "received" })] };
    });
    here.wire.opens();
    await settled();
    expect(conversation.incidents.peek()[0]?.progress).toBe("solved");
  });

  it("that changed while the line was down come with what is read then", async () => {
    const conversation = follow();
    here.wire.acknowledges("subscribe", () => ({
      ok: true, chat, entries: [], lastSeq: 0, incidents: [incidentOf({ progress: "solved" })],
    }));
    here.wire.opens();
    await settled();
    expect(conversation.incidents.peek()[0]?.progress).toBe("solved");
  });
});
