// What happened in a chat, as a sentence for one side.

import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import type { Entry, Progress, Side } from "../model/types";

export interface Sentence {
  text: string;
  kind: "plain" | "good" | "warning" | "late";
  link?: string;
}

export const PROGRESS: Record<Progress, string> = {
  received: t("received"),
  in_progress: t("being worked on"),
  on_hold: t("on hold"),
  solved: t("solved"),
  closed: t("closed"),
  cancelled: t("cancelled"),
  unknown: "",
};

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
    case "callback":
      return calledBack(entry, side);
    case "reckoned":
      return reckoned(entry);
    case "their_number":
      return plain(t("The municipality's own number: {number}", { number: text(entry.data.number) }));
    case "corrected":
      return plain(t("{name} corrected a message.", { name: entry.author?.name ?? "" }));
    case "withdrawn":
      return plain(t("{name} withdrew a message.", { name: entry.author?.name ?? "" }));
    case "erased":
      return plain(t("A message was erased."));
    default:
      return null;
  }
}

const plain = (text: string): Sentence => ({ text, kind: "plain" });
const text = (value: unknown) => (typeof value === "string" ? value : "");

function opened({ author }: Entry, side: Side): Sentence {
  if (side === "centre") return plain(t("{name} asked a question.", { name: author?.name ?? "" }));
  return plain(t("Your question is in the queue."));
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
    case "call_back":
      return plain(t("The conversation closes here; we call back."));
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
  if (side === "requester") return lateForRequester(data, time);
  const kind = data.level === "warning" ? "warning" : "late";
  if (data.level === "manager") return { text: t("Still late: the managers have been told."), kind };
  const words = {
    pickup: data.level === "warning"
      ? t("Almost too late: this must be picked up before {time}.", { time })
      : t("The promised time of {time} has passed. The requester knows.", { time }),
    reply: data.level === "warning"
      ? t("The requester waits for an answer; give it before {time}.", { time })
      : t("The requester has waited for an answer since before {time}.", { time }),
    callback: data.level === "warning"
      ? t("Call back before {time}.", { time })
      : t("The callback was promised before {time}. The requester knows.", { time }),
  };
  return { text: words[data.target as keyof typeof words], kind };
}

/** The honest sentence, with what can be expected now. */
function lateForRequester(data: Entry["data"], time: string): Sentence {
  if (data.target === "callback") {
    return { text: t("We promised to call you before {time} and did not; our apologies. The manager of the knowledge centre sees it. We will still call you.", { time }), kind: "late" };
  }
  const late = t(
    "It takes longer than we promised ({time}); our apologies. Your question is now at the front of the queue, and the manager of the knowledge centre sees that it is late. You do not have to do anything.",
    { time },
  );
  const expected = text(data.expectedAt);
  const now = expected && t("We now expect to pick it up at about {time}.", { time: shortMoment(expected) });
  return { text: now ? `${late} ${now}` : late, kind: "late" };
}

function calledBack({ data, author }: Entry, side: Side): Sentence {
  const name = author?.name ?? "";
  switch (data.step) {
    case "offered":
      return plain(side === "centre" ? t("{name} offered to call back.", { name }) : t("We offer to call you back."));
    case "asked":
      return plain(t("We call back on {phone}. {window}", { phone: text(data.phone), window: text(data.window) }));
    case "reached":
      return { text: t("{name} called back.", { name }), kind: "good" };
    default:
      return plain(t("{name} called and got no answer. We try again.", { name }));
  }
}

function reckoned({ data }: Entry): Sentence {
  const reason = text(data.reason);
  return plain(t("The promised time was counted anew: {time}. Reason: {reason}", { time: shortMoment(text(data.dueAt)), reason }));
}

function incident({ data }: Entry, side: Side): Sentence {
  const number = text(data.number);
  const problem = text(data.problem);
  switch (data.step) {
    case "progress":
      return progressed(data, number);
    case "reopened":
      return { ...progressed(data, number), text: t("Incident {number} has been opened again.", { number }) };
    case "gone":
      return { text: t("Incident {number} is not there any more in the ticketing system: {problem}", { number, problem }), kind: "late" };
    case "withheld":
      return { text: t("Incident {number}: {problem}", { number, problem }), kind: "warning" };
    case "dropped":
      return { text: t("The system did not keep everything of incident {number}; see the details.", { number }), kind: "warning" };
    case "addition_refused":
      return { text: t("An addition to incident {number} was refused: {problem}", { number, problem }), kind: "late" };
  }
  if (data.state === "refused") {
    return { text: t("The ticketing system refused the incident: {problem}", { problem }), kind: "late" };
  }
  if (problem && side === "centre") {
    return { text: t("There is no incident yet, we keep trying: {problem}", { problem }), kind: "warning" };
  }
  if (data.state === "created") {
    return { text: t("Incident {number} has been made.", { number }), kind: "good", link: page(data.url) };
  }
  return plain(t("The incident is being made. Its number will appear here."));
}

/** An address that can be opened; anything else is none. */
export const page = (value: unknown) => (/^https?:\/\//.test(text(value)) ? text(value) : "");

function progressed(data: Entry["data"], number: string): Sentence {
  const known = PROGRESS[data.progress as Progress] ?? "";
  const words = text(data.statusWords);
  const told = known
    ? t("Incident {number}: {progress} ({words}).", { number, progress: known, words })
    : t("Incident {number}: {words}.", { number, words });
  const done = data.progress === "solved" || data.progress === "closed";
  return { text: told, kind: done ? "good" : "plain" };
}
