// The requester's start page: what can be expected of the desk, and the chats of the municipality.

import { computed, type Signal, signal } from "@preact/signals";
import { withChat } from "../model/queue";
import type { Chat, Desk, Me } from "../model/types";
import type { Site } from "./site";

export interface ChatsState {
  me: Me;
  mayOpen: boolean;
  availability: Desk;
  chats: readonly Chat[];
}

export class Chats {
  readonly desk: Signal<Desk>;
  private readonly all: Signal<readonly Chat[]>;
  readonly open = computed(() => this.all.value.filter(({ state }) => state !== "closed"));
  readonly closed = computed(() => this.all.value.filter(({ state }) => state === "closed"));

  constructor(
    { line }: Site,
    readonly start: ChatsState,
  ) {
    this.desk = signal(start.availability);
    this.all = signal(start.chats);
    line.on("availability", (fresh) => (this.desk.value = fresh));
    line.on("chat", (chat) => (this.all.value = withChat(this.all.peek(), chat, true)));
  }
}
