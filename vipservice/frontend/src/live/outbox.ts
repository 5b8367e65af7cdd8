// What was said in a chat and is not stored yet. It goes on when the chat is no longer open.

import { signal } from "@preact/signals";
import { unreachable } from "../lib/api";
import { isDefinite, isPassing, Keys } from "../model/keys";
import * as outbox from "../model/outbox";
import type { Entry, Problem, Visibility } from "../model/types";
import { sendWords } from "./outgoing";
import type { Parts } from "./parts";

const AGAIN_AFTER = 5;

/** Who gets words back that could not be sent; `problem` says why, where nobody asked for them. */
export type TakesBack = (item: outbox.Pending, problem: string) => void;

export class Outbox {
  readonly pending = signal<readonly outbox.Pending[]>([]);
  /** What the open chat does with an entry that was stored. */
  onStored: (entry: Entry) => void = () => undefined;
  private sending = false;
  private readonly asking = new Map<string, (problem: string) => void>();
  private readonly keys = new Keys(() => crypto.randomUUID());

  constructor(
    private readonly parts: Parts,
    private readonly chatId: string,
    private readonly giveBack: TakesBack,
  ) {
    this.pending.value = outbox.load(parts.shelf, chatId);
    parts.tabs.hear((key) => this.hear(key));
    parts.line.onConnect(() => this.flush());
  }

  /** Keeps it and sends it; what is in the way now, or "" once it is stored. */
  async say(body: string, visibility: Visibility): Promise<string> {
    const clientId = this.keys.of(visibility + body);
    const at = outbox.nextAt(this.pending.peek(), this.parts.clock());
    this.put({ clientId, body, visibility, at, problem: "" });
    const answered = new Promise<string>((resolve) => this.asking.set(clientId, resolve));
    this.flush();
    return (await this.parts.session.isConnected()) ? answered : unreachable().detail;
  }

  sayAgain(clientId: string): void {
    const item = this.find(clientId);
    if (item) this.put({ ...item, problem: "" });
    this.flush();
  }

  /** Takes back what could not be sent: the words go on as the draft that they were. */
  takeBack(clientId: string, problem = ""): void {
    const item = this.find(clientId);
    if (!item) return;
    this.remove(clientId);
    this.giveBack(item, problem);
  }

  /** These are in the timeline: they need not be sent any more. */
  arrived(clientIds: Iterable<string | null>): void {
    for (const clientId of clientIds) {
      if (!clientId) continue;
      this.keys.settle(clientId);
      if (this.find(clientId)) this.remove(clientId);
      this.answer(clientId, "");
    }
  }

  /** Sends the next, one after the other: what waits longest goes first, whatever happened. */
  flush(): void {
    const item = outbox.next(this.pending.peek());
    if (!item || this.sending || !this.parts.line.connected) return;
    this.sending = true;
    void this.send(item);
  }

  private async send(item: outbox.Pending): Promise<void> {
    const answer = await sendWords(this.parts, this.chatId, item).finally(() => (this.sending = false));
    if (answer.ok) {
      this.arrived([item.clientId]);
      this.onStored(answer.entry);
    } else if (isPassing(answer.problem)) this.later(answer.problem);
    else this.refused(item, answer.problem);
    this.answer(item.clientId, answer.ok ? "" : answer.problem.detail);
    if (answer.ok || !isPassing(answer.problem)) this.flush();
  }

  /** Nobody knows whether it arrived, or not now: it goes again by itself, under the same key. */
  private later({ retryAfter }: Problem): void {
    setTimeout(() => this.flush(), (retryAfter ?? AGAIN_AFTER) * 1000);
  }

  private refused(item: outbox.Pending, problem: Problem): void {
    if (!this.find(item.clientId)) return;
    if (isDefinite(problem)) this.keys.settle(item.clientId);
    else this.keys.keep(item.visibility + item.body, item.clientId);
    this.put({ ...item, problem: problem.detail });
    if (item.visibility === "centre") this.takeBack(item.clientId, problem.detail);
  }

  private hear(key: string | null): void {
    const place = outbox.place(this.chatId);
    if (key === null) this.pending.value = outbox.load(this.parts.shelf, this.chatId);
    if (!key?.startsWith(place)) return;
    const item = outbox.read(this.parts.shelf, key);
    const pending = this.pending.peek();
    this.pending.value = item
      ? outbox.withItem(pending, item)
      : outbox.without(pending, key.slice(place.length));
    if (!item) this.answer(key.slice(place.length), "");
  }

  /** Tells who waits for it what became of a message. */
  private answer(clientId: string, problem: string): void {
    this.asking.get(clientId)?.(problem);
    this.asking.delete(clientId);
  }

  private find(clientId: string): outbox.Pending | undefined {
    return this.pending.peek().find((item) => item.clientId === clientId);
  }

  private put(item: outbox.Pending): void {
    this.pending.value = outbox.withItem(this.pending.peek(), item);
    outbox.keep(this.parts.shelf, this.chatId, item);
  }

  private remove(clientId: string): void {
    this.pending.value = outbox.without(this.pending.peek(), clientId);
    outbox.forget(this.parts.shelf, this.chatId, clientId);
  }
}
