// The requester's start page: what can be expected of the desk, and the chats of the municipality.

import { computed, type Signal, signal } from "@preact/signals";
import { ShownList, watch } from "../live/watching";
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
  private readonly all: ShownList;
  readonly open = computed(() => this.all.chats.value.filter(({ state }) => state !== "closed"));
  readonly closed = computed(() => this.all.chats.value.filter(({ state }) => state === "closed"));

  constructor(
    { line }: Site,
    readonly start: ChatsState,
  ) {
    this.desk = signal(start.availability);
    this.all = new ShownList("municipality", start.chats);
    line.on("availability", (fresh) => (this.desk.value = fresh));
    watch(line, [this.all], ["availability"]);
  }
}
