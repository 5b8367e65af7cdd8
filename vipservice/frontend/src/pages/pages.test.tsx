// Each page as the server gives it: its state in the document, and nothing else known.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cleanup, click, fireEvent, happens, said, screen, type } from "../testing/render";
import { boardOf, chatOf, deskOf, draftOf, entryOf, forecastOf, incidentOf, loadOf, meOf, digestOf } from "../testing/shapes";
import { FakeHttp } from "../testing/http";
import { FakeWire } from "../testing/wire";

let wire: FakeWire;
let http: FakeHttp;
const connected = vi.fn();

vi.mock("socket.io-client", () => ({ io: (options: unknown) => connected(options) }));

const PAGES = import.meta.glob(["./*.tsx", "!./*.test.tsx"]);

async function open(page: string, state: object): Promise<void> {
  document.head.innerHTML = `<meta name="person" content="jeroen"><meta name="csrf-token" content="token">
    <script id="state" type="application/json">${JSON.stringify(state)}</script>`;
  document.body.innerHTML = '<main id="island"></main>';
  vi.resetModules();
  await happens(() => PAGES[`./${page}.tsx`]?.());
}

beforeEach(() => {
  wire = new FakeWire();
  wire.opens();
  http = new FakeHttp();
  connected.mockReset().mockReturnValue(wire);
  vi.stubGlobal("fetch", http.fetch);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  document.body.innerHTML = "";
  history.replaceState(null, "", "/");
  localStorage.clear();
});

const chatState = (more: object = {}, chat: object = {}) => ({
  me: meOf("requester"), chat: chatOf(chat), entries: [entryOf(1)], lastSeq: 1, incidents: [],
  reopenDays: 14, availability: deskOf(), expectedAt: null, ...more,
});

test("a page says for whom it connects, and which server it wants back", async () => {
  await open("chats", { me: meOf("requester"), mayOpen: true, availability: deskOf(), chats: [chatOf()] });
  expect(connected.mock.calls[0]?.[0]).toMatchObject({ auth: { person: "jeroen" }, transports: ["websocket", "polling"] });
  expect(connected.mock.calls[0]?.[0].query.client).toBeTruthy();
  expect(said()).toContain("Open questions of Amersfoort");
  await happens(() => wire.hears("digest", digestOf("municipality", [chatOf({ state: "closed", outcome: "answered" })])));
  expect(said()).toContain("There are no open questions.");
});

test("who may not ask is told so", async () => {
  await open("chats", { me: meOf("requester"), mayOpen: false, availability: deskOf(), chats: [] });
  expect(screen.queryByRole("link", { name: "Ask a question" })).toBeNull();
  expect(said()).toContain("but not ask any yourself");
});

test("a new question: what is missing is told at its field, which has the keyboard", async () => {
  await open("new-chat", { me: meOf("requester"), topics: [{ id: "brp", name: "BRP" }], availability: deskOf() });
  await click("Send question");
  expect(document.activeElement?.id).toBe("topicId");
  expect(said()).toContain("Choose what your question is about.");
  await happens(() => fireEvent.change(screen.getByLabelText("What is it about?"), { target: { value: "brp" } }));
  await type("Your question", "Hoe?");
  await happens(() => fireEvent.click(screen.getByLabelText(/^Report a technical problem/)));
  http.on("POST /chats", "lost");
  await click("On to the incident form");
  expect(http.last.body).toMatchObject({ topicId: "brp", body: "Hoe?", kind: "problem" });
  expect(said()).toContain("There is no connection with the server.");
});

test("one's own chat that waits says what can be expected, and can be withdrawn", async () => {
  const soon = new Date(Date.now() + 20 * 60_000).toISOString();
  await open("chat", chatState({}, { pickup: { dueAt: soon, warnAt: soon, metAt: null, breachedAt: null } }));
  expect(said()).toContain("You are in the queue. A specialist comes before");
  http.on("POST /chats/c/moves", { body: chatOf({ state: "closed", outcome: "withdrawn" }) });
  await click("Withdraw question");
  expect(said()).toContain("Ask a new question");
});

