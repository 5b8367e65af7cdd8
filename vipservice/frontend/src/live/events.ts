// What is said over the live connection, both ways: the shapes of the server's document.

import type {
  Board,
  Chat,
  ChatIncidents,
  Come,
  Desk,
  Digest,
  Entry,
  Followed,
  Forecast,
  Goodbye,
  HasRead,
  IsTyping,
  NewPresence,
  OwnPresence,
  Problem,
  Queue,
  Read,
  Send,
  Sent,
  Subscribe,
  Taken,
  Typing,
  UndeliveredAlarm,
  Unsubscribe,
  Watch,
  Watched,
} from "../model/api";

/** What the server tells. */
export interface Heard {
  entry: Entry;
  chat: Chat;
  incidents: ChatIncidents;
  typing: IsTyping;
  read: HasRead;
  queue: Queue;
  availability: Desk;
  digest: Digest;
  board: Board;
  forecast: Forecast;
  presence: OwnPresence;
  undelivered: UndeliveredAlarm;
  come: Come;
  taken: Taken;
  goodbye: Goodbye;
}

/** What is asked: the question and its answer. */
export interface Asked {
  subscribe: [Subscribe, Followed];
  send: [Send, Sent];
  presence: [NewPresence, OwnPresence];
  watch: [Watch, Watched];
}

/** What is told without waiting for an answer. */
export interface Said {
  unsubscribe: Unsubscribe;
  typing: Typing;
  read: Read;
}

export type Answer<Content> = ({ ok: true } & Content) | { ok: false; problem: Problem };
