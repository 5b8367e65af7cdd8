import type { JSX } from "preact";
import { atTime, minutesUntil, shortMoment } from "../lib/time";
import { t, tn } from "../lib/text";
import { risk } from "../model/queue";
import type { Chat } from "../model/types";
import { useSite } from "../stores/site";

/** The state of a chat in words, as one side calls it. */
export function stateWords(chat: Chat): string {
  if (chat.state === "closed") return outcomeWords(chat);
  return {
    waiting: t("Waiting"),
    active: t("In conversation"),
    parked: t("Parked"),
    proposed: t("Answer proposed"),
  }[chat.state];
}

function outcomeWords(chat: Chat): string {
  switch (chat.outcome) {
    case "incident":
      return t("Passed on as incident");
    case "withdrawn":
      return t("Withdrawn");
    case "answered_unconfirmed":
      return t("Closed without confirmation");
    case "callback":
      return t("Call back");
    default:
      return t("Answered");
  }
}

export function StateBadge({ chat }: { chat: Chat }): JSX.Element {
  const kind = chat.state === "closed" ? (chat.outcome ?? "answered") : chat.state;
  return <span class={`utrecht-badge-status state state--${kind}`}>{stateWords(chat)}</span>;
}

export function Unread({ count }: { count: number }): JSX.Element | null {
  return count > 0 ? (
    <span class="unread">
      {count}
      <span class="visually-hidden"> {tn("unread message", "unread messages", count)}</span>
    </span>
  ) : null;
}

/** The time left until the promise, in words and with a sign: never by colour alone. */
export function Remaining({ chat }: { chat: Chat }): JSX.Element | null {
  const at = useSite().now.value;
  if (!chat.pickup) return null;
  const left = minutesUntil(chat.pickup.dueAt, at);
  const level = risk(chat, at);
  return (
    <span class={`remaining remaining--${level}`} title={t("Due {time}", { time: shortMoment(chat.pickup.dueAt) })}>
      <span aria-hidden="true">{{ calm: "◷", soon: "▲", late: "■" }[level]}</span>{" "}
      {remainingWords(left, chat.pickup.dueAt)}
    </span>
  );
}

function remainingWords(left: number, dueAt: string): string {
  if (left > 60) return t("before {time}", { time: shortMoment(dueAt) });
  if (left <= -60) return t("too late since {time}", { time: shortMoment(dueAt) });
  if (left <= 0) return tn("{n} minute too late", "{n} minutes too late", Math.floor(-left) || 1);
  return tn("{n} minute left", "{n} minutes left", Math.ceil(left));
}

export function since(iso: string): string {
  return t("since {time}", { time: atTime(iso) });
}
