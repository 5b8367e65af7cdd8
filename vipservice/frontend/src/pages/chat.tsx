// The requester's conversation.

import { Button } from "../components/Button";
import { CallbackOffer } from "../components/Callback";
import { ClockPanel } from "../components/ClockPanel";
import { Composer } from "../components/Composer";
import { ConversationHead } from "../components/ConversationHead";
import { CustomerReference } from "../components/CustomerReference";
import { IncidentCard } from "../components/IncidentCards";
import { ConnectionNotice, Notice, Problem } from "../components/Notice";
import { Timeline } from "../components/Timeline";
import { Unsent } from "../components/Unsent";
import { focusNext } from "../lib/focus";
import { state } from "../lib/page";
import { around, shortMoment } from "../lib/time";
import { t } from "../lib/text";
import { waitingWords } from "../model/waiting";
import { ChatPage, type ChatState } from "../stores/chat";
import { useSite } from "../stores/site";
import { open } from "./open";

interface PageProps {
  page: ChatPage;
}

function Page({ page }: PageProps) {
  const { conversation, asking } = page;
  const chat = conversation.chat.value;
  return (
    <div class="conversation">
      <ConversationHead chat={chat}>
        {page.own.value && (
          <CustomerReference chat={chat} onChange={(changed) => (conversation.chat.value = changed)} />
        )}
        <ClockPanel chatId={chat.id} lastSeq={chat.lastSeq} />
      </ConversationHead>
      {conversation.incidents.value.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} side={conversation.side} />
      ))}
      <ConnectionNotice />
      <Problem text={asking.problem.value || conversation.problem.value} />
      <Timeline conversation={conversation} onTakeBack={() => focusNext("message")} />
      <Next page={page} />
    </div>
  );
}

/** What one can do now, with the most likely step first. */
function Next({ page }: PageProps) {
  const { conversation } = page;
  const chat = conversation.chat.value;
  if (!page.own.value) return <Followed page={page} />;
  if (chat.state === "closed") return <Closed page={page} />;
  return (
    <div class="next">
      {page.isCallbackOffered() && (
        <CallbackOffer chatId={chat.id} onDone={(closed) => (conversation.chat.value = closed)} />
      )}
      {chat.state === "waiting" && <Waiting page={page} />}
      {chat.state === "proposed" && (
        <Notice kind="info" role="status">
          <p>{t("Is your question answered?")}</p>
          <div class="buttons">
            <Button looks="primary-action" onClick={() => void page.move("confirm")}>
              {t("Yes, close the conversation")}
            </Button>
            <Button onClick={() => void page.move("reject")}>{t("Not solved yet")}</Button>
          </div>
        </Notice>
      )}
      <Say page={page} label={t("Your message")} />
    </div>
  );
}

function Followed({ page }: PageProps) {
  const chat = page.conversation.chat.value;
  return (
    <>
      <Unsent chatId={chat.id} visibility="everyone" />
      <p class="hint">{t("You follow this question of a colleague. {name} can answer.", { name: chat.requester.name })}</p>
      {page.conversation.side === "requester" && (
        <div class="buttons">
          <Button onClick={() => void page.goOn()}>{t("Go on with this question yourself")}</Button>
        </div>
      )}
    </>
  );
}

function Waiting({ page }: PageProps) {
  const chat = page.conversation.chat.value;
  const desk = page.desk.value;
  const now = useSite().now.value;
  const expected = { pickup: chat.pickup, expectedAt: page.expectedAt.value };
  return (
    <div class="waiting">
      <p role="status">
        {desk && waitingWords(expected, desk, now, { moment: shortMoment, around })}{" "}
        {t("You can close this page: the answer stays here.")}
      </p>
      <div class="buttons">
        {chat.kind === "problem" && (
          <a class="utrecht-button utrecht-button--secondary-action" href={`/chats/${chat.number}/incident`}>
            {t("On to the incident form")}
          </a>
        )}
        <Button looks="subtle" onClick={() => void page.move("withdraw")}>
          {t("Withdraw question")}
        </Button>
      </div>
    </div>
  );
}

function Closed({ page }: PageProps) {
  const going = page.going();
  const now = useSite().now.value;
  return (
    <div class="next">
      {going.length > 0 ? (
        <Say page={page} label={t("Add something for the engineers")} />
      ) : (
        <Unsent chatId={page.conversation.id} visibility="everyone" />
      )}
      <div class="buttons">
        {page.mayReopen(now) && <Button onClick={() => void page.move("reopen")}>{t("Reopen")}</Button>}
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

function Say({ page, label }: PageProps & { label: string }) {
  return <Composer conversation={page.conversation} visibility="everyone" label={label} />;
}

open((site) => <Page page={new ChatPage(site, state<ChatState>())} />);
if (location.hash) focusNext(location.hash.slice(1));
