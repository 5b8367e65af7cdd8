// In how many conversations words wait that were not sent. Free of the page.

import type { Shelf } from "./shelf";

/** The chats with a draft or a message that waits, and the question that was not asked yet. */
export function unsent(shelf: Shelf): number {
  const found = shelf
    .keys()
    .filter((key) => shelf.get(key).trim())
    .map(conversation);
  return new Set(found.filter((one) => one !== "")).size;
}

function conversation(key: string): string {
  const [kind, chatId = ""] = key.split(":");
  if (kind === "draft" || kind === "outbox") return chatId;
  return key === "new:body" ? key : "";
}
