// The shapes of the API (CONTRACT): what the server answers and sends.

export type State = "waiting" | "active" | "parked" | "proposed" | "closed";
/** What a person can do with a chat: `POST /chats/{id}/moves`. */
export type Move =
  | "pick_up"
  | "park"
  | "resume"
  | "hand_over"
  | "propose"
  | "confirm"
  | "reject"
  | "withdraw"
  | "reopen";
export type Outcome =
  | "answered"
  | "answered_unconfirmed"
  | "incident"
  | "callback"
  | "withdrawn";
export type Side = "requester" | "centre";
/** Who may read an entry: both sides, or the knowledge centre alone. */
export type Visibility = "everyone" | "centre";

export interface Named {
  id: string;
  name: string;
}

export interface Me extends Named {
  role: "requester" | "specialist" | "manager" | "operator";
  municipality: Named | null;
}

export interface Chat {
  id: string;
  number: string;
  kind: "question" | "problem";
  municipality: Named;
  requester: Named;
  topic: Named;
  title: string;
  customerReference: string;
  state: State;
  outcome: Outcome | null;
  assignee: Named | null;
  returned: boolean;
  openedAt: string;
  updatedAt: string;
  closedAt: string | null;
  pickup: { dueAt: string; warnAt: string; metAt: string | null; breachedAt: string | null } | null;
  lastSeq: number;
  lastWords: string;
  lastSide: Side | "";
  requesterReadSeq: number;
  centreReadSeq: number;
  unread: number;
}

export interface Entry {
  chatId: string;
  /** The number of the side that reads it. */
  seq: number;
  /** The number that both sides know; null for what only the centre reads. */
  publicSeq: number | null;
  kind:
    | "opened"
    | "message"
    | "note"
    | "moved"
    | "flag"
    | "incident"
    | "callback"
    | "recalculated"
    | "customer_reference"
    | "corrected"
    | "withdrawn"
    | "erased";
  /** What became of the words; `body` is what they are now. */
  words: "as_said" | "corrected" | "withdrawn" | "erased";
  visibility: Visibility;
  author: (Named & { side: Side }) | null;
  at: string;
  body: string;
  data: Record<string, unknown>;
  clientId: string | null;
}

export interface Availability {
  open: boolean;
  staffed: boolean;
  waiting: number;
  expectedWaitMinutes: number | null;
  expectedWait: { from: string; at: string; until: string } | null;
  nextOpening: string | null;
}

export interface Desk extends Availability {
  topics: (Availability & { topic: Named })[];
}

/** Words of the conversation that the draft quotes, with the entry they came from. */
export interface Found {
  kind: string;
  text: string;
  seq: number;
}

export interface Draft {
  title: string;
  description: string;
  category: string;
  impact: "person" | "department" | "organisation";
  urgency: "low" | "normal" | "high";
  because: string[];
  requester: string;
  email: string;
  phone: string;
  municipality: string;
  reference: string;
  chatUrl: string;
  transcriptName: string;
  found: Found[];
  note: string;
}

export type Progress = "received" | "in_progress" | "on_hold" | "solved" | "closed" | "cancelled" | "unknown";

export interface Incident {
  id: string;
  chatId: string;
  reference: string;
  system: string;
  state: "pending" | "created" | "refused";
  number: string;
  url: string;
  problem: string;
  dropped: string[];
  progress: Progress | null;
  statusWords: string;
  title: string;
  added: boolean;
  followed: boolean;
  goneAt: string | null;
  createdAt: string;
}

export interface Similar {
  id: string;
  number: string;
  title: string;
  municipality: string;
  topic: string;
  progress: Progress | null;
  chats: number;
  createdAt: string;
}

export interface Undelivered {
  id: string;
  createdAt: string;
}

export interface Load {
  id: string;
  name: string;
  status: "available" | "away" | "offline";
  active: number;
  maxChats: number;
}

export interface BoardLine {
  name: string;
  waiting: number;
  breachedToday: number;
  offeredToday: number;
  withinToday: number;
}

export interface Board {
  at: string;
  waiting: number;
  longestWaitSince: string | null;
  warned: number;
  late: number;
  breachedToday: number;
  offeredToday: number;
  withinToday: number;
  percentWithin: number | null;
  goalPercent: number;
  active: number;
  topics: BoardLine[];
  municipalities: BoardLine[];
  specialists: Load[];
}

export interface Counted {
  start: string;
  end: string;
}

export interface Clock {
  cycle: number;
  target: "pickup" | "reply" | "callback";
  turn: number;
  startedAt: string;
  dueAt: string;
  metAt: string | null;
  breachedAt: string | null;
  endedAt: string | null;
  minutes: number;
  policyVersion: number;
  calendarVersion: number;
  counted: Counted[];
  spentSeconds: number;
}

export interface Forecast {
  open: boolean;
  known: boolean;
  overdue: number;
  late: number;
  joinBy: string | null;
  neededNow: number | null;
  chances: { chatId: string; number: string; chance: number }[];
  colleagues: Named[];
  idle: { chatId: string; number: string; specialist: string; minutes: number }[];
}

export interface Callback {
  id: string;
  chatId: string;
  title: string;
  requester: string;
  municipality: string;
  phone: string;
  window: string;
  attempts: number;
  dueAt: string;
  breachedAt: string | null;
}
