import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { Chat } from "../model/types";
import type { Workbench } from "../stores/workbench";
import { refusal } from "../testing/http";
import { cleanup, click, drawPanel, fireEvent, happens, said, screen, } from "../testing/render";
import { chatOf, draftOf, entryOf, incidentOf, JEROEN, SANNE } from "../testing/shapes";
import { settled, siteFor, type TestSite } from "../testing/site";
import { DetailsPanel } from "./DetailsPanel";

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

describe("the details", () => {
  it("let another administrator go on, of those who may", async () => {
    await open();
    here.http.on("GET /chats/c/colleagues", { body: { items: [{ id: "samira", name: "Samira" }] } });
    await click("Another administrator goes on");
    here.http.on("PUT /chats/c/requester", { body: mine({ requester: { id: "samira", name: "Samira" } }) });
    await click("Samira");
    expect(here.http.requests.find(({ method }) => method === "PUT")?.body).toEqual({ personId: "samira" });
    expect(workbench.open.peek()?.chat.peek().requester.name).toBe("Samira");
  });

  it("say that nobody else may", async () => {
    await open();
    here.http.on("GET /chats/c/colleagues", { body: { items: [] } });
    await click("Another administrator goes on");
    expect(said()).toContain("Nobody else is authorised for this topic.");
    await click("Cancel");
    expect(said()).not.toContain("Nobody else");
  });

  const requester = {
    name: "Jeroen", email: "jeroen@amersfoort.example", phone: "", municipality: "Amersfoort",
    grants: [{ topic: null, startsOn: "2026-01-01", endsOn: null }, { topic: "BRP", startsOn: "2026-01-01", endsOn: "2026-12-31" }],
  };
  const open = async (chat = mine(), incidents = [incidentOf()]) => {
    here.http.on("GET /chats/c/requester", { body: requester });
    here.http.on("GET /chats", { body: { items: [chatOf(), chatOf({ id: "d", title: "Eerdere vraag" })] } });
    here.http.on("GET /chats/c/incident-draft", { body: draftOf() });
    here.http.on("GET /chats/c/similar-incidents", { body: { items: [] } });
    here.wire.acknowledges("subscribe", ({ chatId }: { chatId: string }) => ({
      ok: true, chat: { ...chat, id: chatId }, entries: [], lastSeq: 3, incidents,
    }));
    ({ workbench } = drawPanel(() => <DetailsPanel />, {}, here));
    await happens(() => workbench.show(chat));
  };

  it("say who asks, what went before, and how far the incident is", async () => {
    await open();
    expect(said()).toContain("jeroen@amersfoort.example");
    expect(said()).toContain("all topics until further notice");
    expect(said()).toContain("BRP until 2026-12-31");
    expect(said()).toContain("Incident INC 1");
    here.http.on("GET /chats/d/entries", { body: { items: [], lastSeq: 0 } });
    await click(/^Eerdere vraag/);
    expect(workbench.open.peek()?.id).toBe("d");
  });

  const draft = async (more = {}, similar: object[] = []) => {
    await open(mine(more), []);
    here.http.on("GET /chats/c/similar-incidents", { body: { items: similar } });
    await happens(() => {
      workbench.drafting.value = true;
    });
    await vi.waitFor(async () => {
      await happens(settled);
      expect(screen.queryByLabelText("Title")).not.toBeNull();
    });
  };

  it("make an incident of what is ticked, and no note unless it is", async () => {
    await draft();
    const ticks = screen.getAllByRole("checkbox");
    expect(ticks.map((one) => (one as HTMLInputElement).checked)).toEqual([true, false, true, false]);
    for (const tick of [ticks[0], ticks[1], ticks[3]]) await happens(() => fireEvent.change(tick as Element, { target: { checked: true } }));
    here.http.on("POST /chats/c/incidents", { body: incidentOf() });
    await click("Send incident and go on");
    expect(here.http.requests.find(({ method }) => method === "POST")?.body).toMatchObject({ entries: [3], notes: [2], keepOpen: true });
    expect(workbench.drafting.peek()).toBe(false);
  });

  it("leave no incident behind that was cancelled", async () => {
    await draft();
    await click("Cancel");
    expect(workbench.drafting.peek()).toBe(false);
    expect(here.http.calls.some((call) => call.startsWith("POST"))).toBe(false);
  });

  it("add the chat to an incident that is about the same", async () => {
    await draft({}, [{ id: "i", number: "INC 1", title: "Adres", municipality: "Leusden", topic: "BRP", progress: "received", chats: 2, createdAt: "2026-04-24T10:00:00Z" }]);
    expect(said()).toContain("INC 1 · received · Leusden · BRP");
    await click("Add to this incident");
    here.http.on("POST /incidents/i/chats", refusal(409, "Dit incident is al gesloten."));
    await click("Add and close");
    expect(said()).toContain("Dit incident is al gesloten.");
    here.http.on("POST /incidents/i/chats", { body: incidentOf() });
    await click("Add and close");
    expect(here.http.requests.filter(({ path }) => path === "/incidents/i/chats")[1]?.body).toMatchObject({ chatId: "c" });
    expect(workbench.drafting.peek()).toBe(false);
  });

  it("of another's chat show the municipality's number, to read", async () => {
    await open(mine({ assignee: JEROEN, customerReference: "Z-9" }));
    expect(said()).toContain("The municipality's own number: Z-9");
    expect(screen.queryByRole("button", { name: "Change" })).toBeNull();
  });
});

test("details ask to choose a conversation", () => {
  drawPanel(() => <DetailsPanel />, {}, here);
  expect(said()).toContain("Here you see who asks");
});
