// Which entries of a conversation an incident is made from.

import type { Entry } from "./types";

/** Messages that are left out, and internal notes that go along. */
export interface Picked {
  readonly left: ReadonlySet<number>;
  readonly notes: ReadonlySet<number>;
}

/** Whether an entry holds words that can go along. */
export const sayable = ({ kind }: Entry): boolean => kind === "message" || kind === "note";

/** The entries and notes as the API takes them; null for every message. */
export function chosen(
  entries: readonly Entry[],
  { left, notes }: Picked,
): { entries: number[] | null; notes: number[] } {
  const messages = entries.filter(({ kind }) => kind === "message").map(({ seq }) => seq);
  return {
    entries: left.size ? messages.filter((seq) => !left.has(seq)) : null,
    notes: [...notes].sort((a, b) => a - b),
  };
}

/** The same as a query string. */
export function query(entries: readonly Entry[], picked: Picked): string {
  const { entries: messages, notes } = chosen(entries, picked);
  const given = new URLSearchParams();
  if (messages) given.set("entries", messages.join(","));
  if (notes.length) given.set("notes", notes.join(","));
  return given.size ? `?${given}` : "";
}
