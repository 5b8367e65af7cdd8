// A text that is being written: it outlives the page, and is shared by a person's tabs.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Tabs } from "../lib/tabs";
import { afterSending, type Held, heard, joined, typed } from "../model/draft";
import type { Shelf } from "../model/shelf";

export class Draft {
  private readonly shown: Signal<string>;
  private seen: string;

  constructor(
    private readonly shelf: Shelf,
    tabs: Tabs,
    private readonly key: string,
  ) {
    this.seen = shelf.get(key);
    this.shown = signal(this.seen);
    tabs.hear((changed) => {
      if (changed === null || changed === key) this.hear();
    });
  }

  get text(): ReadonlySignal<string> {
    return this.shown;
  }

  /** What stands in the field now, after somebody typed. */
  type(text: string): void {
    this.keep(typed(this.held(), this.shelf.get(this.key), text));
  }

  /** Words that could not be sent: they come back, before what was typed since. */
  putBack(words: string): void {
    this.hear();
    this.keep(joined(words, this.shown.peek()));
  }

  /** These words were sent. */
  clear(sent: string): void {
    this.keep(afterSending(this.shelf.get(this.key), sent));
  }

  private held(): Held {
    return { text: this.shown.peek(), seen: this.seen };
  }

  private hear(): void {
    const { text, seen } = heard(this.held(), this.shelf.get(this.key));
    this.shown.value = text;
    this.seen = seen;
  }

  private keep(text: string): void {
    this.shown.value = text;
    this.shelf.set(this.key, text);
    this.seen = this.shelf.get(this.key);
  }
}
