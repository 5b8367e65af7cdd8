// The requester's conversation, and what can be expected of the desk.

import { computed, effect, type Signal, signal } from "@preact/signals";
import { Asking } from "../lib/asking";
import { focusNext } from "../lib/focus";
import { Paced } from "../lib/paced";
import { Conversation, type Start } from "../live/conversation";
import { isDone } from "../model/incidents";
import { watch } from "../live/watching";
import type { Availability, Chat, Desk, Incident, Me, Move } from "../model/types";
import type { Site } from "./site";

export interface ChatState extends Start {
  me: Me;
  incidents: readonly Incident[];
  reopenDays: number;
  availability: Desk | null;
  expectedAt: string | null;
}

/** Milliseconds: what is expected changes with every pick-up of the desk. */
const EXPECTED_EVERY = 15_000;
const DAY = 86_400_000;

export class ChatPage {
  readonly conversation: Conversation;
  readonly asking = new Asking();
  readonly desk: Signal<Availability | null>;
  readonly expectedAt: Signal<string | null>;
  /** Whether the reader asked it, or goes on with it; a colleague only follows. */
  readonly own = computed(() => this.conversation.chat.value.requester.id === this.start.me.id);
  private readonly foretold = new Paced(EXPECTED_EVERY, () => void this.expect());

  constructor(
    private readonly site: Site,
    private readonly start: ChatState,
  ) {
    const { me, availability } = start;
    this.desk = signal(availability && this.ofTopic(availability));
    this.expectedAt = signal(start.expectedAt);
    const side = me.role === "requester" ? "requester" : "centre";
    this.conversation = new Conversation(site.line, site.composing, side, start);
    site.line.on("availability", (fresh) => {
      this.desk.value = this.ofTopic(fresh);
      this.foretold.ask();
    });
    this.watchWhileWaiting();
    document.addEventListener("visibilitychange", () => this.conversation.markRead());
  }

  async move(name: Move): Promise<void> {
    const { chat, id } = this.conversation;
    const moved = await this.asking.run(() => this.site.api.move(id, name));
    if (!moved) return;
    chat.value = moved;
    focusNext("message", "content");
  }

  /** The reader goes on with the question of a colleague. */
  async goOn(): Promise<void> {
    const { chat, id } = this.conversation;
    const body = { personId: this.start.me.id };
    const passed = await this.asking.run(() => this.site.api.put<Chat>(`/chats/${id}/requester`, body));
    if (!passed) return;
    chat.value = passed;
    focusNext("message", "content");
  }

  /** Whether a closed chat can still be opened again by who asked. */
  mayReopen(at: number): boolean {
    const { outcome, closedAt } = this.conversation.chat.value;
    if (outcome === "incident") return !this.going().length;
    return at < Date.parse(closedAt ?? "") + this.start.reopenDays * DAY;
  }

  /** The incidents that the engineers are not done with. */
  going(): Incident[] {
    return this.conversation.incidents.value.filter((incident) => !isDone(incident));
  }

  /** Whether a callback was offered since the chat last moved. */
  isCallbackOffered(): boolean {
    const { entries } = this.conversation.timeline.value;
    const last = entries.findLast(({ kind }) => kind === "moved" || kind === "callback");
    return last?.kind === "callback" && last.data.step === "offered";
  }

  /** From the first time that it waits: what can be expected is shown then. */
  private watchWhileWaiting(): void {
    let watched = false;
    effect(() => {
      if (watched || this.conversation.chat.value.state !== "waiting") return;
      watched = true;
      watch(this.site.line, [], ["availability"]);
    });
  }

  private ofTopic(whole: Desk): Availability {
    return whole.topics.find(({ topic }) => topic.id === this.start.chat.topic.id) ?? whole;
  }

  private async expect(): Promise<void> {
    if (this.conversation.chat.peek().state !== "waiting") return;
    const path = `/chats/${this.conversation.id}/expected-pickup`;
    const found = await new Asking().run(() => this.site.api.get<{ expectedAt: string | null }>(path));
    if (found) this.expectedAt.value = found.expectedAt;
  }
}
