import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { Chat, EntryOf } from "../model/types";
import { refusal } from "../testing/http";
import { chatOf, deskOf, entryOf, incidentOf, meOf } from "../testing/shapes";
import { NOW, siteFor, type TestSite } from "../testing/site";
import { ChatPage, type ChatState } from "./chat";

const DAY = 86_400_000;
let here: TestSite;

const pageOf = (chat: Partial<Chat> = {}, more: Partial<ChatState> = {}) =>
  new ChatPage(here.site, {
    me: meOf("requester"),
    chat: chatOf(chat),
    entries: [],
    lastSeq: 0,
    incidents: [],
    reopenDays: 14,
    availability: deskOf(),
    expectedAt: null,
    ...more,
  });

beforeEach(() => {
  vi.useFakeTimers();
  here = siteFor();
});
afterEach(() => vi.useRealTimers());

test("who asked it, a colleague of theirs, and the centre read it each from their side", () => {
  expect(pageOf().own.peek()).toBe(true);
  expect(pageOf({ requester: { id: "klarinda", name: "Klarinda" } }).own.peek()).toBe(false);
  expect(pageOf({}, { me: meOf("manager") }).conversation.side).toBe("centre");
});

describe("who goes on with the question of a colleague", () => {
  const klarinda = { id: "klarinda", name: "Klarinda" };

  it("may answer from then on", async () => {
    const page = pageOf({ requester: klarinda });
    here.http.on("PUT /chats/c/requester", { body: chatOf() });
    await page.goOn();
    expect(here.http.last.body).toEqual({ personId: page.own.peek() ? chatOf().requester.id : "" });
    expect(page.own.peek()).toBe(true);
  });

  it("hears why not", async () => {
    const page = pageOf({ requester: klarinda });
    here.http.on("PUT /chats/c/requester", refusal(409, "U bent niet bevoegd."));
    await page.goOn();
    expect(page.asking.problem.peek()).toBe("U bent niet bevoegd.");
    expect(page.own.peek()).toBe(false);
  });
});

describe("a move", () => {
  it("is shown at once", async () => {
    const page = pageOf({ state: "proposed" });
    here.http.on("POST /chats/c/moves", { body: chatOf({ state: "closed", outcome: "answered" }) });
    await page.move("confirm");
    expect(page.conversation.chat.peek().state).toBe("closed");
  });

  it("that is refused leaves all as it was, with the reason", async () => {
    const page = pageOf();
    here.http.on("POST /chats/c/moves", refusal(409, "De vraag is al opgepakt."));
    await page.move("withdraw");
    expect([page.conversation.chat.peek().state, page.asking.problem.peek()]).toEqual(["waiting", "De vraag is al opgepakt."]);
  });
});

describe("what can be expected", () => {
  const topic = { ...deskOf({ waiting: 3 }), topic: { id: "brp", name: "BRP" } };

  it("is that of the chat's own topic", () => {
    const page = pageOf({}, { availability: deskOf({ topics: [topic] }) });
    expect(page.desk.peek()?.waiting).toBe(3);
    here.wire.hears("availability", deskOf({ waiting: 9 }));
    expect(page.desk.peek()?.waiting).toBe(9);
  });

  it("is asked after when the desk changes, now and then, while it waits", async () => {
    const page = pageOf();
    here.http.on("GET /chats/c/expected-pickup", { body: { expectedAt: "2026-04-24T15:00:00Z" } });
    for (let n = 0; n < 5; n += 1) here.wire.hears("availability", deskOf());
    await vi.advanceTimersByTimeAsync(14_000);
    expect(page.expectedAt.peek()).toBe("2026-04-24T15:00:00Z");
    expect(here.http.calls).toHaveLength(1);
    page.conversation.chat.value = chatOf({ state: "active" });
    here.wire.hears("availability", deskOf());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(here.http.calls).toHaveLength(1);
  });

  it("stays what was known when nobody answers", async () => {
    const page = pageOf({}, { expectedAt: "2026-04-24T14:50:00Z" });
    here.http.on("GET /chats/c/expected-pickup", "lost");
    here.wire.hears("availability", deskOf());
    await vi.advanceTimersByTimeAsync(1000);
    expect([page.expectedAt.peek(), page.asking.problem.peek()]).toEqual(["2026-04-24T14:50:00Z", ""]);
  });
});

describe("a closed chat", () => {
  const closedAt = new Date(NOW).toISOString();

  it("can be reopened within the days that the server gives", () => {
    const page = pageOf({ state: "closed", outcome: "answered", closedAt });
    expect([page.mayReopen(NOW + 14 * DAY - 1), page.mayReopen(NOW + 14 * DAY)]).toEqual([true, false]);
  });

  it("with an incident can be once the engineers are done", () => {
    const closed = { state: "closed", outcome: "incident", closedAt } as const;
    expect(pageOf(closed, { incidents: [incidentOf()] }).mayReopen(NOW)).toBe(false);
    for (const progress of ["solved", "closed", "cancelled"] as const) {
      expect(pageOf(closed, { incidents: [incidentOf({ progress })] }).mayReopen(NOW + 99 * DAY)).toBe(true);
    }
  });
});

test("a callback is offered until the chat moves on", () => {
  const offered: EntryOf<"callback"> = {
    ...entryOf(2), kind: "callback", data: { step: "offered", phone: "", window: "", note: "", caller: null },
  };
  const moved: EntryOf<"moved"> = {
    ...entryOf(3), kind: "moved",
    data: { move: "pick_up", from: "waiting", to: "active", outcome: null, assignee: null, previous: null, team: null, reason: "", cause: null, until: null, owed: false },
  };
  const page = pageOf();
  expect(page.isCallbackOffered()).toBe(false);
  for (const [entry, expected] of [[entryOf(1), false], [offered, true], [moved, false]] as const) {
    here.wire.connected = true;
    here.wire.hears("entry", entry);
    expect(page.isCallbackOffered()).toBe(expected);
  }
});
