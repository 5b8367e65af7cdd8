// How what is said reaches the server: words and files, each to the readers they are meant for.

import { Refused } from "../lib/api";
import { t } from "../lib/text";
import type { Pending } from "../model/outbox";
import type { Item } from "../model/tray";
import type { Entry, Problem, Visibility } from "../model/types";
import type { Answer } from "./events";
import type { Parts } from "./parts";

export type Stored = Answer<{ entry: Entry }>;

type Roads = Pick<Parts, "api" | "line">;

export function sendWords({ api, line }: Roads, chatId: string, item: Pending): Promise<Stored> {
  const { clientId, body } = item;
  return item.visibility === "everyone"
    ? line.ask("send", { chatId, clientId, body })
    : stored(api.post<Entry>(`/chats/${chatId}/notes`, { clientId, body }));
}

export async function sendFile({ api }: Roads, chatId: string, visibility: Visibility, item: Item): Promise<Stored> {
  if (!(await isReadable(item.file))) return { ok: false, problem: unreadable() };
  const form = new FormData();
  form.set("clientId", item.clientId);
  form.set("visibility", visibility);
  form.set("file", item.file);
  return stored(api.post<Entry>(`/chats/${chatId}/attachments`, form));
}

async function stored(answer: Promise<Entry>): Promise<Stored> {
  try {
    return { ok: true, entry: await answer };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, problem: error.problem };
  }
}

/** A folder can not be read, nor a file that was changed after it was chosen. */
function isReadable(file: File): Promise<boolean> {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

function unreadable(): Problem {
  const detail = t("This file can not be read, or has been changed. Remove it and add it again.");
  return { status: 0, title: t("Not sent."), detail };
}
