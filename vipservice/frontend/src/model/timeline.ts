// A timeline as this client has it: in order, each number once. Free of the page.

import type { Entry, EntryOf, Said } from "./types";

export interface Timeline {
  entries: readonly Entry[];
  lastSeq: number;
}

/** Where an entry stands on the page: for both sides the same place, where both read it. */
export const anchor = ({ publicSeq, seq }: Entry): string =>
  publicSeq === null ? `note-${seq}` : `entry-${publicSeq}`;

/** What an entry is called to who makes an incident of it. */
export const mark = ({ publicSeq, seq }: Entry): string => (publicSeq === null ? `n${seq}` : `${publicSeq}`);

/** Whether an entry holds words of a person; the others tell what happened. */
export const isSaid = (entry: Entry): entry is Said => entry.kind === "message" || entry.kind === "note";

type Amending = EntryOf<"corrected" | "withdrawn" | "erased">;
const amends = (entry: Entry): entry is Amending =>
  entry.kind === "corrected" || entry.kind === "withdrawn" || entry.kind === "erased";

/** Which words an entry holds, or is about. */
function place(entry: Entry): string {
  if (!amends(entry)) return anchor(entry);
  return `${entry.data.note ? "note" : "entry"}-${entry.data.of}`;
}

function withWordsOf(entry: Entry, { body, words }: Amending): Entry {
  const now = { ...entry, body, words };
  if (words === "corrected" || !isSaid(now)) return now;
  return { ...now, data: { ...now.data, file: null } } as Said;
}

/** What was corrected, withdrawn or erased is so wherever it stands. */
function amended(entries: readonly Entry[], fresh: readonly Entry[]): readonly Entry[] {
  const last = new Map(fresh.filter(amends).map((one) => [place(one), one]));
  if (!last.size) return entries;
  return entries.map((entry) => {
    const by = last.get(place(entry));
    return by ? withWordsOf(entry, by) : entry;
  });
}

/** Everything up to `lastSeq` as the server read it out. */
export function caughtUp(timeline: Timeline, read: readonly Entry[], lastSeq: number): Timeline {
  const known = new Set(timeline.entries.map(({ seq }) => seq));
  const fresh = read.filter(({ seq }) => seq > timeline.lastSeq && !known.has(seq));
  return {
    entries: amended([...timeline.entries, ...fresh], fresh),
    lastSeq: Math.max(timeline.lastSeq, lastSeq, ...fresh.map(({ seq }) => seq)),
  };
}

/**
 * One live entry. Known numbers are dropped. After a gap nothing is taken: the caller reads
 * on from `lastSeq` instead, because what lies between may be missing or hidden from us.
 */
export function received(timeline: Timeline, entry: Entry): { timeline: Timeline; gap: boolean } {
  if (entry.seq <= timeline.lastSeq) return { timeline, gap: false };
  if (entry.seq > timeline.lastSeq + 1) return { timeline, gap: true };
  return { timeline: caughtUp(timeline, [entry], entry.seq), gap: false };
}
