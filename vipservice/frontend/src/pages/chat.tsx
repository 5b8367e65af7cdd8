// The requester's conversation.

import { signal } from "@preact/signals";
import { Button } from "../components/Button";
import { CallbackOffer } from "../components/Callback";
import { ClockPanel } from "../components/ClockPanel";
import { IncidentCard, isDone, useIncidents } from "../components/IncidentCards";
import { CustomerReference } from "../components/CustomerReference";
import { ConversationHead } from "../components/ConversationHead";
import { Composer } from "../components/Composer";
import { ConnectionNotice, Notice, Problem } from "../components/Notice";
import { Timeline } from "../components/Timeline";
import { Unsent } from "../components/Unsent";
import { get, makeMove, Refused } from "../lib/api";
import { focusNext } from "../lib/focus";
import { mount } from "../lib/mount";
import { state } from "../lib/page";
import { Paced } from "../lib/paced";
import { around, now, shortMoment } from "../lib/time";
import { t } from "../lib/text";
import { Conversation } from "../live/conversation";
import { socket } from "../live/socket";
import type { Availability, Chat, Desk, Entry, Incident, Me, Move } from "../model/types";
import { waitingWords } from "../model/waiting";

/** Milliseconds: what is expected changes with every pick-up of the desk. */
const EXPECTED_EVERY = 15_000;
const start = state<{
  me: Me;
  chat: Chat;
  entries: Entry[];
  lastSeq: number;
  incidents: Incident[];
  reopenDays: number;
  availability: Desk | null;
  expectedAt: string | null;
}>();
const deskOf = (whole: Desk): Availability =>
  whole.topics.find(({ topic }) => topic.id === start.chat.topic.id) ?? whole;
const desk = signal(start.availability && deskOf(start.availability));
const expectedAt = signal(start.expectedAt);
const foretold = new Paced(EXPECTED_EVERY, () => {
  if (conversation.chat.peek().state !== "waiting") return;
  get<{ expectedAt: string | null }>(`/chats/${start.chat.id}/expected-pickup`).then(
    (found) => (expectedAt.value = found.expectedAt),
    () => undefined,
  );
});
socket.on("availability", (fresh: Desk) => {
  desk.value = deskOf(fresh);
  foretold.ask();
});
const conversation = new Conversation(start.me.role === "requester" ? "requester" : "centre", start);
const problem = signal("");
const own = start.chat.requester.id === start.me.id;

document.addEventListener("visibilitychange", () => conversation.markRead());

async function move(name: Move): Promise<void> {
  problem.value = "";
  try {
    conversation.chat.value = await makeMove(start.chat.id, name);
    focusNext("message", "content");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    problem.value = error.message;
  }
}

function Page() {
  const chat = conversation.chat.value;
  const incidents = useIncidents(chat.id, conversation.timeline.value, start.incidents);
  return (
    <div class="conversation">
      <ConversationHead chat={chat}>
        {own && (
          <CustomerReference chat={chat} onChange={(changed) => (conversation.chat.value = changed)} />
        )}
        <ClockPanel chatId={chat.id} lastSeq={chat.lastSeq} />
      </ConversationHead>
      {incidents.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} side={conversation.side} />
      ))}
      <ConnectionNotice />
      <Problem text={problem.value || conversation.problem.value} />
      <Timeline conversation={conversation} onTakeBack={() => focusNext("message")} />
      <Next chat={chat} incidents={incidents} />
    </div>
  );
}

/** What one can do now, with the most likely step first. */
function Next({ chat, incidents }: { chat: Chat; incidents: readonly Incident[] }) {
  if (!own) return <Followed chat={chat} />;
  if (chat.state === "closed") return <Closed chat={chat} incidents={incidents} />;
  return (
    <div class="next">
      {isOffered() && (
        <CallbackOffer chatId={chat.id} onDone={(closed) => (conversation.chat.value = closed)} />
      )}
      {chat.state === "waiting" && <Waiting chat={chat} />}
      {chat.state === "proposed" && (
        <Notice kind="info" role="status">
          <p>{t("Is your question answered?")}</p>
          <div class="buttons">
            <Button looks="primary-action" onClick={() => void move("confirm")}>
              {t("Yes, close the conversation")}
            </Button>
            <Button onClick={() => void move("reject")}>{t("Not solved yet")}</Button>
          </div>
        </Notice>
      )}
      <Say label={t("Your message")} />
    </div>
  );
}

function Followed({ chat }: { chat: Chat }) {
  return (
    <>
      <Unsent chatId={chat.id} visibility="everyone" />
      <p class="hint">{t("You follow this question of a colleague. {name} can answer.", { name: chat.requester.name })}</p>
    </>
  );
}

/** Whether a callback was offered since the chat last moved. */
function isOffered(): boolean {
  const told = conversation.timeline.value.entries.filter(({ kind }) => kind === "moved" || kind === "callback");
  const last = told[told.length - 1];
  return last?.kind === "callback" && last.data.step === "offered";
}

function Waiting({ chat }: { chat: Chat }) {
  return (
    <div class="waiting">
      <p role="status">
        {desk.value &&
          waitingWords({ pickup: chat.pickup, expectedAt: expectedAt.value }, desk.value, now.value, { moment: shortMoment, around })}{" "}
        {t("You can close this page: the answer stays here.")}
      </p>
      <div class="buttons">
        {chat.kind === "problem" && (
          <a class="utrecht-button utrecht-button--secondary-action" href={`/chats/${chat.number}/incident`}>
            {t("On to the incident form")}
          </a>
        )}
        <Button looks="subtle" onClick={() => void move("withdraw")}>
          {t("Withdraw question")}
        </Button>
      </div>
    </div>
  );
}

function Closed({ chat, incidents }: { chat: Chat; incidents: readonly Incident[] }) {
  const going = incidents.filter((incident) => !isDone(incident));
  const until = Date.parse(chat.closedAt ?? "") + start.reopenDays * 86_400_000;
  const possible = chat.outcome === "incident" ? !going.length : Date.now() < until;
  return (
    <div class="next">
      {going.length > 0 ? (
        <Say label={t("Add something for the engineers")} />
      ) : (
        <Unsent chatId={chat.id} visibility="everyone" />
      )}
      <div class="buttons">
        {possible && <Button onClick={() => void move("reopen")}>{t("Reopen")}</Button>}
        <a
          class={`utrecht-button utrecht-button--${going.length ? "subtle" : "primary-action"}`}
          href="/chats/new"
        >
          {t("Ask a new question")}
        </a>
        <a class="utrecht-button utrecht-button--subtle" href="/chats">
          {t("Back to your questions")}
        </a>
      </div>
    </div>
  );
}

function Say({ label }: { label: string }) {
  return <Composer conversation={conversation} visibility="everyone" label={label} />;
}

mount(<Page />);
if (location.hash) focusNext(location.hash.slice(1));
