// What happened in a chat, as a sentence for one side.

import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import { type Facts, tell, type Tone, wordFor } from "../model/sentences";
import type { Happening, Progress, Side } from "../model/types";

export interface Sentence {
  text: string;
  kind: Tone;
  link: string;
}

const words = { say: (id: string) => t(id), moment: shortMoment };

export function sentence(entry: Happening, side: Side): Sentence | null {
  const facts = factsOf(entry);
  const told = tell(entry.kind, side, facts, words);
  return told && { text: told.parts.join(" "), kind: told.tone, link: page(facts[told.link]) };
}

/** What a sentence can be filled with; a kind without a case here does not compile. */
function factsOf(entry: Happening): Facts {
  const { author } = entry;
  switch (entry.kind) {
    case "moved":
      return { ...entry.data, author, assignee: entry.data.assignee ?? author };
    case "opened":
    case "flag":
    case "recalculated":
    case "incident":
    case "callback":
    case "customer_reference":
    case "corrected":
    case "withdrawn":
    case "erased":
    case "reminded":
    case "passed":
      return { ...entry.data, author };
  }
}

/** How far the engineers are; "" where that is not known. */
export const progressWords = (progress: Progress | null) =>
  progress ? wordFor("progress", progress, words.say) : "";

/** An address that can be opened; anything else is none. */
export const page = (value: unknown) =>
  typeof value === "string" && /^https?:\/\//.test(value) ? value : "";
