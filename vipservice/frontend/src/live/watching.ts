// The lists of chats that a page has on screen: as the server has them, and kept so.

import { type Signal, signal } from "@preact/signals";
import { isPassing } from "../model/keys";
import { withChat } from "../model/queue";
import type { Chat, Digest, Watch } from "../model/types";
import type { Line } from "./line";

type Named = Watch["lists"][number];

const AGAIN_AFTER = 5;

export class ShownList {
  readonly chats: Signal<readonly Chat[]>;
  /** What was said last of each chat, and when. */
  private readonly versions = new Map<string, number>();

  constructor(
    readonly name: Digest["list"],
    start: readonly Chat[],
  ) {
    this.chats = signal(start);
  }

  /** A new line: what was numbered on the one before says nothing on it. */
  begin(): void {
    this.versions.clear();
  }

  /** All of it, as it was at that version; what a later digest said already stays. */
  renew({ changed, version }: Digest): void {
    const isLater = ({ id }: Chat) => (this.versions.get(id) ?? 0) > version;
    this.chats.value = [...this.chats.peek().filter(isLater), ...changed.filter((chat) => !isLater(chat))];
  }

  /** What changed in it; a digest that is older than what is known of a chat says nothing of it. */
  change({ changed, removed, version }: Digest): void {
    const isNews = (id: string) => (this.versions.get(id) ?? 0) <= version;
    const left = removed.filter(isNews);
    let chats = this.chats.peek().filter(({ id }) => !left.includes(id));
    for (const chat of changed) if (isNews(chat.id)) chats = withChat(chats, chat, true);
    for (const id of [...removed, ...changed.map((chat) => chat.id)]) if (isNews(id)) this.versions.set(id, version);
    this.chats.value = chats;
  }

  /** A chat as it was answered here, before a digest says so. */
  hold(chat: Chat, belongs: boolean): void {
    if (belongs || this.chats.peek().some(({ id }) => id === chat.id))
      this.chats.value = withChat(this.chats.peek(), chat, belongs);
  }
}

/** Has lists kept up to date, and figures told, as long as the page is there. */
export function watch(line: Line, lists: readonly ShownList[], figures: readonly Named[] = []): void {
  const names = [...lists.map(({ name }) => name), ...figures];
  const shown = (digest: Digest) => lists.find(({ name }) => name === digest.list);
  const ask = async (): Promise<void> => {
    for (const list of lists) list.begin();
    const answer = await line.ask("watch", { lists: names });
    if (answer.ok) for (const digest of answer.digests) shown(digest)?.renew(digest);
    else if (isPassing(answer.problem)) setTimeout(askAgain, (answer.problem.retryAfter ?? AGAIN_AFTER) * 1000);
  };
  const askAgain = () => {
    if (line.connected) void ask();
  };
  line.onConnect(() => void ask());
  line.on("digest", (digest) => shown(digest)?.change(digest));
  askAgain();
}
