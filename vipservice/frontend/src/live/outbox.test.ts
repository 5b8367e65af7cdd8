import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { Send } from "../model/api";
import { refusal } from "../testing/http";
import { Memory } from "../testing/memory";
import { entryOf } from "../testing/shapes";
import { settled, siteFor, type TestSite, toldByOtherTab } from "../testing/site";
import type { Outbox } from "./outbox";

let here: TestSite;
let outbox: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  here = siteFor();
  outbox = here.site.composing.outbox("c");
});
afterEach(() => vi.useRealTimers());

const sent = () => here.wire.said<Send>("send");
const bodies = () => sent().map(({ body }) => body);
const waiting = () => outbox.pending.peek().map(({ body, problem }) => [body, problem]);
const yes = ({ clientId, body }: Send) => ({ ok: true, entry: entryOf(1, { clientId, body }) });
const no = (status: number, detail: string, more = {}) => () => ({ ok: false, problem: { status, title: "", detail, ...more } });

test("what is said is stored, and then no longer waits", async () => {
  here.wire.acknowledges("send", yes);
  here.wire.opens();
  const stored = vi.fn();
  outbox.onStored = stored;
  expect(await outbox.say("hallo", "everyone")).toBe("");
  expect(waiting()).toEqual([]);
  expect(stored).toHaveBeenCalledOnce();
  expect([...here.storage.keys()]).toEqual([]);
});

describe("without a line", () => {
  it("words wait, and go in their order when it is up", async () => {
    here.wire.acknowledges("send", yes);
    void outbox.say("een", "everyone");
    void outbox.say("twee", "everyone");
    await settled();
    expect(bodies()).toEqual([]);
    here.wire.opens();
    await settled();
    expect(bodies()).toEqual(["een", "twee"]);
  });

  it("the files that came with them are told so", async () => {
    const said = outbox.say("kijk", "everyone");
    here.wire.refuses(undefined, true);
    expect(await said).not.toBe("");
    expect(waiting()).toEqual([["kijk", ""]]);
  });

  it("they outlive the page, also where their chat is not open", async () => {
    void outbox.say("bewaard", "everyone");
    const later = siteFor(here.storage);
    later.wire.acknowledges("send", yes);
    later.wire.opens();
    await settled();
    expect(later.wire.said<Send>("send").map(({ body }) => body)).toEqual(["bewaard"]);
    expect([...here.storage.keys()]).toEqual([]);
  });

  it("they stay with who said them", async () => {
    void outbox.say("van jeroen", "everyone");
    const other = siteFor(here.storage, "klarinda");
    other.wire.opens();
    await settled();
    expect(other.wire.sent).toEqual([]);
  });
});

describe("an answer that is lost", () => {
  it("has the same words sent again by themselves, under their key, and nothing newer before", async () => {
    here.wire.opens();
    void outbox.say("een", "everyone");
    void outbox.say("twee", "everyone");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bodies()).toEqual(["een"]);
    here.wire.acknowledges("send", yes);
    await vi.advanceTimersByTimeAsync(5000);
    expect(bodies()).toEqual(["een", "een", "twee"]);
    expect(sent()[1]?.clientId).toBe(sent()[0]?.clientId);
    expect(waiting()).toEqual([]);
  });

  it("is found in the timeline: the words need not be sent again", async () => {
    here.wire.opens();
    const said = outbox.say("een", "everyone");
    outbox.arrived([sent()[0]?.clientId ?? "", null]);
    expect(await said).toBe("");
    expect(waiting()).toEqual([]);
  });

  it("waits as long as the server asks", async () => {
    here.wire.acknowledges("send", no(429, "Rustig aan.", { retryAfter: 30 }));
    here.wire.opens();
    expect(await outbox.say("een", "everyone")).toBe("Rustig aan.");
    await vi.advanceTimersByTimeAsync(29_000);
    expect(sent()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent()).toHaveLength(2);
  });
});

