import { beforeEach, describe, expect, it, test, vi } from "vitest";
import { refusal } from "../testing/http";
import { callbackOf, chatOf, digestOf, entryOf, incidentOf, meOf, SANNE } from "../testing/shapes";
import { settled, siteFor, type TestSite } from "../testing/site";
import { Workbench } from "./workbench";

let here: TestSite;
let workbench: Workbench;

beforeEach(() => {
  here = siteFor(undefined, "sanne");
  here.wire.opens();
  workbench = new Workbench(here.site, {
    me: meOf("specialist"),
    maxChats: 2,
    presence: "available",
    waiting: [chatOf()],
    own: [],
    specialists: [],
    teams: [],
  });
  for (const id of ["c", "d"]) here.http.on(`GET /chats/${id}/entries`, { body: { items: [entryOf(1, { chatId: id })], lastSeq: 1 } });
});

const ids = (chats: readonly { id: string }[]) => chats.map(({ id }) => id);
const mine = (more = {}) => chatOf({ state: "active", assignee: SANNE, ...more });

test("the conversation that the address names comes with the page, and nothing is asked for", () => {
  const named = { chat: chatOf(), entries: [entryOf(1)], lastSeq: 1, incidents: [incidentOf()] };
  const begun = new Workbench(here.site, { ...workbench.start, open: named });
  expect([begun.open.peek()?.id, begun.panel.peek()]).toEqual(["c", "conversation"]);
  expect(begun.open.peek()?.incidents.peek()).toHaveLength(1);
  expect(here.http.calls).toEqual([]);
});

