// Sound and desktop notification while chats wait; repeated until somebody takes them.

import { effect, signal } from "@preact/signals";
import { shelf } from "../lib/shelf";
import { t, tn } from "../lib/text";
import type { Chat } from "../model/types";
import { presence, waiting } from "./desk";

const REPEAT_AFTER = 20_000;

export const sound = signal(shelf.get("sound") !== "off");
export const notifications = signal(globalThis.Notification?.permission ?? "denied");

let known = new Set(waiting.peek().map((chat) => chat.id));
let context: AudioContext | undefined;

effect(() => {
  const fresh = waiting.value.filter((chat) => !known.has(chat.id));
  known = new Set(waiting.value.map((chat) => chat.id));
  const title = t("Workbench");
  document.title = waiting.value.length ? `(${waiting.value.length}) ${title}` : title;
  const first = fresh[0];
  if (first) alarm(first);
});

setInterval(() => {
  const longest = waiting.peek()[0];
  if (longest && presence.peek() === "available") alarm(longest);
}, REPEAT_AFTER);

export function toggleSound(): void {
  sound.value = !sound.peek();
  shelf.set("sound", sound.peek() ? "on" : "off");
  if (sound.peek()) chime();
}

export async function askForNotifications(): Promise<void> {
  notifications.value = await Notification.requestPermission();
}

function alarm(chat: Chat): void {
  if (sound.peek()) chime();
  if (notifications.peek() === "granted" && document.visibilityState === "hidden") {
    const n = waiting.peek().length;
    const title = tn("{n} question is waiting", "{n} questions are waiting", n);
    const body = `${chat.municipality.name}: ${chat.title}`;
    new Notification(title, { body, tag: "waiting" });
  }
}

/** Two short tones; silent while the browser has had no click yet. */
function chime(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
  for (const [index, frequency] of [660, 880].entries()) {
    const from = context.currentTime + index * 0.16;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.08, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.3);
  }
}