describe("a refusal", () => {
  beforeEach(() => here.wire.opens());

  it("stops that message with the server's sentence, and lets the next pass", async () => {
    here.wire.acknowledges("send", (given: Send) => (given.body === "te lang" ? no(400, "Te lang.")() : yes(given)));
    void outbox.say("te lang", "everyone");
    void outbox.say("kort", "everyone");
    await settled();
    expect(bodies()).toEqual(["te lang", "kort"]);
    expect(waiting()).toEqual([["te lang", "Te lang."]]);
  });

  it("can be tried again, or taken back into the field", async () => {
    here.wire.acknowledges("send", no(409, "De vraag is gesloten."));
    await outbox.say("nog iets", "everyone");
    const { clientId } = outbox.pending.peek()[0] ?? { clientId: "" };
    outbox.sayAgain(clientId);
    await settled();
    expect(sent()).toHaveLength(2);
    outbox.takeBack(clientId);
    expect(waiting()).toEqual([]);
    expect(here.site.composing.draftOf("c", "everyone").text.peek()).toBe("nog iets");
  });

  it("of ours keeps the key: nobody knows whether it was stored", async () => {
    here.wire.acknowledges("send", no(500, "Er ging iets mis."));
    await outbox.say("een", "everyone");
    outbox.takeBack(sent()[0]?.clientId ?? "");
    await outbox.say("een", "everyone");
    expect(sent()[1]?.clientId).toBe(sent()[0]?.clientId);
  });

  it("that is definite renews it", async () => {
    here.wire.acknowledges("send", no(400, "Nee."));
    await outbox.say("een", "everyone");
    outbox.takeBack(sent()[0]?.clientId ?? "");
    await outbox.say("een", "everyone");
    expect(sent()[1]?.clientId).not.toBe(sent()[0]?.clientId);
  });
});

describe("a note", () => {
  it("never goes the way of an answer", async () => {
    here.http.on("POST /chats/c/notes", { body: entryOf(1) });
    here.wire.opens();
    expect(await outbox.say("onder ons", "centre")).toBe("");
    expect(here.wire.sent).toEqual([]);
    expect(here.http.last.body).toMatchObject({ body: "onder ons" });
  });

  it("that is refused comes back as a note, and the page says why", async () => {
    here.http.on("POST /chats/c/notes", refusal(403, "Dit is niet meer uw gesprek."));
    here.wire.opens();
    await outbox.say("onder ons", "centre");
    expect(waiting()).toEqual([]);
    const { composing } = here.site;
    expect(composing.draftOf("c", "centre").text.peek()).toBe("onder ons");
    expect(composing.draftOf("c", "everyone").text.peek()).toBe("");
    expect(composing.returned.peek()).toContain("Dit is niet meer uw gesprek.");
  });
});

describe("another tab", () => {
  it("shows what this one says, and that it was stored", async () => {
    const other = siteFor(here.storage);
    const its = other.site.composing.outbox("c");
    void outbox.say("hier", "everyone");
    const [key] = [...here.storage.keys()];
    toldByOtherTab(other, key ?? "");
    expect(its.pending.peek()).toEqual(outbox.pending.peek());
    here.wire.acknowledges("send", yes);
    here.wire.opens();
    await settled();
    toldByOtherTab(other, key ?? "");
    expect(its.pending.peek()).toEqual([]);
  });

  it("may have changed anything while this one rested", () => {
    const other = siteFor(here.storage).site.composing.outbox("c");
    void other.say("elders", "everyone");
    toldByOtherTab(here, null);
    expect(waiting()).toEqual([["elders", ""]]);
  });
});

test("a damaged shelf takes no page down", () => {
  const storage = new Memory([["vip:jeroen:outbox:c:x", "{"]]);
  expect(siteFor(storage).site.composing.outbox("c").pending.peek()).toEqual([]);
});