describe("the lists", () => {
  it("are the server's when it tells them whole", () => {
    here.wire.hears("queue", { waiting: [chatOf({ id: "d" })], callbacks: [callbackOf()] });
    expect([ids(workbench.waiting.peek()), ids(workbench.callbacks.peek())]).toEqual([["d"], ["b"]]);
  });

  it("say what does not get out, from the first word on", () => {
    here.wire.hears("undelivered", { count: 2, since: "2026-04-24T14:40:00Z" });
    expect(workbench.undelivered.peek()?.count).toBe(2);
  });

  it("follow each chat: picked up by me, by another, closed", () => {
    here.wire.hears("chat", mine());
    expect([ids(workbench.waiting.peek()), ids(workbench.own.peek())]).toEqual([[], ["c"]]);
    expect(workbench.active.peek()).toBe(1);
    here.wire.hears("chat", mine({ assignee: { id: "peter", name: "Peter" } }));
    expect(ids(workbench.own.peek())).toEqual([]);
    here.wire.hears("chat", mine());
    here.wire.hears("chat", mine({ state: "closed" }));
    expect(ids(workbench.own.peek())).toEqual([]);
  });

  it("are told by digests, and renewed whole when the line comes back", async () => {
    here.wire.hears("digest", digestOf("queue", [chatOf({ id: "e" })], ["c"], 7));
    here.wire.hears("digest", digestOf("mine", [mine({ id: "f" })]));
    expect([ids(workbench.waiting.peek()), ids(workbench.own.peek())]).toEqual([["e"], ["f"]]);
    here.wire.hears("digest", digestOf("queue", [], ["e"], 6));
    expect(ids(workbench.waiting.peek())).toEqual(["e"]);
    const digests = [digestOf("queue", [chatOf({ id: "g" })], [], 8), digestOf("mine", [], [], 8)];
    here.wire.acknowledges("watch", () => ({ ok: true, digests }));
    here.wire.drops();
    here.wire.opens();
    await settled();
    expect([ids(workbench.waiting.peek()), ids(workbench.own.peek())]).toEqual([["g"], []]);
    expect(here.wire.said("watch")).toEqual(Array(2).fill({ lists: ["queue", "mine"] }));
  });

  it("keep what a digest said later than the answer to the question for them", async () => {
    let answer: (told: object) => void = () => undefined;
    here.wire.acknowledges("watch", () => new Promise((resolve) => (answer = resolve)));
    here.wire.drops();
    here.wire.opens();
    here.wire.hears("digest", digestOf("queue", [chatOf({ id: "e" })], ["c"], 9));
    answer({ ok: true, digests: [digestOf("queue", [chatOf(), chatOf({ id: "d" })], [], 8)] });
    await settled();
    expect(ids(workbench.waiting.peek()).sort()).toEqual(["d", "e"]);
  });

  it("are asked for again when the server is busy", async () => {
    vi.useFakeTimers();
    here.wire.acknowledges("watch", () => ({ ok: false, problem: { status: 503, title: "", detail: "Druk.", retryAfter: 2 } }));
    here.wire.drops();
    here.wire.opens();
    await settled();
    here.wire.acknowledges("watch", () => ({ ok: true, digests: [digestOf("queue", [])] }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(workbench.waiting.peek()).toEqual([]);
    vi.useRealTimers();
  });

  it("have the queue in the server's order", () => {
    const due = (dueAt: string) => ({ pickup: { dueAt, warnAt: dueAt, metAt: null, breachedAt: null } });
    const late = chatOf({ id: "late", ...due("2026-04-24T15:00:00Z") });
    const soon = chatOf({ id: "soon", ...due("2026-04-24T14:50:00Z") });
    here.wire.hears("digest", digestOf("queue", [soon, late, chatOf({ ...late, id: "back", returned: true })], ["c"]));
    expect(ids(workbench.waiting.peek())).toEqual(["back", "soon", "late"]);
  });

  it("put who waits for an answer first", () => {
    here.wire.hears("chat", mine({ updatedAt: "2026-04-24T14:50:00Z" }));
    here.wire.hears("chat", mine({ id: "d", unread: 1 }));
    expect(ids(workbench.orderedOwn.peek())).toEqual(["d", "c"]);
  });
});

describe("presence", () => {
  it("is what the server says, also after waking", () => {
    here.wire.hears("presence", { status: "offline", reason: "", until: null });
    expect(workbench.presence.peek()).toBe("offline");
  });

  it("changes after the server's yes, and answers who asked", async () => {
    here.wire.hears("come", { by: "Peter" });
    expect(workbench.askedBy.peek()).toBe("Peter");
    here.wire.acknowledges("presence", ({ status }: { status: string }) => ({ ok: true, status, reason: "" }));
    workbench.asking.refusal.value = { status: 409, title: "", detail: "Peter heeft deze vraag al." };
    await workbench.setPresence("away");
    expect([workbench.presence.peek(), workbench.askedBy.peek()]).toEqual(["away", ""]);
    expect(workbench.asking.problem.peek()).toBe("Peter heeft deze vraag al.");
  });

  it("stays what it was when it is refused, with the reason", async () => {
    here.wire.acknowledges("presence", () => ({ ok: false, problem: { status: 429, title: "", detail: "Te vaak." } }));
    await workbench.setPresence("away");
    expect([workbench.presence.peek(), workbench.asking.problem.peek()]).toEqual(["available", "Te vaak."]);
  });
});

describe("opening a chat", () => {
  it("shows it, and leaves the one before", async () => {
    await workbench.show(chatOf());
    const first = workbench.open.peek();
    workbench.drafting.value = true;
    await workbench.show(chatOf({ id: "d" }));
    expect(workbench.open.peek()?.id).toBe("d");
    expect([workbench.drafting.peek(), workbench.panel.peek()]).toEqual([false, "conversation"]);
    here.wire.hears("entry", entryOf(2));
    expect(first?.timeline.peek().lastSeq).toBe(1);
  });

  it("that is refused leaves the open one where it is", async () => {
    await workbench.show(chatOf());
    here.http.on("GET /chats/x", refusal(404, "Bestaat niet."));
    await workbench.showById("x");
    expect([workbench.open.peek()?.id, workbench.asking.problem.peek()]).toEqual(["c", "Bestaat niet."]);
  });

  it("asks after its incidents only where there is no line to tell them", async () => {
    await workbench.show(chatOf());
    here.http.on("GET /chats/c/incidents", { body: { items: [incidentOf()] } });
    expect(here.http.calls).toEqual(["GET /chats/c/entries"]);
    here.wire.drops();
    await workbench.show(chatOf());
    expect(workbench.open.peek()?.incidents.peek()).toEqual([incidentOf()]);
  });

  it("keeps what waits in the other one", async () => {
    await workbench.show(chatOf());
    here.site.composing.draftOf("c", "centre").type("half");
    await workbench.show(chatOf({ id: "d" }));
    await workbench.show(chatOf());
    expect(here.site.composing.draftOf("c", "centre").text.peek()).toBe("half");
  });
});

describe("a move", () => {
  it("changes the open chat at once", async () => {
    await workbench.show(mine());
    here.http.on("POST /chats/c/moves", { body: mine({ state: "parked" }) });
    await workbench.move("c", "park");
    expect(workbench.open.peek()?.chat.peek().state).toBe("parked");
  });

  it("picks up and opens", async () => {
    here.http.on("POST /chats/c/moves", { body: mine() });
    await workbench.pickUp(chatOf());
    expect(workbench.open.peek()?.chat.peek().assignee).toEqual(SANNE);
  });

  it("that somebody was before us with says so, and opens nothing", async () => {
    here.http.on("POST /chats/c/moves", refusal(409, "Peter heeft deze vraag al."));
    await workbench.pickUp(chatOf());
    expect([workbench.open.peek(), workbench.asking.problem.peek()]).toEqual([null, "Peter heeft deze vraag al."]);
  });
});

test("a page that is looked at again tells what is read", async () => {
  here.wire.acknowledges("subscribe", () => ({ ok: true, chat: chatOf(), entries: [], lastSeq: 1, incidents: [] }));
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await workbench.show(chatOf());
  await settled();
  expect(here.wire.said("read")).toEqual([]);
  vi.restoreAllMocks();
  document.dispatchEvent(new Event("visibilitychange"));
  expect(here.wire.said("read")).toEqual([{ chatId: "c", seq: 1 }]);
});

test("a panel outside its workbench is a mistake of ours", async () => {
  const { useWorkbench } = await import("./workbench");
  const { renderHook } = await import("@testing-library/preact");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(() => renderHook(() => useWorkbench())).toThrow("outside the workbench");
  vi.restoreAllMocks();
});
