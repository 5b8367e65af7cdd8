import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { todayAt } from "../lib/time";
import type { Chat } from "../model/types";
import { Alarm } from "../stores/alarm";
import type { Workbench } from "../stores/workbench";
import { refusal } from "../testing/http";
import { cleanup, click, drawPanel, fireEvent, happens, said, screen, type } from "../testing/render";
import { callbackOf, chatOf, entryOf, loadOf, SANNE } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { ConversationPanel } from "./ConversationPanel";
import { QueuePanel } from "./QueuePanel";

let here: TestSite;
let workbench: Workbench;
const mine = (more: Partial<Chat> = {}) => chatOf({ state: "active", assignee: SANNE, ...more });
const note = { ...entryOf(2, { publicSeq: null, visibility: "centre", body: "onder ons" }), kind: "note" as const, data: { file: null } };

beforeEach(() => {
  here = siteFor(undefined, "sanne");
  here.wire.opens();
  here.http.on("GET /chats/c/entries", { body: { items: [entryOf(1), note, entryOf(3)], lastSeq: 3 } });
});
afterEach(cleanup);

describe("the queue", () => {
  const queue = (state: Parameters<typeof drawPanel>[1] = {}) => {
    ({ workbench } = drawPanel((bench) => <QueuePanel alarm={new Alarm(bench, vi.fn())} />, state, here));
  };

  it("says in words that there is nobody, and who is there", () => {
    queue();
    expect(said()).toContain("You are available");
    expect(said()).toContain("You have no conversations.");
    expect(said()).toContain("Nobody is waiting.");
  });

  it("picks a waiting chat up, and opens it", async () => {
    queue({ waiting: [chatOf({ kind: "problem", returned: true })] });
    expect(said()).toContain("Technical problem");
    here.http.on("POST /chats/c/moves", { body: mine() });
    await click(/^Pick up/);
    expect(here.http.requests[0]?.body).toEqual({ move: "pick_up" });
    expect(workbench.open.peek()?.id).toBe("c");
  });

  it("shows which of the own chats is open", async () => {
    queue({ own: [mine(), mine({ id: "d", title: "Andere vraag" })] });
    expect(said()).toContain("2 of 2 active");
    await click(/Adres wijzigen/);
    expect(document.querySelectorAll("[aria-current]")).toHaveLength(1);
  });

  it("changes presence, and answers a colleague who asks", async () => {
    queue({ presence: "offline" });
    here.wire.acknowledges("presence", (said: object) => ({ ok: true, reason: "", until: null, ...said }));
    await happens(() => here.wire.hears("come", { by: "Peter" }));
    expect(said()).toContain("Peter asks you to come online");
    await click("Not now");
    expect(said()).not.toContain("Peter");
    await click("Make available");
    expect(said()).toContain("You are available");
    await click("Go away");
    await type(/^Why/, "Overleg");
    await type("Until what time?", "16:30");
    await happens(() => fireEvent.submit(document.querySelector(".hand-over") as Element));
    const until = todayAt("16:30");
    expect(here.wire.said("presence")).toEqual([{ status: "available" }, { status: "away", reason: "Overleg", until }]);
    expect(said()).toContain("You are away: Overleg, until");
  });

  it("asks who was away for too long whether they go on, in one click", async () => {
    queue({ presence: "offline" });
    here.wire.acknowledges("presence", ({ status }: { status: string }) => ({ ok: true, status, reason: "", until: null }));
    expect(said()).not.toContain("A question that waited for you");
    await happens(() => here.wire.hears("presence", { status: "offline", reason: "", until: null }));
    expect(said()).toContain("A question that waited for you went back to the queue.");
    await click("I am here, go on");
    expect(here.wire.said("presence")).toEqual([{ status: "available" }]);
    expect(said()).not.toContain("You are offline.");
  });

  it("says who took a conversation over, and why, until it was read", async () => {
    queue();
    await happens(() => here.wire.hears("taken", { by: "Ilias", number: "VIP-2026-000001", reason: "Sanne is ziek" }));
    expect(said()).toContain("Ilias took VIP-2026-000001 over from you: Sanne is ziek");
    await click("All right");
    expect(said()).not.toContain("Ilias took");
  });

  it("says whether it sounds", async () => {
    queue();
    await click("Sound on");
    expect(screen.getByRole("button", { name: "Sound off" })).toBeTruthy();
  });

  it("shows who was promised a call, and what came of each attempt, once", async () => {
    queue();
    await happens(() => here.wire.hears("queue", { waiting: [], callbacks: [callbackOf({ attempts: 1, breachedAt: "2026-04-24T14:40:00Z" })] }));
    expect(said()).toContain("1 attempt");
    expect(screen.getByRole("link", { name: "033 123 45 67" }).getAttribute("href")).toBe("tel:0331234567");
    here.http.on("POST /callbacks/b/attempts", "lost");
    await click("No answer");
    await click("No answer");
    const keys = here.http.requests.map(({ headers }) => headers.get("Idempotency-Key"));
    expect(keys[1]).toBe(keys[0]);
    expect(workbench.asking.problem.peek()).not.toBe("");
    here.http.on("GET /chats/c", { body: chatOf() });
    await click(/^Amersfoort/);
    expect(workbench.open.peek()?.id).toBe("c");
  });
});

