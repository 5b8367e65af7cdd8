import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Conversation } from "../live/conversation";
import type { Entry, Side, Visibility } from "../model/types";
import { cleanup, click, draw, happens, said, screen } from "../testing/render";
import { chatOf, entryOf, reported, SANNE } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { Timeline } from "./Timeline";

let here: TestSite;
const takenBack = vi.fn<(visibility: Visibility) => void>();

function show(entries: Entry[], side: Side = "requester", chat = {}): Conversation {
  const start = { chat: chatOf(chat), entries, lastSeq: entries.length };
  const conversation = new Conversation(here.site.line, here.site.composing, side, start);
  draw(<Timeline conversation={conversation} onTakeBack={takenBack} />, here);
  return conversation;
}

const CENTRE = { ...SANNE, side: "centre" } as const;
const texts = () => [...document.querySelectorAll(".said__body")].map((one) => one.textContent);

beforeEach(() => {
  takenBack.mockClear();
  here = siteFor();
});
afterEach(cleanup);

test("own words, those of the other side and notes can be told apart", () => {
  show([entryOf(1), entryOf(2, { author: CENTRE }), { ...entryOf(3, { author: CENTRE, publicSeq: null }), kind: "note", data: { file: null } }], "centre");
  const classes = [...document.querySelectorAll(".said")].map((one) => one.className.replace("said ", ""));
  expect(classes).toEqual(["said--other", "said--own", "said--note"]);
  expect(document.getElementById("note-3")?.textContent).toContain("Internal note");
});

test("own words say whether they were read", async () => {
  const conversation = show([entryOf(1), entryOf(2)], "requester", { centreReadSeq: 1 });
  const marks = () => [...document.querySelectorAll(".said__mark")].map((one) => one.textContent);
  expect(marks()).toEqual(["✓✓ Read", "✓ Sent"]);
  await happens(() => {
    conversation.chat.value = chatOf({ centreReadSeq: 2 });
  });
  expect(marks()).toEqual(["✓✓ Read", "✓✓ Read"]);
});

test("words that were withdrawn or erased are gone, and say so", () => {
  show([
    entryOf(1, { words: "withdrawn", body: "" }),
    entryOf(2, { words: "erased", body: "" }),
    entryOf(3, { words: "corrected", body: "beter" }),
  ]);
  expect(texts()).toEqual(["This was withdrawn.", "This is not kept any more.", "beter"]);
  expect(said()).toContain("Corrected");
});

test("a file is a link with its size", () => {
  show([entryOf(1, { data: { addition: false, file: { id: "f", name: "fout.log", size: 2048 } } })]);
  expect(screen.getByRole("link", { name: "File: fout.log (2 kB)" }).getAttribute("href")).toBe("/api/v1/attachments/f");
});

test("what happened is a sentence, and a day is named once", () => {
  show([entryOf(1), reported(2), entryOf(3, { at: "2026-04-25T10:00:00Z" })]);
  expect(said()).toContain("INC 1");
  expect(document.querySelectorAll(".timeline__day")).toHaveLength(2);
});

test("a new entry appears, and who types until then", async () => {
  show([entryOf(1)]);
  await happens(() => here.wire.hears("typing", { chatId: "c", person: CENTRE, typing: true }));
  expect(said()).toContain("Sanne is typing…");
  await happens(() => here.wire.hears("entry", entryOf(2, { author: CENTRE, body: "antwoord" })));
  expect(texts()).toEqual(["bericht 1", "antwoord"]);
  expect(said()).not.toContain("is typing");
});

test("what waits shows that it is on its way, or why it is not, and what can be done", async () => {
  const conversation = show([]);
  await happens(() => void conversation.outbox.say("hallo", "everyone"));
  expect(said()).toContain("hallo Sending…".replace(" ", ""));
  here.wire.acknowledges("send", () => ({ ok: false, problem: { status: 400, title: "", detail: "Dat kan niet." } }));
  await happens(() => here.wire.opens());
  expect(said()).toContain("Not sent. Dat kan niet.");
  await click("Again");
  expect(here.wire.said("send")).toHaveLength(2);
  await click("Edit");
  expect(takenBack).toHaveBeenCalledWith("everyone");
  expect(here.site.composing.draftOf("c", "everyone").text.peek()).toBe("hallo");
});
