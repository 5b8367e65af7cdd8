import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { Conversation } from "../live/conversation";
import { LIMITS } from "../model/limits";
import type { Visibility } from "../model/types";
import { cleanup, click, draw, fireEvent, happens, said, screen, type } from "../testing/render";
import { chatOf, entryOf } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { Composer } from "./Composer";
import { Unsent } from "./Unsent";

let here: TestSite;

function compose(visibility: Visibility = "everyone"): void {
  const start = { chat: chatOf(), entries: [], lastSeq: 0 };
  const conversation = new Conversation(here.site.line, here.site.composing, "centre", start);
  draw(<Composer conversation={conversation} visibility={visibility} label="Antwoord" />, here);
}

const field = () => screen.getByLabelText("Antwoord") as HTMLTextAreaElement;
const press = (key: string, more: object = {}) => happens(() => fireEvent.keyDown(field(), { key, ...more }));
const sent = () => here.wire.said<{ body: string }>("send").map(({ body }) => body);
const file = (name: string) => new File(["x"], name);
const drop = (kind: "dragover" | "drop", files: File[], types = ["Files"]) =>
  happens(() => fireEvent(field(), Object.assign(new Event(kind, { bubbles: true, cancelable: true }), { dataTransfer: { files, types } })));

beforeEach(() => {
  here = siteFor();
  here.wire.acknowledges("send", () => ({ ok: true, entry: entryOf(1) }));
  here.wire.opens();
});
afterEach(cleanup);

describe("what sends", () => {
  it("is Enter, and the button", async () => {
    compose();
    await type("Antwoord", "een");
    await press("Enter");
    await type("Antwoord", "twee");
    await click("Send");
    expect(sent()).toEqual(["een", "twee"]);
    expect(field().value).toBe("");
  });

  it.each([
    ["a new line", { shiftKey: true }],
    ["a word that is still being composed", { isComposing: true }],
  ])("is not %s", async (_, more) => {
    compose();
    await type("Antwoord", "een");
    await press("Enter", more);
    expect(sent()).toEqual([]);
  });

  it("is not a file that is dropped or pasted", async () => {
    compose();
    await drop("dragover", []);
    await drop("drop", [file("fout.log")]);
    expect(said()).toContain("fout.log");
    const clipboardData = { types: ["Files"], files: [file("image.png")] };
    await happens(() => fireEvent(field(), Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData })));
    expect(said()).toContain("screenshot-");
    expect([sent(), here.http.calls]).toEqual([[], []]);
  });
});

test("text that is dragged stays the browser's", async () => {
  compose();
  await drop("drop", [file("x.txt")], ["text/plain"]);
  expect(said()).not.toContain("x.txt");
});

test("a picture beside text is not pasted, and that is said", async () => {
  compose();
  const clipboardData = { types: ["text/plain", "Files"], files: [file("image.png")] };
  await happens(() => fireEvent(field(), Object.assign(new Event("paste", { bubbles: true }), { clipboardData })));
  expect(said()).toContain("The picture was not pasted");
});

test("words that are too long say by how much, and stay", async () => {
  compose();
  await type("Antwoord", "x".repeat(LIMITS.message + 3));
  await click("Send");
  expect(said()).toContain("This is 3 characters too long");
  expect(sent()).toEqual([]);
  expect(field().getAttribute("aria-invalid")).toBe("true");
});

test("a file can be taken out with its cross, which says whose it is", async () => {
  compose();
  await happens(() => fireEvent.change(document.querySelector("input[type=file]") as Element, { target: { files: [file("a.pdf")] } }));
  await click("Remove a.pdf");
  expect(said()).toContain("a.pdf has been removed.");
  expect(here.site.composing.hasFiles).toBe(false);
});

describe("typing", () => {
  it("is told now and then to the other side", async () => {
    compose();
    await type("Antwoord", "e");
    await type("Antwoord", "ee");
    expect(here.wire.said("typing")).toEqual([{ chatId: "c", typing: true }]);
    await type("Antwoord", "");
    await type("Antwoord", "e");
    expect(here.wire.said<{ typing: boolean }>("typing").map(({ typing }) => typing)).toEqual([true, false, true]);
  });

  it("ends with the message: nothing tells it twice", async () => {
    compose();
    await type("Antwoord", "e");
    await press("Enter");
    expect(here.wire.said("typing")).toHaveLength(1);
    await type("Antwoord", "e");
    expect(here.wire.said("typing")).toHaveLength(2);
  });

  it("of a note is told to nobody", async () => {
    compose("centre");
    await type("Antwoord", "onder ons");
    expect(here.wire.said("typing")).toEqual([]);
  });
});

test("what can not be sent any more is there to read, and to remove", async () => {
  here.site.composing.draftOf("c", "centre").type("half een notitie");
  draw(<Unsent chatId="c" visibility="centre" />, here);
  expect(said()).toContain("This internal note of yours was not kept:half een notitie");
  await click("Remove this text");
  expect(said()).toBe("");
  await happens(() => here.site.composing.tray("c", "centre").add([file("b.txt")]));
  expect(said()).toContain("b.txt");
});
