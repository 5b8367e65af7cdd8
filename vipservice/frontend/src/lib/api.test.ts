import { beforeEach, describe, expect, it, test } from "vitest";
import { FakeHttp, refusal } from "../testing/http";
import { Api, type Refused } from "./api";
import { Session } from "./session";

let http: FakeHttp;
let session: Session;
let api: Api;

beforeEach(() => {
  http = new FakeHttp();
  session = new Session();
  api = new Api(session, { "X-CSRF-Token": "token", "X-Person": "jeroen" }, http.fetch);
});

const refused = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => (error as Refused).problem,
  );
const key = () => http.last.headers.get("Idempotency-Key");

test("every call says for whom its page was made", async () => {
  http.on("GET /me", { body: {} });
  await api.get("/me");
  expect(http.last.headers.get("X-Person")).toBe("jeroen");
  expect(http.last.headers.get("X-CSRF-Token")).toBe("token");
});

test("a move is one resource with the move in its body", async () => {
  http.on("POST /chats/c/moves", { body: { id: "c" } });
  expect(await api.move("c", "hand_over", { teamId: "t" })).toEqual({ id: "c" });
  expect(http.last.body).toEqual({ move: "hand_over", teamId: "t" });
});

test("a file goes as it is, with the type that the browser gives it", async () => {
  http.on("POST /chats/c/attachments", { body: {} });
  const form = new FormData();
  await api.post("/chats/c/attachments", form);
  expect(http.last.body).toBe(form);
  expect(http.last.headers.get("Content-Type")).toBeNull();
});

describe("a refusal", () => {
  it("is thrown with the server's own sentence", async () => {
    http.on("PUT /chats/c/customer-reference", refusal(400, "Het nummer is te lang."));
    await expect(api.put("/chats/c/customer-reference", {})).rejects.toThrow("Het nummer is te lang.");
    expect(session.ended).toBe(false);
  });

  it("without a word, or no answer at all, is no connection", async () => {
    http.on("GET /me", { status: 502, body: null });
    expect((await refused(api.get("/me")))?.status).toBe(0);
    http.on("GET /me", "lost");
    expect((await refused(api.get("/me")))?.status).toBe(0);
  });

  it("that is about the session ends it, and from then on nothing is sent", async () => {
    http.on("GET /me", refusal(401, "U bent uitgelogd."));
    await refused(api.get("/me"));
    expect(session.goodbye.peek()).toBe("U bent uitgelogd.");
    expect(await refused(api.post("/chats", { body: "van wie?" }))).toMatchObject({
      status: 401,
      detail: "U bent uitgelogd.",
    });
    expect(http.calls).toEqual(["GET /me"]);
  });
});

describe("what could be done twice", () => {
  const ask = () => refused(api.postOnce("/chats/c/callbacks", { phone: "1" }));

  it.each([
    ["a lost answer", "lost" as const],
    ["a busy server", refusal(503)],
    ["one that asks for patience", refusal(429)],
    ["a mistake of ours", refusal(500)],
    ["a refusal that passes", refusal(409, "Nog bezig.", { retryAfter: 1 })],
  ])("goes under the same key after %s", async (_, answer) => {
    http.on("POST /chats/c/callbacks", answer);
    await ask();
    const first = key();
    await ask();
    expect(first).toBeTruthy();
    expect(key()).toBe(first);
  });

  it.each([
    ["a yes", { body: {} }],
    ["a definite no", refusal(400)],
  ])("is something new after %s", async (_, answer) => {
    http.on("POST /chats/c/callbacks", answer);
    await ask();
    const first = key();
    await ask();
    expect(key()).not.toBe(first);
  });

  it("is told apart by its words, and by what it is about", async () => {
    http.on("POST /callbacks/b/attempts", "lost");
    const keys = [];
    for (const [reached, about] of [[true, 0], [false, 0], [true, 1], [true, 0]] as const) {
      await refused(api.postOnce("/callbacks/b/attempts", { reached }, about));
      keys.push(key());
    }
    expect(new Set(keys).size).toBe(3);
    expect(keys[3]).toBe(keys[0]);
  });
});
