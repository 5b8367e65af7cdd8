// What the workbench knows and does; the panels only draw it.

import { computed, signal } from "@preact/signals";
import { get, makeMove, Refused } from "../lib/api";
import { focusNext } from "../lib/focus";
import { state } from "../lib/page";
import { Conversation } from "../live/conversation";
import { returned } from "../live/outbox";
import { ask, socket } from "../live/socket";
import { ownOrder, withChat } from "../model/queue";
import type { Callback, Chat, Entry, Load, Me, Move, Named } from "../model/types";

export const start = state<{
  me: Me;
  maxChats: number;
  presence: Load["status"];
  waiting: Chat[];
  own: Chat[];
  specialists: Load[];
  teams: Named[];
}>();

export type Panel = "queue" | "conversation" | "details";

export const waiting = signal<readonly Chat[]>(start.waiting);
export const own = signal<readonly Chat[]>(start.own);
export const presence = signal(start.presence);
export const callbacks = signal<readonly Callback[]>([]);
export const askedBy = signal("");
export const problem = signal("");
export const open = signal<Conversation | null>(null);
export const panel = signal<Panel>("queue");
export const drafting = signal(false);

export const orderedOwn = computed(() => [...own.value].sort(ownOrder));
export const active = computed(() => own.value.filter((chat) => chat.state === "active").length);

socket.on("queue", (queue: { waiting: Chat[]; callbacks: Callback[] }) => {
  waiting.value = queue.waiting;
  callbacks.value = queue.callbacks;
});
socket.on("presence", ({ status }: { status: Load["status"] }) => (presence.value = status));
socket.on("come", ({ by }: { by: string }) => (askedBy.value = by));
socket.on("chat", (chat: Chat) => {
  const mine = chat.assignee?.id === start.me.id && chat.state !== "closed";
  own.value = withChat(own.peek(), chat, mine);
  if (chat.state !== "waiting") waiting.value = withChat(waiting.peek(), chat, false);
});
document.addEventListener("visibilitychange", () => open.peek()?.markRead());

/** Runs a step; a refusal becomes a sentence on the page. */
export async function attempt<Result>(step: () => Promise<Result>): Promise<Result | null> {
  problem.value = "";
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    problem.value = error.message;
    return null;
  }
}

export async function show(chat: Chat): Promise<void> {
  returned.value = "";
  await attempt(async () => {
    const { items, lastSeq } = await get<{ items: Entry[]; lastSeq: number }>(
      `/chats/${chat.id}/entries`,
    );
    open.peek()?.close();
    drafting.value = false;
    open.value = new Conversation("centre", { chat, entries: items, lastSeq });
    panel.value = "conversation";
    history.replaceState(null, "", `?chat=${chat.id}`);
  });
}

export async function showById(chatId: string): Promise<void> {
  const chat = await attempt(() => get<Chat>(`/chats/${chatId}`));
  if (chat) await show(chat);
}

/** A move of the state machine on the open chat. */
export async function move(chatId: string, name: Move, more?: object): Promise<Chat | null> {
  const chat = await attempt(() => makeMove(chatId, name, more));
  const conversation = open.peek();
  if (chat && conversation?.id === chatId) {
    conversation.chat.value = chat;
    focusNext("message", "conversation");
  }
  return chat;
}

export async function pickUp(chat: Chat): Promise<void> {
  const taken = await move(chat.id, "pick_up");
  if (!taken) return;
  await show(taken);
  focusNext("message");
}

export async function setPresence(status: "available" | "away"): Promise<void> {
  const answer = await ask("presence", { status });
  if (answer.ok) {
    presence.value = status;
    askedBy.value = "";
  }
  else problem.value = answer.problem.detail;
}
