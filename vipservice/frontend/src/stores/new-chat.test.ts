import { beforeEach, describe, expect, it, test } from "vitest";
import { refusal } from "../testing/http";
import { chatOf, deskOf, meOf } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { NewChat } from "./new-chat";

let here: TestSite;
let asked: NewChat;
const topics = [{ id: "brp", name: "BRP" }];
const opened = (storage = here.storage) => {
  here = siteFor(storage);
  return new NewChat(here.site, { me: meOf("requester"), topics, availability: deskOf() });
};
const sent = () => here.http.requests.map(({ body }) => body as { clientId: string; body: string; kind: string });

function write(): void {
  asked.change(asked.topicId, "brp");
  asked.change(asked.body, "Hoe wijzig ik een adres?\n");
}

beforeEach(() => {
  here = siteFor();
  asked = opened();
});

test("says what is missing, and where, and sends nothing", async () => {
  expect(await asked.submit()).toBe("topicId");
  asked.change(asked.topicId, "brp");
  expect(await asked.submit()).toBe("body");
  expect(Object.keys(asked.wrong.peek())).toEqual(["body"]);
  expect(here.http.calls).toEqual([]);
});

test("a question that was asked leaves nothing behind, and its page opens", async () => {
  here.http.on("POST /chats", { body: chatOf() });
  write();
  await asked.submit();
  expect(sent()[0]).toMatchObject({ topicId: "brp", body: "Hoe wijzig ik een adres?", kind: "question" });
  expect(here.went).toEqual(["/chats/VIP-2026-000001"]);
  expect([...here.storage.keys()]).toEqual([]);
});

test("a technical problem goes on to the incident form", async () => {
  here.http.on("POST /chats", { body: chatOf({ kind: "problem" }) });
  write();
  asked.choose("problem");
  await asked.submit();
  expect(here.went).toEqual(["/chats/VIP-2026-000001/incident"]);
});

test("asking again, at once or while the page goes on, asks once and finds nothing missing", async () => {
  here.http.on("POST /chats", { body: chatOf() });
  write();
  await Promise.all([asked.submit(), asked.submit()]);
  expect(await asked.submit()).toBeUndefined();
  expect([here.http.calls.length, asked.busy.peek(), asked.wrong.peek()]).toEqual([1, true, {}]);
});

test("what the server said of a field goes with the next attempt", async () => {
  here.http.on("POST /chats", refusal(400, "Niet goed.", { errors: [{ field: "body", detail: "Te lang." }] }));
  write();
  await asked.submit();
  expect(asked.asking.wrong.peek()).toEqual({ body: "Te lang." });
  asked.change(asked.topicId, "");
  await asked.submit();
  expect([asked.asking.wrong.peek(), Object.keys(asked.wrong.peek())]).toEqual([{}, ["topicId"]]);
});

describe("after a lost answer", () => {
  beforeEach(async () => {
    here.http.on("POST /chats", "lost");
    write();
    await asked.submit();
  });

  it("the same question is the same chat, also after a reload", async () => {
    expect(asked.asking.problem.peek()).not.toBe("");
    const [{ clientId } = { clientId: "" }] = sent();
    asked = opened();
    here.http.on("POST /chats", { body: chatOf() });
    await asked.submit();
    expect(sent()[0]?.clientId).toBe(clientId);
  });

  it.each([
    ["other words", () => asked.change(asked.body, "Iets anders")],
    ["another kind", () => asked.choose("problem")],
  ])("%s are another question", async (_, change) => {
    change();
    await asked.submit();
    expect(sent()[1]?.clientId).not.toBe(sent()[0]?.clientId);
  });
});

test("a definite no keeps the words, and renews the key", async () => {
  here.http.on("POST /chats", refusal(403, "U bent hiervoor niet gemachtigd."));
  write();
  await asked.submit();
  await asked.submit();
  expect(asked.body.text.peek()).toBe("Hoe wijzig ik een adres?\n");
  expect(sent()[1]?.clientId).not.toBe(sent()[0]?.clientId);
  expect(here.went).toEqual([]);
});

test("a topic that is no longer there is not kept", () => {
  asked.change(asked.topicId, "weg");
  expect(opened().topicId.text.peek()).toBe("");
});

test("what can be expected is that of the chosen topic", () => {
  const topic = { ...deskOf({ waiting: 3 }), topic: { id: "brp", name: "BRP" } };
  here.wire.hears("availability", deskOf({ topics: [topic] }));
  expect(asked.availability.value.waiting).toBe(0);
  asked.change(asked.topicId, "brp");
  expect(asked.availability.value.waiting).toBe(3);
});
