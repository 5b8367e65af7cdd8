// One chat that is followed: its timeline, what is being sent, who is typing.

import { type Signal, signal } from "@preact/signals";
import { isPassing } from "../model/keys";
import { caughtUp, received, type Timeline } from "../model/timeline";
import type { Chat, Entry, HasRead, Incident, IsTyping, Named, Side } from "../model/types";
import type { Composing } from "./composing";
import type { Line } from "./line";
import type { Outbox } from "./outbox";

/** A conversation as a page or an answer begins with it. */
export interface Start {
  chat: Chat;
  entries: readonly Entry[];
  lastSeq: number;
  incidents?: readonly Incident[];
}

const TYPING_LASTS = 10_000;
const AGAIN_AFTER = 5;

export class Conversation {
  readonly chat: Signal<Chat>;
  readonly timeline: Signal<Timeline>;
  readonly incidents: Signal<readonly Incident[]>;
  readonly outbox: Outbox;
  readonly typing = signal<Named | null>(null);
  readonly problem = signal("");
  private marked = 0;
  private reading = false;
  private again = false;
  private closed = false;
  /** How often incidents were told; what is told is newer than what was asked for before it. */
  private told = 0;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private readonly leave: (() => void)[];

  constructor(
    private readonly line: Line,
    composing: Composing,
    readonly side: Side,
    start: Start,
  ) {
    this.chat = signal(start.chat);
    this.timeline = signal({ entries: [], lastSeq: 0 });
    this.incidents = signal(start.incidents ?? []);
    this.outbox = composing.outbox(start.chat.id);
    this.outbox.onStored = (entry) => this.take(entry);
    this.extend(caughtUp(this.timeline.peek(), start.entries, start.lastSeq));
    this.leave = this.listen();
    if (line.connected) void this.catchUp();
  }

  get id(): string {
    return this.chat.peek().id;
  }

  close(): void {
    this.closed = true;
    for (const leave of this.leave) leave();
    this.outbox.onStored = () => undefined;
    clearTimeout(this.typingEnds);
    this.line.tell("unsubscribe", { chatId: this.id });
  }

  tellTyping(typing: boolean): void {
    this.line.tell("typing", { chatId: this.id, typing });
  }

  /** Tells how far the other side's words were seen; one's own words say nothing of that. */
  markRead(): void {
    if (document.visibilityState !== "visible") return;
    const { entries } = this.timeline.peek();
    const seq = entries.findLast(({ author }) => author?.side !== this.side)?.seq ?? 0;
    if (seq <= this.marked || !this.line.connected) return;
    this.marked = seq;
    this.line.tell("read", { chatId: this.id, seq });
  }

  private listen(): (() => void)[] {
    const { line } = this;
    const mine =
      <Told extends { chatId: string }>(take: (told: Told) => void) =>
      (told: Told) => {
        if (told.chatId === this.id) take(told);
      };
    return [
      line.onConnect(() => void this.catchUp()),
      line.on("entry", mine((entry) => this.take(entry))),
      line.on("chat", (chat) => {
        if (chat.id === this.id) this.chat.value = chat;
      }),
      line.on("incidents", mine(({ items }) => {
        this.told += 1;
        this.incidents.value = items;
      })),
      line.on("typing", mine((said) => this.showTyping(said))),
      line.on("read", mine((said) => this.showRead(said))),
    ];
  }

  /** Joins and reads what came after our last number, until nothing is left. */
  private async catchUp(): Promise<void> {
    this.again = this.reading;
    if (this.reading || this.closed) return;
    this.reading = true;
    do this.again = await this.readOn();
    while (this.again);
    this.reading = false;
    if (this.closed) return;
    this.marked = 0;
    this.markRead();
    this.outbox.flush();
  }

  /** Reads one part; whether there is more. */
  private async readOn(): Promise<boolean> {
    this.again = false;
    const { told } = this;
    const after = this.timeline.peek().lastSeq;
    const answer = await this.line.ask("subscribe", { chatId: this.id, after });
    if (this.closed) return false;
    if (!answer.ok) {
      if (isPassing(answer.problem)) this.later(answer.problem.retryAfter);
      else this.problem.value = answer.problem.detail;
      return false;
    }
    this.chat.value = answer.chat;
    if (told === this.told) this.incidents.value = answer.incidents;
    this.extend(caughtUp(this.timeline.peek(), answer.entries, answer.lastSeq));
    return this.again || answer.lastSeq < answer.chat.lastSeq;
  }

  /** Not now: without it this page would hear nothing more. */
  private later(seconds = AGAIN_AFTER): void {
    setTimeout(() => {
      if (this.line.connected) void this.catchUp();
    }, seconds * 1000);
  }

  private take(entry: Entry): void {
    const { timeline, gap } = received(this.timeline.peek(), entry);
    if (gap) void this.catchUp();
    else this.extend(timeline);
    if (entry.author?.id === this.typing.peek()?.id) this.typing.value = null;
  }

  private extend(timeline: Timeline): void {
    this.timeline.value = timeline;
    this.outbox.arrived(timeline.entries.map(({ clientId }) => clientId));
  }

  private showTyping({ person, typing }: IsTyping): void {
    clearTimeout(this.typingEnds);
    this.typing.value = typing ? person : null;
    if (typing) this.typingEnds = setTimeout(() => (this.typing.value = null), TYPING_LASTS);
  }

  private showRead({ person, seq }: HasRead): void {
    const field = person.side === "requester" ? "requesterReadSeq" : "centreReadSeq";
    const chat = this.chat.peek();
    this.chat.value = { ...chat, [field]: Math.max(chat[field], seq) };
  }
}
