// The files that wait in a chat, for some readers: kept while another chat is looked at.

import { signal } from "@preact/signals";
import { t, tn } from "../lib/text";
import { stamp } from "../lib/time";
import { isDefinite } from "../model/keys";
import { changed, fault, type Item, readableName, sendable, without } from "../model/tray";
import type { Stored } from "./outgoing";

export class Tray {
  readonly items = signal<readonly Item[]>([]);
  readonly busy = signal(false);
  /** What happened, for who does not see it. */
  readonly told = signal("");

  constructor(
    private readonly clock: () => number,
    readonly deliver: (item: Item) => Promise<Stored>,
  ) {}

  add(files: readonly File[]): void {
    const added = files.map(item);
    if (!added.length) return;
    this.items.value = [...this.items.peek(), ...added];
    const [first] = added;
    this.told.value =
      added.length === 1 && first
        ? t("{name} has been added.", { name: first.file.name })
        : tn("{n} file has been added.", "{n} files have been added.", added.length);
  }

  /** Adds what was pasted, with names that can be told apart. */
  paste(files: readonly File[]): void {
    const screenshot = t("screenshot-{moment}", { moment: stamp(this.clock()) });
    const known = this.items.peek().map((one) => one.file.name);
    const named = files.map((file) => {
      const name = readableName(file.name, screenshot, known);
      known.push(name);
      return name === file.name ? file : new File([file], name, { type: file.type });
    });
    this.add(named);
  }

  remove(id: string): void {
    const gone = this.items.peek().find((one) => one.id === id);
    if (!gone || gone.onItsWay) return;
    this.items.value = without(this.items.peek(), id);
    this.told.value = t("{name} has been removed.", { name: gone.file.name });
  }

  /** Sends these in their order; what was sent leaves the tray, what failed says why. */
  async send(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const found = sendable(this.items.peek()).find((one) => one.id === id);
      if (found) await this.sendOne(found);
    }
  }

  fail(ids: readonly string[], problem: string): void {
    for (const id of ids) this.change(id, { problem });
  }

  private async sendOne(one: Item): Promise<void> {
    this.change(one.id, { onItsWay: true, problem: "" });
    const answer = await this.deliver(one);
    if (answer.ok) {
      this.items.value = without(this.items.peek(), one.id);
      return;
    }
    const problem = answer.problem.errors?.[0]?.detail ?? answer.problem.detail;
    const clientId = isDefinite(answer.problem) ? crypto.randomUUID() : one.clientId;
    this.change(one.id, { onItsWay: false, problem, clientId });
  }

  private change(id: string, change: Partial<Item>): void {
    this.items.value = changed(this.items.peek(), id, change);
  }
}

function item(file: File): Item {
  const id = crypto.randomUUID();
  const faults = {
    empty: t("This file is empty. Choose another one."),
    large: t("Larger than 10 MB. Send a smaller file."),
  };
  const wrong = fault(file);
  return { id, clientId: id, file, problem: wrong ? faults[wrong] : "", onItsWay: false };
}
