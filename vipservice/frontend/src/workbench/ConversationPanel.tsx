import { type Signal, signal, untracked, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Button } from "../components/Button";
import { Composer } from "../components/Composer";
import { ConversationHead } from "../components/ConversationHead";
import { Problem } from "../components/Notice";
import { Timeline } from "../components/Timeline";
import { Unsent } from "../components/Unsent";
import { focusNext } from "../lib/focus";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import { opening } from "../model/audience";
import type { Chat, Move, Visibility } from "../model/types";
import { useSite } from "../stores/site";
import { useWorkbench } from "../stores/workbench";
import { HandOver } from "./HandOver";
import { Park, TakeOver } from "./Steps";

/** Middle: the conversation and what can be done with it. */
export function ConversationPanel(): JSX.Element {
  const conversation = useWorkbench().open.value;
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
  const workbench = useWorkbench();
  const chat = conversation.chat.value;
  const mine = workbench.isMine(chat);
  const readers = useReaders(conversation.id);
  return (
    <div class="conversation">
      <ConversationHead chat={chat} forCentre>
        <Moves chat={chat} mine={mine} />
      </ConversationHead>
      <Problem text={conversation.problem.value} />
      <Timeline
        conversation={conversation}
        onTakeBack={(visibility) => {
          readers.value = visibility;
          focusNext("message");
        }}
      />
      {conversation.timeline.value.entries.some(({ kind }) => kind === "incident") && (
        <button type="button" class="link-button to-details" onClick={() => (workbench.panel.value = "details")}>
          {t("Look at the incident")}
        </button>
      )}
      {mine ? <Say conversation={conversation} readers={readers} /> : <NotMine chat={chat} />}
    </div>
  );
}

/** Who reads what is written here; looked up once, because a draft changes with every key. */
function useReaders(chatId: string): Signal<Visibility> {
  const { composing } = useSite();
  return useMemo(
    () => untracked(() => signal(opening((visibility) => composing.waits(chatId, visibility)))),
    [chatId, composing],
  );
}

function Moves({ chat, mine }: { chat: Chat; mine: boolean }): JSX.Element {
  const workbench = useWorkbench();
  const asked = useSignal<"park" | "hand_over" | "take_over" | null>(null);
  const now = useSite().now.value;
  const done = () => (asked.value = null);
  const toggle = (name: NonNullable<typeof asked.value>) => () => (asked.value = asked.peek() === name ? null : name);
  const step = (name: Move) => () => void workbench.move(chat.id, name);
  const answering = chat.state === "active" || chat.state === "parked";
  const held = answering || chat.state === "proposed";
  return (
    <>
      <div class="moves" role="group" aria-label={t("Actions")}>
        {chat.state === "waiting" && (
          <Button looks="primary-action" onClick={() => void workbench.pickUp(chat)}>
            {t("Pick up")}
          </Button>
        )}
        {mine && answering && (
          <Button looks="primary-action" onClick={step("propose")}>
            {t("Ask whether it is answered")}
          </Button>
        )}
        {mine && isUndoable(chat, now) && <Button onClick={step("give_back")}>{t("Undo the pick-up")}</Button>}
        {mine && chat.state === "active" && (
          <Button pressed={asked.value === "park"} onClick={toggle("park")}>
            {t("Park")}
          </Button>
        )}
        {mine && (chat.state === "parked" || chat.state === "proposed") && (
          <Button onClick={step("resume")}>{t("Resume")}</Button>
        )}
        {held && !mine && (
          <Button pressed={asked.value === "take_over"} onClick={toggle("take_over")}>
            {t("Take over")}
          </Button>
        )}
        {(held || chat.state === "waiting") && (
          <Button pressed={asked.value === "hand_over"} onClick={toggle("hand_over")}>
            {t("Hand over")}
          </Button>
        )}
        {((mine && held) || chat.state === "waiting") && (
          <Button
            id="make-incident"
            onClick={() => {
              workbench.drafting.value = true;
              workbench.panel.value = "details";
            }}
          >
            {t("Make incident")}
          </Button>
        )}
      </div>
      {asked.value === "hand_over" && chat.state !== "closed" && <HandOver chat={chat} onDone={done} />}
      {asked.value === "park" && chat.state === "active" && <Park chat={chat} onDone={done} />}
      {asked.value === "take_over" && held && !mine && <TakeOver chat={chat} onDone={done} />}
    </>
  );
}

/** Milliseconds in which a pick-up can be undone; the server looks whether anything was said. */
const UNDOABLE = 60_000;

const isUndoable = ({ state, pickup }: Chat, now: number) =>
  state === "active" && !!pickup?.metAt && now - Date.parse(pickup.metAt) < UNDOABLE;

interface SayProps {
  conversation: Conversation;
  readers: Signal<Visibility>;
}

/** An answer or an internal note: each keeps its own words and files. */
function Say({ conversation, readers }: SayProps): JSX.Element {
  const note = readers.value === "centre";
  return (
    <div class={`say ${note ? "say--note" : ""}`}>
      <div class="say__choice" role="group" aria-label={t("Who reads this?")}>
        <Readers chatId={conversation.id} of="everyone" readers={readers} name={t("Answer")} />
        <Readers chatId={conversation.id} of="centre" readers={readers} name={t("Internal note")} />
      </div>
      <Composer
        key={readers.value}
        conversation={conversation}
        visibility={readers.value}
        label={note ? t("Internal note: the municipality does not see this") : t("Your answer")}
        sendWords={note ? t("Keep note") : t("Send")}
      />
    </div>
  );
}

interface ReadersProps {
  chatId: string;
  of: Visibility;
  readers: Signal<Visibility>;
  name: string;
}

/** Chooses who reads it; shows when something waits there unsent. */
function Readers({ chatId, of, readers, name }: ReadersProps): JSX.Element {
  const { composing } = useSite();
  const chosen = readers.value === of;
  return (
    <Button looks="subtle" pressed={chosen} onClick={() => (readers.value = of)}>
      {name}
      {!chosen && composing.waits(chatId, of) && (
        <span class="waits">
          <span class="visually-hidden"> {t("(not sent yet)")}</span>
        </span>
      )}
    </Button>
  );
}

function NotMine({ chat }: { chat: Chat }): JSX.Element {
  return (
    <>
      <Unsent chatId={chat.id} visibility="everyone" />
      <Unsent chatId={chat.id} visibility="centre" />
      <p class="hint">{whoseWords(chat)}</p>
    </>
  );
}

function whoseWords(chat: Chat): string {
  if (chat.state === "waiting") return t("Pick this question up to answer it.");
  if (chat.state === "closed") return t("This conversation is closed.");
  return t("{name} has this conversation.", { name: chat.assignee?.name ?? "" });
}
