// One chat that is followed: its timeline, what is being sent, who is typing.

import { type Signal, signal } from "@preact/signals";
import { connection } from "../lib/session";
import { isPassing } from "../model/keys";
import { caughtUp, received, type Timeline } from "../model/timeline";
import type { Chat, Entry, Named, Side } from "../model/types";
import { type Outbox, outboxOf } from "./outbox";
import { ask, socket } from "./socket";

interface Read {
  chat: Chat;
  entries: Entry[];
  lastSeq: number;
}

const TYPING_LASTS = 6000;
const AGAIN_AFTER = 5;

export class Conversation {
  readonly chat: Signal<Chat>;
  readonly timeline: Signal<Timeline>;
  readonly outbox: Outbox;
  readonly typing = signal<Named | null>(null);
  readonly problem = signal("");
  private reading = false;
  private again = false;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private readonly leave: () => void;

  constructor(
    readonly side: Side,
    start: Read,
  ) {
    this.chat = signal(start.chat);
    this.timeline = signal({ entries: [], lastSeq: 0 });
    this.outbox = outboxOf(start.chat.id);
    this.outbox.onStored = (entry) => this.take(entry);
    this.extend(caughtUp(this.timeline.peek(), start.entries, start.lastSeq));
    this.leave = this.listen();
    if (connection.peek() === "connected") void this.catchUp();
  }

  get id(): string {
    return this.chat.peek().id;
  }

  close(): void {
    this.leave();
    this.outbox.onStored = () => undefined;
    clearTimeout(this.typingEnds);
    socket.emit("unsubscribe", { chatId: this.id });
  }

  tellTyping(typing: boolean): void {
    if (socket.connected) socket.emit("typing", { chatId: this.id, typing });
  }

  markRead(): void {
    if (socket.connected && document.visibilityState === "visible") {
      socket.emit("read", { chatId: this.id, seq: this.timeline.peek().lastSeq });
    }
  }

  private listen(): () => void {
    const mine = (handle: (payload: never) => void) => (payload: { chatId?: string; id?: string }) => {
      if ((payload.chatId ?? payload.id) === this.id) handle(payload as never);
    };
    const handlers: Record<string, (payload: never) => void> = {
      connect: () => void this.catchUp(),
      entry: mine((entry: Entry) => this.take(entry)) as never,
      chat: mine((chat: Chat) => (this.chat.value = chat)) as never,
      typing: mine((said: { person: Named; typing: boolean }) => this.showTyping(said)) as never,
      read: mine((said: { person: Named & { side: Side }; seq: number }) =>
        this.showRead(said.person.side, said.seq),
      ) as never,
    };
    for (const [event, handle] of Object.entries(handlers)) socket.on(event, handle as never);
    return () => {
      for (const [event, handle] of Object.entries(handlers)) socket.off(event, handle as never);
    };
  }

  /** Joins and reads what came after our last number, until nothing is left. */
  private async catchUp(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    do {
      this.again = false;
      const after = this.timeline.peek().lastSeq;
      const answer = await ask<Read>("subscribe", { chatId: this.id, after });
      if (!answer.ok) {
        if (isPassing(answer.problem)) this.later(answer.problem.retryAfter);
        else this.problem.value = answer.problem.detail;
        break;
      }
      this.chat.value = answer.chat;
      this.extend(caughtUp(this.timeline.peek(), answer.entries, answer.lastSeq));
      this.again ||= answer.lastSeq < answer.chat.lastSeq;
    } while (this.again);
    this.reading = false;
    this.markRead();
    this.outbox.flush();
  }

  /** Not now: without it this page would hear nothing more. */
  private later(seconds = AGAIN_AFTER): void {
    setTimeout(() => socket.connected && void this.catchUp(), seconds * 1000);
  }

  private take(entry: Entry): void {
    const { timeline, gap } = received(this.timeline.peek(), entry);
    if (gap) void this.catchUp();
    else this.extend(timeline);
    if (entry.author?.side !== this.side) this.typing.value = null;
  }

  private extend(timeline: Timeline): void {
    this.timeline.value = timeline;
    this.outbox.arrived(timeline.entries.map(({ clientId }) => clientId));
  }

  private showTyping({ person, typing }: { person: Named; typing: boolean }): void {
    clearTimeout(this.typingEnds);
    this.typing.value = typing ? person : null;
    if (typing) this.typingEnds = setTimeout(() => (this.typing.value = null), TYPING_LASTS);
  }

  private showRead(side: Side, seq: number): void {
    const field = side === "requester" ? "requesterReadSeq" : "centreReadSeq";
    this.chat.value = { ...this.chat.peek(), [field]: seq };
  }
}
