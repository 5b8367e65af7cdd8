// What happened in a chat, as a sentence for one side.

import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import { tell, type Tone, wordFor } from "../model/sentences";
import type { Entry, Progress, Side } from "../model/types";

export interface Sentence {
  text: string;
  kind: Tone;
  link: string;
}

const words = { say: (id: string) => t(id), moment: shortMoment };

export function sentence({ kind, author, data }: Entry, side: Side): Sentence | null {
  const facts = { ...data, author, assignee: data.assignee ?? author };
  const told = tell(kind, side, facts, words);
  return told && { text: told.parts.join(" "), kind: told.tone, link: page(facts[told.link as keyof typeof facts]) };
}

/** How far the engineers are; "" where that is not known. */
export const progressWords = (progress: Progress | null) =>
  progress ? wordFor("progress", progress, words.say) : "";

/** An address that can be opened; anything else is none. */
export const page = (value: unknown) =>
  typeof value === "string" && /^https?:\/\//.test(value) ? value : "";
