import { beforeEach, describe, expect, it, test } from "vitest";
import { MOST_BYTES } from "../model/tray";
import { entryOf } from "../testing/shapes";
import { NOW } from "../testing/site";
import type { Stored } from "./outgoing";
import { Tray } from "./tray";

const file = (name: string, content: BlobPart = "inhoud", type = "text/plain") => new File([content], name, { type });
const no = (status: number, detail: string, more = {}): Stored => ({
  ok: false,
  problem: { status, title: "", detail, ...more },
});

let answer: Stored;
let sent: { name: string; clientId: string }[];
let tray: Tray;

beforeEach(() => {
  answer = { ok: true, entry: entryOf(1) };
  sent = [];
  tray = new Tray(() => NOW, async (item) => {
    sent.push({ name: item.file.name, clientId: item.clientId });
    return answer;
  });
});

const names = () => tray.items.peek().map((one) => one.file.name);
const problems = () => tray.items.peek().map(({ problem }) => problem);
const all = () => tray.items.peek().map(({ id }) => id);

test("files wait in their order; nothing is sent before send", () => {
  tray.add([file("a.txt"), file("b.txt")]);
  expect(names()).toEqual(["a.txt", "b.txt"]);
  expect(sent).toEqual([]);
  expect(tray.told.peek()).not.toBe("");
});

test("what is empty or too large says so at once, and is not sent", async () => {
  tray.add([file("leeg.txt", ""), file("groot.bin", new Uint8Array(MOST_BYTES + 1))]);
  expect(problems().every(Boolean)).toBe(true);
  await tray.send(all());
  expect(sent).toEqual([]);
});

test("two pasted pictures get names that can be told apart", () => {
  tray.paste([file("image.png"), file("image.png"), file("offerte.pdf")]);
  expect(new Set(names()).size).toBe(3);
  expect(names()[2]).toBe("offerte.pdf");
  expect(names()[0]).not.toBe("image.png");
});

test("a file can be taken out again, unless it is on its way", async () => {
  tray.add([file("a.txt")]);
  const [id = ""] = all();
  const sending = tray.send([id]);
  tray.remove(id);
  expect(names()).toEqual(["a.txt"]);
  await sending;
  tray.add([file("b.txt")]);
  tray.remove(all()[0] ?? "");
  expect(names()).toEqual([]);
});

describe("sending", () => {
  it("goes one after the other, and what was sent leaves the tray", async () => {
    tray.add([file("a.txt"), file("b.txt")]);
    await tray.send(all());
    expect(sent.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
    expect(names()).toEqual([]);
  });

  it("keeps a file that was refused, with the server's word about it", async () => {
    answer = no(400, "Ongeldig.", { errors: [{ field: "file", detail: "Dit is geen bestand dat wij aannemen." }] });
    tray.add([file("a.exe")]);
    await tray.send(all());
    expect(problems()).toEqual(["Dit is geen bestand dat wij aannemen."]);
  });

  it("uses the same key after a lost answer, another after a definite no", async () => {
    tray.add([file("a.txt")]);
    for (const next of [no(0, "Geen verbinding."), no(400, "Nee."), no(0, "Geen verbinding.")]) {
      answer = next;
      await tray.send(all());
    }
    const keys = sent.map(({ clientId }) => clientId);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  it("fails with the words that it belongs to", () => {
    tray.add([file("a.txt")]);
    tray.fail(all(), "Het bericht is niet verstuurd.");
    expect(problems()).toEqual(["Het bericht is niet verstuurd."]);
  });
});
