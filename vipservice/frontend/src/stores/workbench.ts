// What the workbench knows and does; the panels only draw it.

import { computed, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Asking } from "../lib/asking";
import { focusNext } from "../lib/focus";
import { Conversation, type Start } from "../live/conversation";
import { ShownList, watch } from "../live/watching";
import { ownOrder, queueOrder } from "../model/queue";
import type { Callback, Chat, Incident, Load, Me, Move, Named, OwnPresence, Taken, UndeliveredAlarm } from "../model/types";
import type { Site } from "./site";

export interface WorkbenchState {
  me: Me;
  maxChats: number;
  presence: Load["status"];
  waiting: readonly Chat[];
  own: readonly Chat[];
  specialists: readonly Load[];
  teams: readonly Named[];
  /** The conversation that the address names, where it may be read. */
  open?: Start | null;
}

export type Away = Pick<OwnPresence, "reason" | "until">;

export type Panel = "queue" | "conversation" | "details";

export class Workbench {
  readonly waiting = computed(() => [...this.queue.chats.value].sort(queueOrder));
  readonly own = computed(() => this.mine.chats.value);
  readonly presence: Signal<Load["status"]>;
  /** Why one is away, and until when. */
  readonly away = signal<Away>({ reason: "", until: null });
  readonly callbacks = signal<readonly Callback[]>([]);
  readonly askedBy = signal("");
  /** The own conversations that colleagues took over, until it was read. */
  readonly taken = signal<readonly Taken[]>([]);
  /** Whether the server told what the presence is: before that it may be of another day. */
  readonly present = signal(false);
  /** What does not get out; null until the server has told it. */
  readonly undelivered = signal<UndeliveredAlarm | null>(null);
  readonly asking = new Asking();
  readonly open = signal<Conversation | null>(null);
  readonly panel = signal<Panel>("queue");
  readonly drafting = signal(false);
  readonly orderedOwn = computed(() => [...this.own.value].sort(ownOrder));
  private readonly queue: ShownList;
  private readonly mine: ShownList;
  readonly active = computed(() => this.own.value.filter(({ state }) => state === "active").length);

  constructor(
    readonly site: Site,
    readonly start: WorkbenchState,
  ) {
    this.queue = new ShownList("queue", start.waiting);
    this.mine = new ShownList("mine", start.own);
    this.presence = signal(start.presence);
    this.listen();
    if (start.open) this.draw(start.open);
    document.addEventListener("visibilitychange", () => this.open.peek()?.markRead());
  }

  async show(chat: Chat): Promise<void> {
    this.site.composing.returned.value = "";
    const read = await this.asking.run(() => this.read(chat));
    if (!read) return;
    this.draw(read);
    history.replaceState(null, "", `?chat=${chat.id}`);
  }

  private draw(read: Start): void {
    this.open.peek()?.close();
    this.drafting.value = false;
    this.open.value = new Conversation(this.site.line, this.site.composing, "centre", read);
    this.panel.value = "conversation";
  }

  /** A chat as it is now; its incidents come with the live line, and else are asked for. */
  private async read(chat: Chat): Promise<Start> {
    const { api, line } = this.site;
    const path = `/chats/${chat.id}`;
    const { items, lastSeq } = await api.get<{ items: Start["entries"]; lastSeq: number }>(`${path}/entries`);
    if (line.connected) return { chat, entries: items, lastSeq };
    const incidents = await api.get<{ items: readonly Incident[] }>(`${path}/incidents`);
    return { chat, entries: items, lastSeq, incidents: incidents.items };
  }

  async showById(chatId: string): Promise<void> {
    const chat = await this.asking.run(() => this.site.api.get<Chat>(`/chats/${chatId}`));
    if (chat) await this.show(chat);
  }

  /** A move of the state machine; null when it is refused. */
  async move(chatId: string, name: Move, more?: object): Promise<Chat | null> {
    const chat = await this.asking.run(() => this.site.api.move(chatId, name, more));
    if (chat) this.hold(chat);
    const conversation = this.open.peek();
    if (chat && conversation?.id === chatId) {
      conversation.chat.value = chat;
      focusNext("message", "conversation");
    }
    return chat;
  }

  async pickUp(chat: Chat): Promise<void> {
    const taken = await this.move(chat.id, "pick_up");
    if (!taken) return;
    await this.show(taken);
    focusNext("message");
  }

  /** Whether the server took it. */
  async setPresence(status: "available" | "away", more: Partial<Away> = {}): Promise<boolean> {
    const answer = await this.site.line.ask("presence", { status, ...more });
    if (!answer.ok) {
      this.asking.refusal.value = answer.problem;
      return false;
    }
    this.showPresence(answer);
    this.askedBy.value = "";
    return true;
  }

  private showPresence({ status, reason, until }: OwnPresence): void {
    this.presence.value = status;
    this.away.value = { reason, until };
  }

  /** Whether the chat is the reader's to answer. */
  isMine({ assignee, state }: Chat): boolean {
    return assignee?.id === this.start.me.id && state !== "closed";
  }

  private listen(): void {
    const { line } = this.site;
    watch(line, [this.queue, this.mine]);
    line.on("queue", ({ waiting, callbacks }) => {
      this.queue.chats.value = waiting;
      this.callbacks.value = callbacks;
    });
    line.on("presence", (fresh) => {
      this.showPresence(fresh);
      this.present.value = true;
    });
    line.on("undelivered", (fresh) => (this.undelivered.value = fresh));
    line.on("taken", (fresh) => (this.taken.value = [...this.taken.peek(), fresh]));
    line.on("come", ({ by }) => (this.askedBy.value = by));
    line.on("chat", (chat) => this.hold(chat));
  }

  /** What is known of a chat before the lists tell it. */
  private hold(chat: Chat): void {
    this.mine.hold(chat, this.isMine(chat));
    this.queue.hold(chat, chat.state === "waiting");
  }
}

const Here = createContext<Workbench | null>(null);
export const WorkbenchProvider = Here.Provider;

/** The workbench that a panel stands on. */
export function useWorkbench(): Workbench {
  const workbench = useContext(Here);
  if (!workbench) throw new Error("a panel stands outside the workbench");
  return workbench;
}
