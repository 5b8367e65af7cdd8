// What is being written on a page, in which chat and to whom, and how it leaves.

import { signal } from "@preact/signals";
import { Registry } from "../lib/registry";
import { t } from "../lib/text";
import { chats, type Pending } from "../model/outbox";
import { sendable } from "../model/tray";
import type { Visibility } from "../model/types";
import { Draft } from "./draft";
import { Outbox } from "./outbox";
import { sendFile } from "./outgoing";
import type { Parts } from "./parts";
import { Tray } from "./tray";

export class Composing {
  /** Why the last note came back, also when its chat is no longer open. */
  readonly returned = signal("");
  private readonly drafts = new Registry<Draft>();
  private readonly outboxes = new Registry<Outbox>();
  private readonly trays = new Registry<Tray>();

  /** What waited when the page was left goes by itself, also where its chat is not open. */
  constructor(private readonly parts: Parts) {
    for (const chatId of chats(parts.shelf)) this.outbox(chatId);
  }

  /** The draft that is kept under this key. */
  draft(key: string): Draft {
    return this.drafts.of(key, () => new Draft(this.parts.shelf, this.parts.tabs, key));
  }

  /** What somebody is writing in a chat, to these readers and to no others. */
  draftOf(chatId: string, visibility: Visibility): Draft {
    return this.draft(`draft:${chatId}:${visibility}`);
  }

  tray(chatId: string, visibility: Visibility): Tray {
    const deliver: Tray["deliver"] = (item) => sendFile(this.parts, chatId, visibility, item);
    return this.trays.of(`${chatId}:${visibility}`, () => new Tray(this.parts.clock, deliver));
  }

  outbox(chatId: string): Outbox {
    const giveBack = (item: Pending, problem: string) => this.takeBack(chatId, item, problem);
    return this.outboxes.of(chatId, () => new Outbox(this.parts, chatId, giveBack));
  }

  /** Whether words or files wait here for these readers. */
  waits(chatId: string, visibility: Visibility): boolean {
    const { text } = this.draftOf(chatId, visibility);
    const { items } = this.tray(chatId, visibility);
    return text.value.trim() !== "" || items.value.length > 0;
  }

  /** Whether files wait anywhere: they do not outlive the page. */
  get hasFiles(): boolean {
    return this.trays.all().some(({ items }) => items.peek().length > 0);
  }

  /** Sends the words, then the files: in that order, to these readers. False when there is nothing. */
  sendAll(chatId: string, visibility: Visibility): boolean {
    const draft = this.draftOf(chatId, visibility);
    const tray = this.tray(chatId, visibility);
    const body = draft.text.peek().trimEnd();
    const files = sendable(tray.items.peek()).map(({ id }) => id);
    if (tray.busy.peek() || (!body && !files.length)) return false;
    this.returned.value = "";
    draft.clear(draft.text.peek());
    void this.send(chatId, visibility, body, files);
    return true;
  }

  private async send(chatId: string, visibility: Visibility, body: string, files: string[]): Promise<void> {
    const tray = this.tray(chatId, visibility);
    tray.busy.value = files.length > 0;
    const problem = body && (await this.outbox(chatId).say(body, visibility));
    if (problem) tray.fail(files, problem);
    else await tray.send(files);
    tray.busy.value = false;
  }

  private takeBack(chatId: string, { visibility, body }: Pending, problem: string): void {
    this.draftOf(chatId, visibility).putBack(body);
    if (!problem) return;
    this.returned.value = t(
      "Your note was not kept: {problem} Its words are in the note field of that conversation again.",
      { problem },
    );
  }
}