describe("the conversation", () => {
  const open = async (chat: Chat) => {
    ({ workbench } = drawPanel(() => <ConversationPanel />, { teams: [{ id: "t", name: "Tweede lijn" }], specialists: [loadOf({ id: "peter", name: "Peter" })] }, here));
    await happens(() => workbench.show(chat));
  };
  const buttons = () => [...document.querySelectorAll(".moves button")].map((one) => one.textContent);

  it("asks to choose one", () => {
    drawPanel(() => <ConversationPanel />, {}, here);
    expect(said()).toContain("Choose a conversation");
  });

  it.each([
    ["waiting", chatOf(), ["Pick up", "Hand over", "Make incident"]],
    ["mine", mine(), ["Ask whether it is answered", "Park", "Hand over", "Make incident"]],
    ["parked", mine({ state: "parked" }), ["Ask whether it is answered", "Resume", "Hand over", "Make incident"]],
    ["proposed", mine({ state: "proposed" }), ["Resume", "Hand over", "Make incident"]],
    ["another's", mine({ assignee: { id: "peter", name: "Peter" } }), ["Take over", "Hand over"]],
    ["closed", mine({ state: "closed" }), []],
  ])("offers what can be done with one that is %s", async (_, chat, expected) => {
    await open(chat);
    expect(buttons()).toEqual(expected);
  });

  it.each([
    [chatOf(), "Pick this question up to answer it."],
    [mine({ state: "closed" }), "This conversation is closed."],
    [mine({ assignee: { id: "peter", name: "Peter" } }), "Peter has this conversation."],
  ])("says whose word it is where it is not mine", async (chat, words) => {
    await open(chat);
    expect(said()).toContain(words);
  });

  it("keeps an answer and a note apart, and shows where something waits", async () => {
    await open(mine());
    await type("Your answer", "half");
    await click("Internal note");
    expect((screen.getByLabelText(/the municipality does not see this/) as HTMLTextAreaElement).value).toBe("");
    expect(screen.getByRole("button", { name: "Answer (not sent yet)" })).toBeTruthy();
    await type(/does not see this/, "onder ons");
    here.http.on("POST /chats/c/notes", { body: note });
    await click("Keep note");
    expect(here.wire.said("send")).toEqual([]);
    expect(here.http.last.path).toBe("/chats/c/notes");
  });

  it("opens with the note that waited", async () => {
    here.site.composing.draftOf("c", "centre").type("nog een gedachte");
    await open(mine());
    expect((screen.getByLabelText(/does not see this/) as HTMLTextAreaElement).value).toBe("nog een gedachte");
  });

  it("is handed over to a team or a colleague, with the reason", async () => {
    await open(mine());
    await click("Hand over");
    await happens(() => fireEvent.change(screen.getByLabelText("To whom?"), { target: { value: "specialist:peter" } }));
    await type(/^Why/, "Dit weet Peter");
    here.http.on("POST /chats/c/moves", { body: mine({ assignee: { id: "peter", name: "Peter" } }) });
    await happens(() => fireEvent.submit(document.querySelector(".hand-over") as Element));
    expect(here.http.last.body).toEqual({ move: "hand_over", specialistId: "peter", reason: "Dit weet Peter" });
    expect(document.querySelector(".hand-over")).toBeNull();
  });

  it("that was picked up a moment ago can be given back", async () => {
    const metAt = new Date(here.site.now.peek() - 30_000).toISOString();
    const chat = mine({ pickup: { dueAt: metAt, warnAt: metAt, metAt, breachedAt: null } });
    await open(chat);
    here.http.on("POST /chats/c/moves", { body: chatOf() });
    await click("Undo the pick-up");
    expect(here.http.last.body).toEqual({ move: "give_back" });
    await open(mine({ pickup: { dueAt: metAt, warnAt: metAt, metAt: "2026-01-01T09:00:00Z", breachedAt: null } }));
    expect(screen.queryByRole("button", { name: "Undo the pick-up" })).toBeNull();
  });

  it("is parked until a moment of this device, with a reason", async () => {
    await open(mine());
    await click("Park");
    await type(/^Until when/, "2026-04-24T16:30");
    await type(/^Why/, "Ik vraag het na");
    here.http.on("POST /chats/c/moves", { body: mine({ state: "parked" }) });
    await happens(() => fireEvent.submit(document.querySelector(".hand-over") as Element));
    const until = new Date("2026-04-24T16:30").toISOString();
    expect(here.http.last.body).toEqual({ move: "park", until, reason: "Ik vraag het na" });
  });

  it("is parked until somebody writes, when no moment is chosen", async () => {
    await open(mine());
    await click("Park");
    here.http.on("POST /chats/c/moves", { body: mine({ state: "parked" }) });
    await happens(() => fireEvent.submit(document.querySelector(".hand-over") as Element));
    expect(here.http.last.body).toEqual({ move: "park", reason: "" });
  });

  it("of a colleague is taken over with a reason", async () => {
    await open(mine({ assignee: { id: "peter", name: "Peter" } }));
    await click("Take over");
    await type(/^Why/, "Peter is ziek");
    here.http.on("POST /chats/c/moves", { body: mine() });
    await happens(() => fireEvent.submit(document.querySelector(".hand-over") as Element));
    expect(here.http.last.body).toEqual({ move: "take_over", reason: "Peter is ziek" });
  });

  it("goes to nobody who is not there, or has no room", async () => {
    const items = [loadOf({ id: "peter", name: "Peter" }), loadOf({ id: "weg", name: "Weg", status: "away" }), loadOf({ id: "vol", name: "Vol", active: 2, maxChats: 2 })];
    here.http.on("GET /specialists", { body: { items } });
    await open(mine());
    await click("Hand over");
    const state = (name: RegExp) => (screen.getByRole("option", { name }) as HTMLOptionElement).disabled;
    expect([state(/^Peter/), state(/^Weg/), state(/^Vol/)]).toEqual([false, true, true]);
  });

  it("that can not be handed over stays open, with the reason", async () => {
    await open(mine());
    await click("Hand over");
    here.http.on("POST /chats/c/moves", refusal(409, "Peter heeft het druk."));
    await happens(() => fireEvent.submit(document.querySelector(".hand-over") as Element));
    expect(here.http.last.body).toMatchObject({ teamId: "t" });
    expect(document.querySelector(".hand-over")).not.toBeNull();
  });
});
