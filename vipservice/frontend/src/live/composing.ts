// What is being written in a chat, to whom, and how it leaves.

import { draftOf } from "../lib/drafts";
import { sendable } from "../model/tray";
import type { Visibility } from "../model/types";
import { outboxOf } from "./outbox";
import { trayOf } from "./tray";

/** Whether words or files wait here for these readers. */
export function waits(chatId: string, visibility: Visibility): boolean {
  const { text } = draftOf(chatId, visibility);
  const { items } = trayOf(chatId, visibility);
  return text.value.trim() !== "" || items.value.length > 0;
}

/** Sends the words, then the files: in that order, to these readers. False when there is nothing. */
export function sendAll(chatId: string, visibility: Visibility): boolean {
  const draft = draftOf(chatId, visibility);
  const tray = trayOf(chatId, visibility);
  const body = draft.text.peek().trimEnd();
  const files = sendable(tray.items.peek()).map(({ id }) => id);
  if (tray.busy.peek() || (!body && !files.length)) return false;
  draft.clear(draft.text.peek());
  void send(chatId, visibility, body, files);
  return true;
}

async function send(chatId: string, visibility: Visibility, body: string, files: string[]): Promise<void> {
  const tray = trayOf(chatId, visibility);
  tray.busy.value = files.length > 0;
  const problem = body && (await outboxOf(chatId).say(body, visibility));
  if (problem) tray.fail(files, problem);
  else await tray.send(files);
  tray.busy.value = false;
}
