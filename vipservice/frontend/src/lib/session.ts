// Whether this page may still speak for its person.

import { effect, signal } from "@preact/signals";

export type Connection = "connecting" | "connected" | "lost" | "ended";

export const connection = signal<Connection>("connecting");
export const goodbye = signal("");

/** The session is over, or somebody else's: from now on this page sends nothing. */
export function end(reason: string): void {
  if (connection.peek() === "ended") return;
  goodbye.value = reason;
  connection.value = "ended";
}

/** Whether there is a connection, as soon as a page that just opened knows. */
export function isConnected(): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (connection.value === "connecting") return;
      resolve(connection.value === "connected");
      queueMicrotask(() => stop());
    });
  });
}
