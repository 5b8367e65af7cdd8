// The shapes of the API under the names that the pages use; api.ts is made from the server's models.

import type { Desk, Entry, NewMove } from "./api";

export type {
  Board,
  BoardLine,
  Callback,
  Chat,
  Clock,
  Counted,
  Desk,
  Digest,
  Draft,
  Entry,
  Forecast,
  Found,
  HasRead,
  Incident,
  IsTyping,
  Me,
  Named,
  Outcome,
  OwnPresence,
  Problem,
  Progress,
  SentFile,
  Side,
  Similar,
  SpecialistLoad as Load,
  State,
  Taken,
  UndeliveredAlarm,
  Visibility,
  Watch,
} from "./api";

/** What a person can do with a chat: `POST /chats/{id}/moves`. */
export type Move = NewMove["move"];
/** Of the whole centre, or of one topic. */
export type Availability = Omit<Desk, "topics">;
/** An entry of some kinds. */
export type EntryOf<Kind extends Entry["kind"]> = Extract<Entry, { kind: Kind }>;
/** Words of a person. */
export type Said = EntryOf<"message" | "note">;
/** What else a timeline tells. */
export type Happening = Exclude<Entry, Said>;
