// The one live connection of a page.

import { effect } from "@preact/signals";
import { io } from "socket.io-client";
import { type Problem, unreachable } from "../lib/api";
import { person } from "../lib/page";
import { connection, end } from "../lib/session";

const ACKNOWLEDGED_WITHIN = 10_000;
const DOUBTED_AFTER = 5000;
const AGAIN_AFTER = 5000;

/** Long-polling too, where a proxy lets no WebSocket through; ``client`` keeps it at one server. */
export const socket = io({
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  query: { client: crypto.randomUUID() },
  reconnectionDelayMax: AGAIN_AFTER,
  auth: { person },
});

socket.on("connect", () => (connection.value = "connected"));
socket.onAny(alive);
addEventListener("offline", lost);
addEventListener("online", renew);
socket.on("disconnect", lost);
socket.on("connect_error", (error: Error & { data?: Problem }) => {
  if (error.data?.status === 401) end(error.data.detail);
  lost();
  if (!socket.active && connection.peek() === "lost") setTimeout(reconnect, AGAIN_AFTER);
});
socket.on("goodbye", ({ reason }: { reason: string }) => end(reason));
effect(() => {
  if (connection.value === "ended") socket.disconnect();
});

function lost(): void {
  if (connection.peek() !== "ended") connection.value = "lost";
}

/** Something came: the line is as good as it says. */
function alive(): void {
  if (connection.peek() === "lost" && socket.connected) connection.value = "connected";
}

/** Nothing came back over it: whatever the line says of itself, another one is better. */
function renew(): void {
  if (connection.peek() === "ended") return;
  socket.disconnect();
  socket.connect();
}

/** After a refusal that was not about who asks, the library does not try again by itself. */
function reconnect(): void {
  if (connection.peek() === "lost") socket.connect();
}

export type Answer<Content> = ({ ok: true } & Content) | { ok: false; problem: Problem };

/** Asks and waits for the acknowledgement; without one the problem has status 0. */
export async function ask<Content>(event: string, payload: unknown): Promise<Answer<Content>> {
  const line = socket.id;
  const doubt = setTimeout(lost, DOUBTED_AFTER);
  const asked = socket.timeout(ACKNOWLEDGED_WITHIN).emitWithAck(event, payload);
  const answer = await (asked as Promise<Answer<Content>>).catch(() => null);
  clearTimeout(doubt);
  if (!answer) {
    if (socket.id === line) renew();
    return { ok: false, problem: unreachable() };
  }
  alive();
  if (!answer.ok && answer.problem.status === 401) end(answer.problem.detail);
  return answer;
}
