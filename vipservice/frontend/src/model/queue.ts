// How urgent a waiting chat is. Free of the page.

import type { Chat } from "./types";

export type Risk = "calm" | "soon" | "late";

export function risk(chat: Pick<Chat, "pickup">, at: number): Risk {
  if (!chat.pickup) return "calm";
  if (Date.parse(chat.pickup.dueAt) <= at) return "late";
  return Date.parse(chat.pickup.warnAt) <= at ? "soon" : "calm";
}

/** Who came back first, then who is due first: as the server has it. */
export function queueOrder(a: Chat, b: Chat): number {
  const due = (chat: Chat) => chat.pickup?.dueAt ?? "";
  return Number(b.returned) - Number(a.returned) || due(a).localeCompare(due(b)) || a.id.localeCompare(b.id);
}

/** Own chats: who waits for an answer first, then by the latest change. */
export function ownOrder(a: Chat, b: Chat): number {
  return Number(b.unread > 0) - Number(a.unread > 0) || b.updatedAt.localeCompare(a.updatedAt);
}

/** A list with one summary renewed, added or taken out. */
export function withChat(chats: readonly Chat[], chat: Chat, belongs: boolean): Chat[] {
  const others = chats.filter((one) => one.id !== chat.id);
  return belongs ? [chat, ...others] : others;
}
