// The one live connection of a page.

import { signal } from "@preact/signals";
import { io } from "socket.io-client";
import type { Problem } from "../lib/api";
import { t } from "../lib/text";

export type Connection = "connecting" | "connected" | "lost" | "ended";

export const connection = signal<Connection>("connecting");
export const goodbye = signal("");

export const socket = io({ transports: ["websocket", "polling"], reconnectionDelayMax: 5000 });

const ACKNOWLEDGED_WITHIN = 10_000;

socket.on("connect", () => (connection.value = "connected"));
socket.on("disconnect", () => {
  if (connection.value !== "ended") connection.value = "lost";
});
socket.on("connect_error", () => {
  if (connection.value !== "ended") connection.value = "lost";
});
socket.on("goodbye", ({ reason }: { reason: string }) => {
  connection.value = "ended";
  goodbye.value = reason;
  socket.disconnect();
});

export type Answer<Content> = ({ ok: true } & Content) | { ok: false; problem: Problem };

/** Asks and waits for the acknowledgement; without one the problem has status 0. */
export async function ask<Content>(event: string, payload: unknown): Promise<Answer<Content>> {
  try {
    return await (socket
      .timeout(ACKNOWLEDGED_WITHIN)
      .emitWithAck(event, payload) as Promise<Answer<Content>>);
  } catch {
    const detail = t("There is no connection with the server. Check your network and try again.");
    return { ok: false, problem: { status: 0, title: t("No connection"), detail } };
  }
}
