import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { refusal } from "../testing/http";
import { cleanup, click, draw, happens, said, screen, type } from "../testing/render";
import { chatOf, deskOf, forecastOf } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { AvailabilityCard } from "./AvailabilityCard";
import { Remaining, StateBadge, Unread } from "./Badges";
import { CallbackOffer } from "./Callback";
import { ChatList } from "./ChatList";
import { ChatSearch } from "./ChatSearch";
import { ClockPanel } from "./ClockPanel";
import { CustomerReference } from "./CustomerReference";
import { ForecastPanel } from "./Forecast";
import { ConnectionNotice } from "./Notice";
import { UndeliveredNotice } from "./UndeliveredNotice";

let here: TestSite;
beforeEach(() => {
  here = siteFor();
});
afterEach(cleanup);

describe("the connection", () => {
  it("is only spoken of when it is lost or over", async () => {
    draw(<ConnectionNotice />, here);
    expect(said()).toBe("");
    await happens(() => here.wire.opens());
    expect(said()).toBe("");
    await happens(() => here.wire.drops());
    expect(said()).toContain("The connection is lost.");
    await happens(() => here.site.session.end("U bent uitgelogd."));
    expect(said()).toContain("U bent uitgelogd.");
    expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/login");
  });
});

describe("the desk", () => {
  it.each([
    [{ open: false, staffed: false }, "The knowledge centre is closed"],
    [{ staffed: false }, "nobody is free right now"],
    [{ waiting: 2 }, "2 questions are waiting."],
    [{}, "No questions are waiting."],
  ])("says in words how it is (%o)", (desk, words) => {
    draw(<AvailabilityCard desk={deskOf(desk)} />, here);
    expect(said()).toContain(words);
  });
});

describe("a badge", () => {
  it.each([
    [{ state: "waiting" }, "Waiting"],
    [{ state: "proposed" }, "Answer proposed"],
    [{ state: "closed", outcome: "answered" }, "Answered"],
    [{ state: "closed", outcome: "incident" }, "Passed on as incident"],
    [{ state: "closed", outcome: "withdrawn" }, "Withdrawn"],
    [{ state: "closed", outcome: "answered_unconfirmed" }, "Closed without confirmation"],
    [{ state: "closed", outcome: "callback" }, "Call back"],
  ] as const)("says the state or the outcome (%o)", (chat, words) => {
    draw(<StateBadge chat={chatOf(chat)} />, here);
    expect(said()).toBe(words);
  });

  it("of unread words is read out, and absent without any", () => {
    draw(<Unread count={0} />, here);
    expect(said()).toBe("");
    draw(<Unread count={2} />, here);
    expect(said()).toBe("2 unread messages");
  });

  const due = (dueAt: string, warnAt = dueAt) => chatOf({ pickup: { dueAt, warnAt, metAt: null, breachedAt: null } });
  it.each([
    ["in time", due("2026-04-24T15:10:00Z"), "calm", "25 minutes left"],
    ["almost late", due("2026-04-24T14:50:00Z", "2026-04-24T14:40:00Z"), "soon", "5 minutes left"],
    ["late at its very moment", due("2026-04-24T14:45:00Z"), "late", "1 minute too late"],
    ["late", due("2026-04-24T14:35:00Z"), "late", "10 minutes too late"],
    ["long late", due("2026-04-24T12:00:00Z"), "late", "too late since"],
    ["far ahead", due("2026-04-24T17:00:00Z"), "calm", "before"],
  ])("of the promise that is %s says so in words", (_, chat, level, words) => {
    draw(<Remaining chat={chat} />, here);
    expect(said()).toContain(words);
    expect(document.querySelector(`.remaining--${level}`)).not.toBeNull();
  });
});

test("a list of chats leads to each, and says when it is empty", () => {
  draw(<ChatList chats={[]} empty="Er is niets." />, here);
  expect(said()).toBe("Er is niets.");
  draw(<ChatList chats={[chatOf({ unread: 1 })]} empty="" />, here);
  expect(screen.getByRole("link", { name: /^Adres wijzigen/ }).getAttribute("href")).toBe("/chats/VIP-2026-000001");
});

describe("searching", () => {
  it("finds, says that it found nothing, and asks nothing for nothing", async () => {
    draw(<ChatSearch />, here);
    here.http.on("GET /chats", { body: { items: [chatOf()] } });
    await type(/^Search by word/, " UIT & 5031 ");
    await click("Search");
    expect(here.http.last.path).toContain("q=UIT%20%26%205031");
    expect(said()).toContain("VIP-2026-000001");
    here.http.on("GET /chats", { body: { items: [] } });
    await click("Search");
    expect(said()).toContain("Nothing was found.");
    await type(/^Search by word/, " ");
    await click("Search");
    expect(here.http.calls).toHaveLength(2);
    expect(said()).not.toContain("Nothing was found.");
  });

  it("too often is refused in words, and keeps what was found", async () => {
    draw(<ChatSearch />, here);
    await type(/^Search by word/, "adres");
    here.http.on("GET /chats", { body: { items: [chatOf()] } });
    await click("Search");
    here.http.on("GET /chats", refusal(429, "U zoekt te vaak."));
    await click("Search");
    expect(said()).toContain("U zoekt te vaak.");
    expect(said()).toContain("VIP-2026-000001");
  });
});

