// A conversation over the official Socket.IO client, by CONTRACT alone: both sides, and a note.
// Arguments: the server's address, the folder with node_modules, and JSON {requester, specialist,
// chatId}: two session cookies and the chat that the specialist has.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

const [, , url, front, given] = process.argv;
const { io } = createRequire(`${front}/package.json`)("socket.io-client");
const { requester, specialist, chatId } = JSON.parse(given);

class Person {
  heard = [];
  waiting = [];

  constructor(session) {
    this.cookie = `vipservice_session=${session}`;
    this.socket = io(url, { extraHeaders: { cookie: this.cookie }, forceNew: true });
    this.socket.onAny((event, payload) => {
      this.heard.push([event, payload]);
      this.waiting = this.waiting.filter((one) => !one(event, payload));
    });
  }

  connected = () => new Promise((done, fail) => this.socket.on("connect", done).on("connect_error", fail));

  async ask(event, payload) {
    const answer = await this.socket.timeout(10_000).emitWithAck(event, payload);
    assert.equal(answer.ok, true, JSON.stringify(answer));
    return answer;
  }

  say = async (body) => (await this.ask("send", { chatId, clientId: randomUUID(), body })).entry;

  /** The first event of this name that fits, heard already or to come. */
  hears(event, fits) {
    const known = this.heard.find(([name, payload]) => name === event && fits(payload));
    if (known) return Promise.resolve(known[1]);
    return new Promise((done) => {
      this.waiting.push((name, payload) => name === event && fits(payload) && (done(payload), true));
    });
  }

  /** A change over HTTP, with the token of a page. */
  async post(path, body) {
    const page = await fetch(`${url}/account`, { headers: { cookie: this.cookie } });
    const token = /name="csrf-token" content="([^"]+)"/.exec(await page.text())[1];
    const cookies = [this.cookie, ...page.headers.getSetCookie().map((one) => one.split(";")[0])];
    const headers = { cookie: cookies.join("; "), "X-CSRF-Token": token, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, await answer.clone().text());
    return answer.json();
  }
}

const [jeroen, sanne] = [new Person(requester), new Person(specialist)];
await Promise.all([jeroen.connected(), sanne.connected()]);
for (const one of [jeroen, sanne]) {
  const read = await one.ask("subscribe", { chatId, after: 0 });
  assert.equal(read.chat.id, chatId);
  assert.equal(read.lastSeq, read.entries.at(-1).seq);
  one.lastSeq = read.lastSeq;
}

const question = await jeroen.say("En hoe dan?");
assert.equal(question.seq, jeroen.lastSeq + 1);
const heard = await sanne.hears("entry", ({ clientId }) => clientId === question.clientId);
assert.deepEqual([heard.body, heard.author.side], ["En hoe dan?", "requester"]);

await sanne.ask("typing", { chatId, typing: true });
assert.equal((await jeroen.hears("typing", (told) => told.chatId === chatId)).person.side, "centre");

const note = await sanne.post(`/chats/${chatId}/notes`, { clientId: randomUUID(), body: "Alleen voor ons" });
assert.equal((await sanne.hears("entry", ({ clientId }) => clientId === note.clientId)).kind, "note");
const answer = await sanne.say("Met de knop Afdrukken.");
assert.equal(answer.seq, note.seq + 1);
const told = await jeroen.hears("entry", ({ clientId }) => clientId === answer.clientId);
assert.equal(told.seq, question.seq + 1);
assert.ok(!JSON.stringify(jeroen.heard).includes("Alleen voor ons"));

await jeroen.ask("read", { chatId, seq: told.seq });
assert.equal((await sanne.hears("read", (one) => one.person.side === "requester")).seq, told.seq);
assert.equal((await sanne.post(`/chats/${chatId}/moves`, { move: "propose" })).state, "proposed");
await jeroen.hears("chat", ({ state }) => state === "proposed");
assert.equal((await jeroen.post(`/chats/${chatId}/moves`, { move: "confirm" })).outcome, "answered");
await sanne.hears("chat", ({ state }) => state === "closed");

const again = new Person(requester);
await again.connected();
const whole = await again.ask("subscribe", { chatId, after: 0 });
assert.deepEqual(whole.entries.map(({ seq }) => seq), whole.entries.map((_, place) => place + 1));
for (const one of [jeroen, sanne, again]) one.socket.disconnect();
