// Whether a page may still speak for its person, and whether it has a line to do so.

import { effect, signal } from "@preact/signals";

export type Connection = "connecting" | "connected" | "lost" | "ended";

export class Session {
  readonly connection = signal<Connection>("connecting");
  readonly goodbye = signal("");

  get ended(): boolean {
    return this.connection.peek() === "ended";
  }

  /** It is over, or somebody else's: from now on this page sends nothing. */
  end(reason: string): void {
    if (this.ended) return;
    this.goodbye.value = reason;
    this.connection.value = "ended";
  }

  /** Whether the line is there; of no use to a session that is over. */
  line(state: "connected" | "lost"): void {
    if (!this.ended) this.connection.value = state;
  }

  /** Whether there is a connection, as soon as a page that just opened knows. */
  isConnected(): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = effect(() => {
        if (this.connection.value === "connecting") return;
        resolve(this.connection.value === "connected");
        queueMicrotask(() => stop());
      });
    });
  }
}
