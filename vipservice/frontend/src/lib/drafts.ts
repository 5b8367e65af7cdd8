// Texts that are being written: they outlive the page, and are shared by a person's tabs.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { afterSending, heard, joined, typed } from "../model/draft";
import type { Visibility } from "../model/types";
import { onOtherTab, shelf } from "./shelf";

export class Draft {
  private readonly shown: Signal<string>;
  private seen: string;

  constructor(private readonly key: string) {
    this.seen = shelf.get(key);
    this.shown = signal(this.seen);
    onOtherTab((changed) => {
      if (changed === null || changed === key) this.hear();
    });
  }

  get text(): ReadonlySignal<string> {
    return this.shown;
  }

  /** What stands in the field now, after somebody typed. */
  type(text: string): void {
    this.keep(typed(this.held(), shelf.get(this.key), text));
  }

  /** Words that could not be sent: they come back, before what was typed since. */
  putBack(words: string): void {
    this.hear();
    this.keep(joined(words, this.shown.peek()));
  }

  /** These words were sent. */
  clear(sent: string): void {
    this.keep(afterSending(shelf.get(this.key), sent));
  }

  private held(): { text: string; seen: string } {
    return { text: this.shown.peek(), seen: this.seen };
  }

  private hear(): void {
    const { text, seen } = heard(this.held(), shelf.get(this.key));
    this.shown.value = text;
    this.seen = seen;
  }

  private keep(text: string): void {
    this.shown.value = text;
    shelf.set(this.key, text);
    this.seen = shelf.get(this.key);
  }
}

const drafts = new Map<string, Draft>();

/** The draft that is kept under this key. */
export function draft(key: string): Draft {
  const found = drafts.get(key) ?? new Draft(key);
  drafts.set(key, found);
  return found;
}

/** What somebody is writing in a chat, to these readers and to no others. */
export const draftOf = (chatId: string, visibility: Visibility): Draft =>
  draft(`draft:${chatId}:${visibility}`);