describe("the own number of the municipality", () => {
  it("is noted, and shown as the server has it", async () => {
    const changed = vi.fn();
    draw(<CustomerReference chat={chatOf()} onChange={changed} />, here);
    here.http.on("PUT /chats/c/customer-reference", { body: chatOf({ customerReference: "Z-1" }) });
    await click("Note the municipality's own number");
    await type("The municipality's own number", "Z-1");
    await click("Keep");
    expect(here.http.last.body).toEqual({ number: "Z-1" });
    expect(changed).toHaveBeenCalledWith(chatOf({ customerReference: "Z-1" }));
  });

  it("that is refused stays in its field", async () => {
    draw(<CustomerReference chat={chatOf()} onChange={vi.fn()} />, here);
    here.http.on("PUT /chats/c/customer-reference", refusal(400, "Het nummer is te lang."));
    await click(/own number/);
    await type("The municipality's own number", "Z");
    await click("Keep");
    expect(said()).toContain("Het nummer is te lang.");
    await click("Cancel");
    expect(said()).not.toContain("te lang");
  });
});

describe("the offer to be called back", () => {
  const offer = () => {
    const done = vi.fn();
    draw(<CallbackOffer chatId="c" onDone={done} />, here);
    return done;
  };

  it("closes the chat once", async () => {
    const done = offer();
    here.http.on("POST /chats/c/callbacks", { body: chatOf({ state: "closed" }) });
    await type("Telephone number", "033 123 45 67");
    await type(/When does it suit/, "na 14 uur");
    await click("Call me back");
    expect(here.http.last.body).toEqual({ phone: "033 123 45 67", window: "na 14 uur" });
    expect(here.http.last.headers.get("Idempotency-Key")).toBeTruthy();
    expect(done).toHaveBeenCalledOnce();
  });

  it("says what a number looks like", async () => {
    const done = offer();
    here.http.on("POST /chats/c/callbacks", refusal(400, "Ongeldig.", { errors: [{ field: "phone", detail: "Nee." }] }));
    await click("Call me back");
    expect(said()).toContain("such as 033 123 45 67");
    expect(done).not.toHaveBeenCalled();
  });
});

describe("how the promised time comes about", () => {
  const clock = {
    cycle: 1, target: "pickup", turn: 1, startedAt: "2026-04-24T14:40:00Z", dueAt: "2026-04-24T15:10:00Z",
    counted: [{ start: "2026-04-24T14:40:00Z", end: "2026-04-24T15:10:00Z" }], minutes: 30, spentSeconds: 300,
    metAt: null, breachedAt: null, endedAt: null, calendarVersion: 1, policyVersion: 2,
  };
  const open = () =>
    happens(() => {
      const details = document.querySelector("details") as HTMLDetailsElement;
      details.open = true;
    });

  it.each([
    [{}, "Still running"],
    [{ metAt: "2026-04-24T14:45:00Z" }, "in time."],
    [{ metAt: "2026-04-24T15:45:00Z", breachedAt: "2026-04-24T15:10:00Z" }, ": too late."],
    [{ breachedAt: "2026-04-24T15:10:00Z" }, "Too late, and not done yet"],
    [{ endedAt: "2026-04-24T14:45:00Z" }, "No longer needed since"],
    [{ endedAt: "2026-04-24T15:45:00Z", breachedAt: "2026-04-24T15:10:00Z" }, "Not done in time; it ended"],
  ])("is read when it is opened, and tells what became of it (%o)", async (more, words) => {
    here.http.on("GET /chats/c/clocks", { body: { items: [{ ...clock, ...more }] } });
    draw(<ClockPanel chatId="c" lastSeq={1} />, here);
    expect(here.http.calls).toEqual([]);
    await open();
    expect(said()).toContain(words);
    expect(said()).toContain("By opening hours version 1 and targets version 2.");
  });

  it("that can not be read says why", async () => {
    here.http.on("GET /chats/c/clocks", refusal(503, "De dienst heeft het druk."));
    draw(<ClockPanel chatId="c" lastSeq={1} />, here);
    await open();
    expect(said()).toContain("De dienst heeft het druk.");
  });
});

describe("the forecast", () => {
  const pressing = forecastOf({
    late: 1,
    neededNow: 1,
    colleagues: [{ id: "peter", name: "Peter" }],
    idle: [{ chatId: "d", number: "VIP-2", specialist: "Sanne", minutes: 12 }],
    chances: [{ chatId: "c", number: "VIP-1", chance: 0.2 }],
  });

  it("offers nothing where nobody is late", () => {
    draw(<ForecastPanel forecast={forecastOf()} target={30} />, here);
    expect(screen.queryAllByRole("button")).toEqual([]);
  });

  it("offers what helps, and says what came of it", async () => {
    draw(<ForecastPanel forecast={pressing} target={30} />, here);
    here.http.on("POST /specialists/peter/calls", { body: {} });
    here.http.on("POST /chats/d/moves", refusal(409, "Deze vraag is al geparkeerd."));
    here.http.on("POST /chats/c/callback-offers", { body: {} });
    await click("Ask Peter to come online");
    expect(said()).toContain("Peter has been asked.");
    await click(/^Park VIP-2 of Sanne/);
    expect(said()).toContain("Deze vraag is al geparkeerd.");
    expect(said()).not.toContain("Peter has been asked.");
    await click(/^Offer VIP-1 a callback \(chance 20%\)/);
    expect(said()).toContain("The callback was offered.");
  });
});

test("what does not get out is told, and nothing when all did", () => {
  draw(<UndeliveredNotice alarm={{ count: 2, since: "2026-04-24T14:40:00Z" }} />, here);
  expect(said()).toMatch(/^2 messages have not left since/);
  cleanup();
  for (const alarm of [null, { count: 0, since: null }]) draw(<UndeliveredNotice alarm={alarm} />, here);
  expect(said()).toBe("");
});
