import { beforeEach, describe, expect, it, test } from "vitest";
import { refusal } from "../testing/http";
import { entryOf } from "../testing/shapes";
import { settled, siteFor, type TestSite } from "../testing/site";

let here: TestSite;
const file = (name = "scherm.png") => new File(["x"], name);
const composing = () => here.site.composing;
const write = (words: string, visibility: "everyone" | "centre" = "everyone") =>
  composing().draftOf("c", visibility).type(words);

beforeEach(() => {
  here = siteFor();
  here.http.on("POST /chats/c/attachments", { body: entryOf(2) });
  here.http.on("POST /chats/c/notes", { body: entryOf(1) });
  here.wire.acknowledges("send", () => ({ ok: true, entry: entryOf(1) }));
  here.wire.opens();
});

test("there is nothing to send where nothing was written", () => {
  write("  \n");
  expect(composing().sendAll("c", "everyone")).toBe(false);
  expect(here.wire.sent).toEqual([]);
});

test("the words go first, then the files, and the field is empty at once", async () => {
  write("kijk hier eens  ");
  composing().tray("c", "everyone").add([file()]);
  expect(composing().sendAll("c", "everyone")).toBe(true);
  expect(composing().draftOf("c", "everyone").text.peek()).toBe("");
  expect(here.http.calls).toEqual([]);
  await settled();
  expect(here.wire.said("send")).toMatchObject([{ body: "kijk hier eens" }]);
  await expect.poll(() => here.http.calls).toEqual(["POST /chats/c/attachments"]);
});

test("files stay when the words that they came with were refused, and say so", async () => {
  here.wire.acknowledges("send", () => ({ ok: false, problem: { status: 409, title: "", detail: "Gesloten." } }));
  write("kijk");
  const tray = composing().tray("c", "everyone");
  tray.add([file()]);
  composing().sendAll("c", "everyone");
  await settled();
  expect(tray.items.peek().map(({ problem }) => problem)).toEqual(["Gesloten."]);
  expect([here.http.calls, tray.busy.peek()]).toEqual([[], false]);
});

test("a file beside a note goes to the centre alone", async () => {
  write("onder ons", "centre");
  composing().tray("c", "centre").add([file()]);
  composing().sendAll("c", "centre");
  await expect.poll(() => here.http.calls).toEqual(["POST /chats/c/notes", "POST /chats/c/attachments"]);
  expect((here.http.last.body as FormData).get("visibility")).toBe("centre");
  expect(here.wire.sent).toEqual([]);
});

test("a file that was changed on the disk is not sent, and says so", async () => {
  const gone = Object.assign(file(), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) });
  const tray = composing().tray("c", "everyone");
  tray.add([gone as unknown as File]);
  composing().sendAll("c", "everyone");
  await settled();
  expect(tray.items.peek()[0]?.problem).toBeTruthy();
  expect(here.http.calls).toEqual([]);
});

test("while files are on their way nothing more is sent", async () => {
  here.http.on("POST /chats/c/attachments", new Promise<Response>(() => undefined));
  composing().tray("c", "everyone").add([file()]);
  composing().sendAll("c", "everyone");
  write("en nog iets");
  expect(composing().sendAll("c", "everyone")).toBe(false);
  expect(composing().draftOf("c", "everyone").text.peek()).toBe("en nog iets");
});

describe("what waits", () => {
  it("is told a chat and its readers apart", () => {
    write("half", "centre");
    composing().tray("d", "everyone").add([file()]);
    const waits = (chatId: string) => (["everyone", "centre"] as const).map((one) => composing().waits(chatId, one));
    expect([waits("c"), waits("d"), waits("e")]).toEqual([[false, true], [true, false], [false, false]]);
  });

  it("as a file has the browser ask before the page is left", () => {
    const leave = () => {
      const event = new Event("beforeunload", { cancelable: true });
      here.window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    composing().tray("c", "everyone").add([file()]);
    expect(leave()).toBe(true);
  });
});

test("that a note came back is said until something else is sent", async () => {
  here.http.on("POST /chats/c/notes", refusal(403, "Niet uw gesprek."));
  write("onder ons", "centre");
  composing().sendAll("c", "centre");
  await settled();
  expect(composing().returned.peek()).toContain("Niet uw gesprek.");
  composing().sendAll("c", "centre");
  expect(composing().returned.peek()).toBe("");
});
