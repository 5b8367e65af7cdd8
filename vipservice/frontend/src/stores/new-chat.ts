// A question that is not asked yet: kept until the server has it.

import { computed, type Signal, signal } from "@preact/signals";
import { Asking } from "../lib/asking";
import { t } from "../lib/text";
import type { Draft } from "../live/draft";
import { watch } from "../live/watching";
import { isDefinite } from "../model/keys";
import type { Availability, Chat, Desk, Me, Named } from "../model/types";
import type { Site } from "./site";

export interface NewChatState {
  me: Me;
  topics: readonly Named[];
  availability: Desk;
}

export type Kind = "question" | "problem";

export class NewChat {
  readonly topicId: Draft;
  readonly body: Draft;
  readonly kind = signal<Kind>("question");
  readonly asking = new Asking();
  /** It was asked; the page goes on to it. */
  private readonly asked = signal(false);
  readonly busy = computed(() => this.asking.busy.value || this.asked.value);
  /** What is still missing, by field. */
  readonly wrong = signal<Readonly<Record<string, string>>>({});
  readonly availability = computed<Availability>(
    () => this.desk.value.topics.find(({ topic }) => topic.id === this.topicId.text.value) ?? this.desk.value,
  );
  private readonly desk: Signal<Desk>;
  private readonly clientId: Draft;

  constructor(
    private readonly site: Site,
    readonly start: NewChatState,
  ) {
    const { composing, line } = site;
    this.topicId = composing.draft("new:topic");
    this.body = composing.draft("new:body");
    this.clientId = composing.draft("new:client-id");
    this.desk = signal(start.availability);
    if (!start.topics.some(({ id }) => id === this.topicId.text.peek())) this.topicId.type("");
    line.on("availability", (fresh) => (this.desk.value = fresh));
    watch(line, [], ["availability"]);
  }

  /** Another question is no longer the one that may have arrived. */
  change(field: Draft, value: string): void {
    field.type(value);
    this.clientId.type("");
  }

  choose(kind: Kind): void {
    this.kind.value = kind;
    this.clientId.type("");
  }

  /** Asks it, once; the first field that misses something, when it can not be asked yet. */
  async submit(): Promise<string | undefined> {
    if (this.busy.peek()) return undefined;
    this.asking.refusal.value = null;
    this.wrong.value = this.missing();
    const [first] = Object.keys(this.wrong.peek());
    if (first) return first;
    if (!this.clientId.text.peek()) this.clientId.type(crypto.randomUUID());
    const chat = await this.asking.run(() => this.ask());
    const refusal = this.asking.refusal.peek();
    if (refusal && isDefinite(refusal)) this.clientId.type("");
    if (chat) this.goOn(chat);
    return undefined;
  }

  private goOn({ number, kind }: Chat): void {
    this.asked.value = true;
    this.site.go(`/chats/${number}${kind === "problem" ? "/incident" : ""}`);
  }

  private async ask(): Promise<Chat> {
    const asked = this.body.text.peek();
    const chat = await this.site.api.post<Chat>("/chats", {
      topicId: this.topicId.text.peek(),
      body: asked.trimEnd(),
      clientId: this.clientId.text.peek(),
      kind: this.kind.peek(),
    });
    this.body.clear(asked);
    for (const done of [this.topicId, this.clientId]) done.type("");
    return chat;
  }

  private missing(): Record<string, string> {
    const found: Record<string, string> = {};
    if (!this.topicId.text.peek()) found.topicId = t("Choose what your question is about.");
    if (!this.body.text.peek().trim()) found.body = t("Write down your question.");
    return found;
  }
}
