// What happened in a chat, as a sentence for one side.

import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import type { Entry, Side } from "../model/types";

export interface Sentence {
  text: string;
  kind: "plain" | "good" | "warning" | "late";
  link?: string;
}

export function sentence(entry: Entry, side: Side): Sentence | null {
  switch (entry.kind) {
    case "opened":
      return opened(entry, side);
    case "moved":
      return moved(entry, side);
    case "flag":
      return flagged(entry, side);
    case "incident":
      return incident(entry, side);
    default:
      return null;
  }
}

const plain = (text: string): Sentence => ({ text, kind: "plain" });
const text = (value: unknown) => (typeof value === "string" ? value : "");

function opened({ data, author }: Entry, side: Side): Sentence {
  const time = shortMoment(text(data.dueAt));
  if (side === "centre") return plain(t("{name} asked a question.", { name: author?.name ?? "" }));
  return plain(t("Your question is in the queue. We pick it up before {time}.", { time }));
}

function moved({ data, author }: Entry, side: Side): Sentence {
  const name = (data.assignee as { name?: string } | undefined)?.name ?? author?.name ?? "";
  const queued = data.to === "waiting";
  switch (data.move) {
    case "pick_up":
      return plain(t("{name} has picked up the question.", { name }));
    case "park":
      return plain(parked(side, name));
    case "resume":
      return plain(queued ? t("The conversation is back in the queue.") : t("The conversation goes on."));
    case "hand_over":
      return plain(handedOver(data, queued, name));
    case "propose":
      return plain(proposed(side, name));
    case "reject":
      return plain(t("Not solved yet: the conversation goes on."));
    case "confirm":
      return { text: t("{name} confirmed the answer. The conversation is closed.", { name: author?.name ?? "" }), kind: "good" };
    case "withdraw":
      return plain(t("{name} withdrew the question.", { name: author?.name ?? "" }));
    case "escalate":
      return plain(t("The conversation becomes an incident and is closed here."));
    case "reopen":
      return plain(t("The conversation has been reopened."));
    default:
      return plain(t("The conversation is closed."));
  }
}

function parked(side: Side, name: string): string {
  return side === "centre"
    ? t("{name} parked the conversation.", { name })
    : t("{name} is looking something up for you. You can go on typing.", { name });
}

function proposed(side: Side, name: string): string {
  return side === "centre"
    ? t("{name} asked whether this answers the question.", { name })
    : t("{name} thinks that your question is answered. Is that right?", { name });
}

function handedOver(data: Entry["data"], queued: boolean, name: string): string {
  const reason = text(data.reason) && t("Reason: {reason}", { reason: text(data.reason) });
  const done = queued
    ? t("The conversation was handed over and is in front of the queue.")
    : t("The conversation was handed over to {name}.", { name });
  return `${done} ${reason}`;
}

function flagged({ data }: Entry, side: Side): Sentence {
  const time = shortMoment(text(data.dueAt));
  if (data.level === "warning") {
    return { text: t("Almost too late: this must be picked up before {time}.", { time }), kind: "warning" };
  }
  if (side === "centre") {
    return { text: t("The promised time of {time} has passed. The requester knows.", { time }), kind: "late" };
  }
  return {
    text: t(
      "It takes longer than we promised ({time}); our apologies. Your question is now at the front of the queue, and the manager of the knowledge centre sees that it is late. You do not have to do anything.",
      { time },
    ),
    kind: "late",
  };
}

function incident({ data }: Entry, side: Side): Sentence {
  if (data.state === "created") {
    const number = text(data.number);
    return { text: t("Incident {number} has been made.", { number }), kind: "good", link: text(data.url) };
  }
  if (data.state === "refused") {
    const problem = text(data.problem);
    return { text: t("The ticketing system refused the incident: {problem}", { problem }), kind: "late" };
  }
  if (data.problem && side === "centre") {
    const problem = text(data.problem);
    return { text: t("There is no incident yet, we keep trying: {problem}", { problem }), kind: "warning" };
  }
  return plain(t("The incident is being made. Its number will appear here."));
}
