// What was said and not yet acknowledged; kept across reloads, one key a message. Free of the page.

import type { Shelf } from "./shelf";
import type { Visibility } from "./types";

export interface Pending {
  clientId: string;
  body: string;
  visibility: Visibility;
  at: string;
  problem: string;
}

/** Where the messages of a chat are kept. */
export const place = (chatId: string): string => `outbox:${chatId}:`;

export function load(shelf: Shelf, chatId: string): Pending[] {
  return inOrder(
    shelf
      .keys(place(chatId))
      .map((key) => read(shelf, key))
      .filter((item) => item !== null),
  );
}

/** The chats in which something waits. */
export function chats(shelf: Shelf): string[] {
  return [...new Set(shelf.keys("outbox:").map((key) => key.split(":")[1] ?? ""))];
}

export function keep(shelf: Shelf, chatId: string, item: Pending): void {
  shelf.set(place(chatId) + item.clientId, JSON.stringify(item));
}

export function forget(shelf: Shelf, chatId: string, clientId: string): void {
  shelf.set(place(chatId) + clientId, "");
}

/** One message as it is kept; null when it is gone or damaged. */
export function read(shelf: Shelf, key: string): Pending | null {
  try {
    const item = JSON.parse(shelf.get(key)) as Pending;
    return item.clientId && item.body && item.visibility ? item : null;
  } catch {
    return null;
  }
}

function inOrder(pending: readonly Pending[]): Pending[] {
  return [...pending].sort((a, b) => a.at.localeCompare(b.at));
}

export function withItem(pending: readonly Pending[], item: Pending): Pending[] {
  return inOrder([...without(pending, item.clientId), item]);
}

export function without(pending: readonly Pending[], clientId: string): Pending[] {
  return pending.filter((item) => item.clientId !== clientId);
}

/** Now, and after the last one: the order must outlive the page, whatever the clock does. */
export function nextAt(pending: readonly Pending[], now: number): string {
  const last = Math.max(0, ...pending.map(({ at }) => Date.parse(at) || 0));
  return new Date(Math.max(now, last + 1)).toISOString();
}

/** The next one to send: nothing newer leaves before it; only what was refused is passed over. */
export function next(pending: readonly Pending[]): Pending | undefined {
  return pending.find((item) => !item.problem);
}
