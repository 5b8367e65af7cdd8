// Things as the server tells them, each as plain as can be.

import type { Digest,
  Board,
  Callback,
  Chat,
  Desk,
  Draft,
  Entry,
  EntryOf,
  Forecast,
  Incident,
  Me,
} from "../model/types";

export const JEROEN = { id: "jeroen", name: "Jeroen" };
export const SANNE = { id: "sanne", name: "Sanne" };
const AMERSFOORT = { id: "amersfoort", name: "Amersfoort" };
const TOPIC = { id: "brp", name: "BRP" };
const AT = "2026-04-24T14:40:00Z";

export const chatOf = (more: Partial<Chat> = {}): Chat => ({
  id: "c",
  number: "VIP-2026-000001",
  municipality: AMERSFOORT,
  requester: JEROEN,
  topic: TOPIC,
  kind: "question",
  title: "Adres wijzigen",
  state: "waiting",
  outcome: null,
  assignee: null,
  openedAt: AT,
  updatedAt: AT,
  closedAt: null,
  pickup: { dueAt: "2026-04-24T15:10:00Z", warnAt: "2026-04-24T15:00:00Z", metAt: null, breachedAt: null },
  lastSeq: 0,
  unread: 0,
  unreadRequester: 0,
  unreadCentre: 0,
  lastSide: "requester",
  lastWords: "Hoe wijzig ik een adres?",
  requesterReadSeq: 0,
  centreReadSeq: 0,
  returned: false,
  customerReference: "",
  ...more,
});

/** What a list says: this changed in it, that left it. */
export const digestOf = (list: Digest["list"], changed: Chat[], removed: string[] = [], version = 1): Digest => ({
  list,
  changed,
  removed,
  version,
});

export const entryOf = (seq: number, more: Partial<EntryOf<"message">> = {}): EntryOf<"message"> => ({
  chatId: "c",
  seq,
  publicSeq: seq,
  kind: "message",
  visibility: "everyone",
  author: { ...JEROEN, side: "requester" },
  at: AT,
  body: `bericht ${seq}`,
  words: "as_said",
  data: { addition: false, file: null },
  clientId: null,
  ...more,
});

/** What a timeline tells of an incident. */
export const reported = (seq: number): Entry => ({
  ...entryOf(seq, { author: null, body: "" }),
  kind: "incident",
  data: {
    incidentId: "i",
    reference: "VIP-2026-000001/1",
    step: "state",
    state: "created",
    number: "INC 1",
    url: "",
    progress: null,
    statusWords: "",
    problem: "",
    dropped: [],
  },
});

export const incidentOf = (more: Partial<Incident> = {}): Incident => ({
  id: "i",
  chatId: "c",
  reference: "VIP-2026-000001/1",
  system: "console",
  state: "created",
  number: "INC 1",
  url: "https://systeem.example/INC1",
  problem: "",
  dropped: [],
  progress: null,
  statusWords: "",
  title: "Adres wijzigen lukt niet",
  added: false,
  followed: true,
  goneAt: null,
  createdAt: AT,
  ...more,
});

export const draftOf = (more: Partial<Draft> = {}): Draft => ({
  title: "Adres wijzigen lukt niet",
  description: "Bij het opslaan komt fout UIT-5031.",
  category: "BRP",
  impact: "person",
  urgency: "normal",
  because: [],
  requester: "Jeroen",
  email: "jeroen@amersfoort.example",
  phone: "",
  municipality: "Amersfoort",
  reference: "VIP-2026-000001/1",
  chatUrl: "https://vip.example/chats/VIP-2026-000001",
  transcript: "",
  transcriptName: "VIP-2026-000001.txt",
  found: [],
  note: "",
  ...more,
});

export const deskOf = (more: Partial<Desk> = {}): Desk => ({
  open: true,
  staffed: true,
  waiting: 0,
  expectedWaitMinutes: null,
  expectedWait: null,
  nextOpening: null,
  topics: [],
  ...more,
});

export const meOf = (role: Me["role"]): Me => ({
  ...(role === "requester" ? JEROEN : SANNE),
  role,
  municipality: role === "requester" ? AMERSFOORT : null,
  language: "nl",
});

export const loadOf = (more: Partial<Board["specialists"][number]> = {}): Board["specialists"][number] => ({
  ...SANNE,
  status: "available",
  reason: "",
  until: null,
  active: 0,
  maxChats: 2,
  ...more,
});

export const boardOf = (more: Partial<Board> = {}): Board => ({
  at: AT,
  waiting: 0,
  longestWaitSince: null,
  warned: 0,
  late: 0,
  active: 0,
  offeredToday: 0,
  withinToday: 0,
  breachedToday: 0,
  percentWithin: null,
  goalPercent: 80,
  specialists: [loadOf()],
  topics: [],
  municipalities: [],
  ...more,
});

export const forecastOf = (more: Partial<Forecast> = {}): Forecast => ({
  at: AT,
  open: true,
  known: true,
  overdue: 0,
  late: 0,
  joinBy: null,
  neededNow: null,
  chances: [],
  colleagues: [],
  idle: [],
  ...more,
});

export const callbackOf = (more: Partial<Callback> = {}): Callback => ({
  id: "b",
  chatId: "c",
  number: "VIP-2026-000001",
  title: "Adres wijzigen",
  municipality: "Amersfoort",
  requester: "Jeroen",
  phone: "033 123 45 67",
  window: "na 14 uur",
  note: "",
  dueAt: "2026-04-24T15:10:00Z",
  breachedAt: null,
  attempts: 0,
  ...more,
});
