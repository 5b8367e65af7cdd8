// Sound and desktop notification while chats wait; repeated until somebody takes them.

import { effect, signal, untracked } from "@preact/signals";
import { chime } from "../lib/chime";
import { t, tn } from "../lib/text";
import type { Chat } from "../model/types";
import type { Workbench } from "./workbench";

const REPEAT_AFTER = 20_000;

export class Alarm {
  readonly sound = signal(true);
  readonly notifications = signal<NotificationPermission>(globalThis.Notification?.permission ?? "denied");
  private known: ReadonlySet<string>;

  constructor(
    private readonly workbench: Workbench,
    private readonly ring: () => void = chime(),
  ) {
    const { shelf } = workbench.site;
    this.sound.value = shelf.get("sound") !== "off";
    this.known = ids(workbench.waiting.peek());
    effect(() => this.look(workbench.waiting.value));
    setInterval(() => this.repeat(), REPEAT_AFTER);
  }

  toggleSound(): void {
    this.sound.value = !this.sound.peek();
    this.workbench.site.shelf.set("sound", this.sound.peek() ? "on" : "off");
    if (this.sound.peek()) this.ring();
  }

  async askForNotifications(): Promise<void> {
    this.notifications.value = await Notification.requestPermission();
  }

  private look(waiting: readonly Chat[]): void {
    const fresh = waiting.find(({ id }) => !this.known.has(id));
    this.known = ids(waiting);
    const title = t("Workbench");
    document.title = waiting.length ? `(${waiting.length}) ${title}` : title;
    if (fresh) untracked(() => this.raise(fresh));
  }

  private repeat(): void {
    const [longest] = this.workbench.waiting.peek();
    if (longest && this.workbench.presence.peek() === "available") this.raise(longest);
  }

  private raise(chat: Chat): void {
    if (this.sound.peek()) this.ring();
    if (this.notifications.peek() !== "granted" || document.visibilityState !== "hidden") return;
    const n = this.workbench.waiting.peek().length;
    const title = tn("{n} question is waiting", "{n} questions are waiting", n);
    const body = `${chat.municipality.name}: ${chat.title}`;
    new Notification(title, { body, tag: "waiting" });
  }
}

const ids = (chats: readonly Chat[]): ReadonlySet<string> => new Set(chats.map(({ id }) => id));