test("a proposed answer is confirmed or not", async () => {
  await open("chat", chatState({}, { state: "proposed" }));
  http.on("POST /chats/c/moves", { body: chatOf({ state: "active" }) });
  await click("Not solved yet");
  expect(http.last.body).toEqual({ move: "reject" });
  expect(screen.queryByRole("button", { name: "Yes, close the conversation" })).toBeNull();
});

test("a closed chat with an incident takes additions for the engineers", async () => {
  await open("chat", chatState({ incidents: [incidentOf()] }, { state: "closed", outcome: "incident", closedAt: "2026-04-24T14:45:00Z" }));
  expect(screen.getByLabelText("Add something for the engineers")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Reopen" })).toBeNull();
});

test("a colleague's chat can be followed, not answered", async () => {
  await open("chat", chatState({}, { requester: { id: "klarinda", name: "Klarinda" } }));
  expect(said()).toContain("Klarinda can answer.");
  expect(screen.queryByRole("textbox")).toBeNull();
});

test("the incident form of the official route sends once and leads back", async () => {
  await open("problem", { me: meOf("requester"), chat: chatOf(), draft: draftOf() });
  http.on("POST /chats/c/incidents", "lost");
  await click("Send incident");
  http.on("POST /chats/c/incidents", { body: incidentOf() });
  const went = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  await click("Send incident");
  const keys = http.requests.map(({ headers }) => headers.get("Idempotency-Key"));
  expect(keys).toEqual([keys[0], keys[0]]);
  expect(went).toHaveBeenCalledExactlyOnceWith("/chats/VIP-2026-000001");
});

const bench = { me: meOf("specialist"), maxChats: 2, presence: "available", waiting: [chatOf()], own: [chatOf({ id: "d", unread: 3, state: "active" })], specialists: [], teams: [] };

test("the workbench shows its panels one at a time where there is no room", async () => {
  await open("workbench", bench);
  const tab = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-pressed");
  expect(tab("Queue (1)")).toBe("true");
  await click("Conversation (3)");
  expect([tab("Queue (1)"), tab("Conversation (3)")]).toEqual(["false", "true"]);
});

test("the workbench opens the chat that its address names", async () => {
  history.replaceState(null, "", "?chat=c");
  http.on("GET /chats/c", { body: chatOf() });
  http.on("GET /chats/c/entries", { body: { items: [entryOf(1)], lastSeq: 1 } });
  http.on("GET /chats/c/requester", { body: { name: "Jeroen", email: "", phone: "", municipality: "", grants: [] } });
  http.on("GET /chats", { body: { items: [] } });
  await open("workbench", bench);
  expect(said()).toContain("bericht 1");
});

const figures = boardOf({
  waiting: 4, late: 1, warned: 2, breachedToday: 1, percentWithin: 79.9, withinToday: 8, offeredToday: 10,
  longestWaitSince: new Date(Date.now() - 42 * 60_000).toISOString(),
  specialists: [loadOf(), loadOf({ id: "p", name: "Peter", status: "away" })],
  topics: [{ name: "BRP", waiting: 4, breachedToday: 1, offeredToday: 10, withinToday: 8 }, { name: "Leeg", waiting: 0, breachedToday: 0, offeredToday: 0, withinToday: 0 }],
});

test.each(["dashboard", "wallboard"])("the %s says what is late, and never more than was reached", async (page) => {
  await open(page, { me: meOf("manager"), board: figures, targetMinutes: 30 });
  expect(said()).toContain("79%");
  expect(said()).toContain("8 of 10");
  expect(said()).toMatch(/42 ?min/);
  await happens(() => wire.hears("forecast", forecastOf({ late: 1, neededNow: 2 })));
  expect(said()).toContain("unless 2 colleagues join now");
  await happens(() => wire.hears("board", boardOf()));
  expect(said()).toContain("–");
});
