// One chat that is followed: its timeline, what is being sent, who is typing.

import { type Signal, signal } from "@preact/signals";
import * as outbox from "../model/outbox";
import { caughtUp, received, type Timeline } from "../model/timeline";
import type { Chat, Entry, Named, Side } from "../model/types";
import { ask, connection, socket } from "./socket";

interface Read {
  chat: Chat;
  entries: Entry[];
  lastSeq: number;
}

const TYPING_LASTS = 6000;

export class Conversation {
  readonly chat: Signal<Chat>;
  readonly timeline: Signal<Timeline>;
  readonly pending: Signal<readonly outbox.Pending[]>;
  readonly typing = signal<Named | null>(null);
  readonly problem = signal("");
  private readonly onTheirWay = new Set<string>();
  private reading = false;
  private again = false;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private readonly leave: () => void;

  constructor(
    readonly side: Side,
    start: Read,
  ) {
    this.chat = signal(start.chat);
    this.timeline = signal(caughtUp({ entries: [], lastSeq: 0 }, start.entries, start.lastSeq));
    this.pending = signal(outbox.load(localStorage, start.chat.id));
    this.leave = this.listen();
    if (connection.peek() === "connected") void this.catchUp();
  }

  get id(): string {
    return this.chat.peek().id;
  }

  close(): void {
    this.leave();
    clearTimeout(this.typingEnds);
    socket.emit("unsubscribe", { chatId: this.id });
  }

  say(body: string): void {
    const item = { clientId: crypto.randomUUID(), body, at: new Date().toISOString(), problem: "" };
    this.setPending([...this.pending.peek(), item]);
    this.flush();
  }

  sayAgain(clientId: string): void {
    this.setPending(outbox.failed(this.pending.peek(), clientId, ""));
    this.flush();
  }

  /** Takes back what could not be sent; its words, to go on with. */
  takeBack(clientId: string): string {
    const item = this.pending.peek().find((one) => one.clientId === clientId);
    this.setPending(outbox.without(this.pending.peek(), clientId));
    return item?.body ?? "";
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
        if (answer.problem.status) this.problem.value = answer.problem.detail;
        break;
      }
      this.chat.value = answer.chat;
      this.extend(caughtUp(this.timeline.peek(), answer.entries, answer.lastSeq));
      this.again ||= answer.lastSeq < answer.chat.lastSeq;
    } while (this.again);
    this.reading = false;
    this.flush();
  }

  private take(entry: Entry): void {
    const { timeline, gap } = received(this.timeline.peek(), entry);
    if (gap) void this.catchUp();
    else this.extend(timeline);
    if (entry.author?.side !== this.side) this.typing.value = null;
  }

  private extend(timeline: Timeline): void {
    this.timeline.value = timeline;
    const stored = new Set(timeline.entries.map((entry) => entry.clientId));
    const left = this.pending.peek().filter((item) => !stored.has(item.clientId));
    if (left.length !== this.pending.peek().length) this.setPending(left);
  }

  private flush(): void {
    if (!socket.connected) return;
    for (const item of outbox.sendable(this.pending.peek(), this.onTheirWay)) {
      this.onTheirWay.add(item.clientId);
      void this.send(item);
    }
  }

  private async send({ clientId, body }: outbox.Pending): Promise<void> {
    const answer = await ask<{ entry: Entry }>("send", { chatId: this.id, clientId, body });
    this.onTheirWay.delete(clientId);
    if (answer.ok) {
      this.setPending(outbox.without(this.pending.peek(), clientId));
      this.take(answer.entry);
    } else {
      this.setPending(outbox.failed(this.pending.peek(), clientId, answer.problem.detail));
    }
    this.flush();
  }

  private setPending(pending: readonly outbox.Pending[]): void {
    this.pending.value = pending;
    outbox.keep(localStorage, this.id, pending);
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
