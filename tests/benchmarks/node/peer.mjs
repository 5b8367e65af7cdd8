// Something to measure beside: Socket.IO on Node that stores a message, passes it on and acknowledges.
// node peer.mjs PORT ADDRESS: postgresql://... or the path of a file of SQLite, written with FULL.

import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, address] = process.argv.slice(2);
const TABLE = "CREATE TABLE IF NOT EXISTS message (chat text, seq bigint, author text, client_id text, said_at double precision, body text, PRIMARY KEY (chat, seq))";
const NEXT = "(SELECT coalesce(max(seq), 0) + 1 FROM message WHERE chat =";

async function onPostgres() {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: address, max: 10 });
  await pool.query(TABLE);
  const text = `INSERT INTO message VALUES ($1, ${NEXT} $1), $2, $3, $4, $5) RETURNING seq`;
  return async (...values) => Number((await pool.query({ name: "say", text, values })).rows[0].seq);
}

async function onSqlite() {
  const { default: Database } = await import("better-sqlite3");
  const database = new Database(address);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec(TABLE);
  const statement = database.prepare(`INSERT INTO message VALUES (?, ${NEXT} ?), ?, ?, ?, ?) RETURNING seq`);
  return async (chat, ...values) => statement.get(chat, chat, ...values).seq;
}

const store = await (address.startsWith("postgresql:") ? onPostgres() : onSqlite());
const http = createServer();
const io = new Server(http, { serveClient: false, cors: { origin: "*" } });

io.on("connection", (socket) => {
  socket.on("subscribe", ({ chatId }, answer) => {
    socket.join(chatId);
    answer({ ok: true });
  });
  socket.on("send", async ({ chatId, clientId, body }, answer) => {
    const seq = await store(chatId, socket.id, clientId, Date.now() / 1000, body);
    socket.to(chatId).emit("entry", { chatId, seq, clientId, body });
    answer({ ok: true, seq });
  });
});

http.listen(Number(port), "127.0.0.1");
