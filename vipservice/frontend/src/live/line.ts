// The one live connection of a page.

import { effect } from "@preact/signals";
import { unreachable } from "../lib/api";
import type { Session } from "../lib/session";
import type { Problem } from "../model/types";
import type { Answer, Asked, Heard, Said } from "./events";

const ACKNOWLEDGED_WITHIN = 10_000;
const DOUBTED_AFTER = 5000;
const AGAIN_AFTER = 5000;

type Handle = (payload: unknown) => void;

/** What is used of a Socket.IO connection. */
export interface Wire {
  readonly connected: boolean;
  /** Whether it tries again by itself. */
  readonly active: boolean;
  readonly id?: string | undefined;
  on(event: string, handle: Handle): unknown;
  off(event: string, handle: Handle): unknown;
  onAny(handle: () => void): unknown;
  emit(event: string, payload: unknown): unknown;
  timeout(milliseconds: number): { emitWithAck(event: string, payload: unknown): Promise<unknown> };
  connect(): unknown;
  disconnect(): unknown;
}

export class Line {
  constructor(
    private readonly wire: Wire,
    private readonly session: Session,
    window: EventTarget,
  ) {
    wire.onAny(() => this.alive());
    this.hear("connect", () => session.line("connected"));
    this.hear("disconnect", () => session.line("lost"));
    this.hear("connect_error", ({ data }: { data?: Problem }) => this.refused(data));
    this.on("goodbye", ({ reason }) => session.end(reason));
    window.addEventListener("offline", () => session.line("lost"));
    window.addEventListener("online", () => this.renew());
    effect(() => {
      if (session.connection.value === "ended") wire.disconnect();
    });
  }

  get connected(): boolean {
    return this.wire.connected;
  }

  /** Calls it with what is heard from now on; gives what ends that. */
  on<Event extends keyof Heard>(event: Event, handle: (payload: Heard[Event]) => void): () => void {
    return this.hear(event, handle);
  }

  /** Calls it whenever the line is up again. */
  onConnect(handle: () => void): () => void {
    return this.hear("connect", handle);
  }

  /** Tells it if there is a line; nobody waits for an answer. */
  tell<Event extends keyof Said>(event: Event, payload: Said[Event]): void {
    if (this.wire.connected) this.wire.emit(event, payload);
  }

  /** Asks and waits for the acknowledgement; without one the problem has status 0. */
  async ask<Event extends keyof Asked>(event: Event, payload: Asked[Event][0]): Promise<Answer<Asked[Event][1]>> {
    const line = this.wire.id;
    const doubt = setTimeout(() => this.session.line("lost"), DOUBTED_AFTER);
    const asked = this.wire.timeout(ACKNOWLEDGED_WITHIN).emitWithAck(event, payload);
    const answer = await (asked as Promise<Answer<Asked[Event][1]>>).catch(() => null);
    clearTimeout(doubt);
    if (!answer) {
      if (this.wire.id === line) this.renew();
      return { ok: false, problem: unreachable() };
    }
    this.alive();
    if (!answer.ok && answer.problem.status === 401) this.session.end(answer.problem.detail);
    return answer;
  }

  private hear<Payload>(event: string, handle: (payload: Payload) => void): () => void {
    this.wire.on(event, handle as Handle);
    return () => void this.wire.off(event, handle as Handle);
  }

  /** Something came: the line is as good as it says. */
  private alive(): void {
    if (this.session.connection.peek() === "lost" && this.wire.connected) this.session.line("connected");
  }

  /** Nothing came back over it: whatever the line says of itself, another one is better. */
  private renew(): void {
    if (this.session.ended) return;
    this.wire.disconnect();
    this.wire.connect();
  }

  /** After a refusal that was not about who asks, the library does not try again by itself. */
  private refused(problem: Problem | undefined): void {
    if (problem?.status === 401) this.session.end(problem.detail);
    this.session.line("lost");
    if (!this.wire.active && !this.session.ended) setTimeout(() => this.reconnect(), AGAIN_AFTER);
  }

  private reconnect(): void {
    if (this.session.connection.peek() === "lost") this.wire.connect();
  }
}
