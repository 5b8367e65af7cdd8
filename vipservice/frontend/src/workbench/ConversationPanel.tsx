import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../components/Button";
import { Composer } from "../components/Composer";
import { FileButton } from "../components/FileButton";
import { ConversationHead } from "../components/ConversationHead";
import { Problem } from "../components/Notice";
import { Timeline } from "../components/Timeline";
import { post } from "../lib/api";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import type { Chat } from "../model/types";
import { attempt, draftOf, drafting, move, open, panel, pickUp, start } from "./desk";
import { HandOver } from "./HandOver";

/** Middle: the conversation and what can be done with it. */
export function ConversationPanel(): JSX.Element {
  const conversation = open.value;
  if (!conversation) {
    return (
      <div class="nothing-open">
        <p>{t("Choose a conversation, or pick up the question that waits longest.")}</p>
      </div>
    );
  }
  return <OpenConversation key={conversation.id} conversation={conversation} />;
}

function OpenConversation({ conversation }: { conversation: Conversation }): JSX.Element {
  const chat = conversation.chat.value;
  const mine = chat.assignee?.id === start.me.id && chat.state !== "closed";
  const draft = draftOf(conversation.id);
  return (
    <div class="conversation">
      <ConversationHead chat={chat} forCentre>
        <Moves chat={chat} mine={mine} />
      </ConversationHead>
      <Problem text={conversation.problem.value} />
      <Timeline conversation={conversation} onTakeBack={(body) => (draft.value = body)} />
      {conversation.timeline.value.entries.some(({ kind }) => kind === "incident") && (
        <button type="button" class="link-button to-details" onClick={() => (panel.value = "details")}>
          {t("Look at the incident")}
        </button>
      )}
      {mine ? <Say conversation={conversation} /> : <NotMine chat={chat} />}
    </div>
  );
}

function Moves({ chat, mine }: { chat: Chat; mine: boolean }): JSX.Element {
  const handing = useSignal(false);
  const step = (name: string) => () => void move(chat.id, name);
  const answering = chat.state === "active" || chat.state === "parked";
  const held = answering || chat.state === "proposed";
  return (
    <>
      <div class="moves" role="group" aria-label={t("Actions")}>
        {chat.state === "waiting" && (
          <Button looks="primary-action" onClick={() => void pickUp(chat)}>
            {t("Pick up")}
          </Button>
        )}
        {mine && answering && (
          <Button looks="primary-action" onClick={step("propose")}>
            {t("Ask whether it is answered")}
          </Button>
        )}
        {mine && chat.state === "active" && <Button onClick={step("park")}>{t("Park")}</Button>}
        {mine && (chat.state === "parked" || chat.state === "proposed") && (
          <Button onClick={step("resume")}>{t("Resume")}</Button>
        )}
        {held && (
          <Button pressed={handing.value} onClick={() => (handing.value = !handing.value)}>
            {t("Hand over")}
          </Button>
        )}
        {((mine && held) || chat.state === "waiting") && (
          <Button
            id="make-incident"
            onClick={() => {
              drafting.value = true;
              panel.value = "details";
            }}
          >
            {t("Make incident")}
          </Button>
        )}
      </div>
      {handing.value && held && <HandOver chat={chat} onDone={() => (handing.value = false)} />}
    </>
  );
}

function Say({ conversation }: { conversation: Conversation }): JSX.Element {
  const note = useSignal(false);
  const draft = draftOf(conversation.id);
  const addNote = async (body: string) => {
    const path = `/chats/${conversation.id}/notes`;
    const kept = await attempt(() => post(path, { body, clientId: crypto.randomUUID() }));
    if (!kept) draft.value = body;
  };
  return (
    <div class={`say ${note.value ? "say--note" : ""}`}>
      <div class="say__choice" role="group" aria-label={t("Who reads this?")}>
        <Button looks="subtle" pressed={!note.value} onClick={() => (note.value = false)}>
          {t("Answer")}
        </Button>
        <Button looks="subtle" pressed={note.value} onClick={() => (note.value = true)}>
          {t("Internal note")}
        </Button>
      </div>
      <Composer
        id="message"
        label={note.value ? t("Internal note: the municipality does not see this") : t("Your answer")}
        draft={draft}
        sendWords={note.value ? t("Keep note") : t("Send")}
        onSend={(body) => (note.value ? void addNote(body) : conversation.say(body))}
        onTyping={(typing) => {
          if (!note.peek()) conversation.tellTyping(typing);
        }}
      >
        {!note.value && <FileButton chatId={conversation.id} />}
      </Composer>
    </div>
  );
}

function NotMine({ chat }: { chat: Chat }): JSX.Element {
  if (chat.state === "waiting") return <p class="hint">{t("Pick this question up to answer it.")}</p>;
  if (chat.state === "closed") return <p class="hint">{t("This conversation is closed.")}</p>;
  const name = chat.assignee?.name ?? "";
  return <p class="hint">{t("{name} has this conversation.", { name })}</p>;
}
