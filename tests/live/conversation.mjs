// The official Socket.IO client, by CONTRACT alone: a requester and a specialist talk.
// Usage: node conversation.mjs CLIENT_MODULE URL REQUESTER_COOKIE SPECIALIST_COOKIE CHAT_ID

const [module, url, requesterCookie, specialistCookie, chatId] = process.argv.slice(2);
const { io } = await import(module);

const connect = (cookie) =>
  new Promise((resolve, reject) => {
    const socket = io(url, {
      transports: ["websocket"],
      forceNew: true,
      extraHeaders: { Cookie: `vipservice_session=${cookie}` },
    });
    socket.on("connect", () => resolve(socket));
    socket.on("connect_error", reject);
  });

const ask = (socket, event, payload) => socket.timeout(8000).emitWithAck(event, payload);
const heard = (socket, event, test) =>
  new Promise((resolve) => {
    const listen = (payload) => {
      if (!test(payload)) return;
      socket.off(event, listen);
      resolve(payload);
    };
    socket.on(event, listen);
  });
const must = (condition, what) => {
  if (!condition) throw new Error(what);
};

const requester = await connect(requesterCookie);
const specialist = await connect(specialistCookie);
const opened = await ask(requester, "subscribe", { chatId, after: 0 });
must(opened.ok && opened.entries[0].kind === "opened", "subscribe gives the timeline");
must((await ask(specialist, "subscribe", { chatId, after: 0 })).ok, "the specialist subscribes");
must((await ask(specialist, "presence", { status: "available" })).ok, "presence");

const watched = await ask(requester, "watch", { lists: ["mine"] });
must(watched.ok && watched.digests[0].changed[0].id === chatId, "watch gives each list as it is");
const queueTold = heard(specialist, "queue", () => true);
must((await ask(specialist, "watch", { lists: ["queue"] })).ok, "the specialist looks at the queue");
must(Array.isArray((await queueTold).waiting), "the whole comes on watch");

const typing = heard(requester, "typing", (said) => said.typing);
await ask(specialist, "typing", { chatId, typing: true });
must((await typing).person.side === "centre", "typing reaches the other");

const digest = heard(requester, "digest", ({ list }) => list === "mine");
const arrives = heard(requester, "entry", (entry) => entry.body === "Zo drukt u af.");
const answer = { chatId, clientId: crypto.randomUUID(), body: "Zo drukt u af." };
const first = await ask(specialist, "send", answer);
const again = await ask(specialist, "send", answer);
must(first.ok && first.entry.seq === again.entry.seq, "said once");
const entry = await arrives;
must(entry.seq === first.entry.seq && entry.author.side === "centre", "the entry arrives");

const told = await digest;
must(told.changed[0].lastWords === "Zo drukt u af.", "the list is told what changed in it");
must(told.version > watched.digests[0].version && told.removed.length === 0, "each digest has its number");
must((await ask(requester, "unwatch", { lists: ["mine"] })).ok, "unwatch");

const read = heard(specialist, "read", () => true);
await ask(requester, "read", { chatId, seq: entry.seq });
must((await read).seq === entry.seq, "read marks arrive");

const reply = { chatId, clientId: crypto.randomUUID(), body: "Dank u." };
must((await ask(requester, "send", reply)).ok, "the requester answers");
requester.disconnect();
const missed = { chatId, clientId: crypto.randomUUID(), body: "Graag gedaan." };
const last = await ask(specialist, "send", missed);
const back = await connect(requesterCookie);
const caughtUp = await ask(back, "subscribe", { chatId, after: entry.seq });
must(caughtUp.entries.at(-1).body === "Graag gedaan.", "what was missed is read on");
must(caughtUp.lastSeq === last.entry.seq, "up to the last number");
const refused = await ask(back, "send", { chatId, clientId: "short", body: "" });
must(!refused.ok && refused.problem.status === 400 && refused.problem.detail, "a sentence");
back.disconnect();
specialist.disconnect();
console.log("conversation held");
process.exit(0);
