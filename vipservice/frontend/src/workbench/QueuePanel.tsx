import type { JSX } from "preact";
import { Button } from "../components/Button";
import { Remaining, StateBadge, Unread } from "../components/Badges";
import { ChatSearch } from "../components/ChatSearch";
import { Notice } from "../components/Notice";
import { t, tn } from "../lib/text";
import type { Chat } from "../model/types";
import type { Alarm } from "../stores/alarm";
import { useWorkbench } from "../stores/workbench";
import { Callbacks } from "./Callbacks";

/** Left: am I there, whom do I have, who waits. */
export function QueuePanel({ alarm }: { alarm: Alarm }): JSX.Element {
  const { active, orderedOwn, start, waiting } = useWorkbench();
  return (
    <div class="queue-panel">
      <PresenceBar alarm={alarm} />
      <Returned />
      <Taken />
      <Asked />
      <section aria-labelledby="own-heading">
        <h2 id="own-heading" class="panel-heading">
          {t("My conversations")}
          <span class="panel-heading__count">
            {t("{n} of {max} active", { n: active.value, max: start.maxChats })}
          </span>
        </h2>
        {orderedOwn.value.length ? (
          <ul class="cards">
            {orderedOwn.value.map((chat) => (
              <OwnCard key={chat.id} chat={chat} />
            ))}
          </ul>
        ) : (
          <p class="empty">{t("You have no conversations.")}</p>
        )}
      </section>
      <section aria-labelledby="queue-heading">
        <h2 id="queue-heading" class="panel-heading">
          {t("Queue")}
          <span class="panel-heading__count" role="status">
            {tn("{n} waiting", "{n} waiting", waiting.value.length)}
          </span>
        </h2>
        {waiting.value.length ? (
          <ul class="cards">
            {waiting.value.map((chat) => (
              <WaitingCard key={chat.id} chat={chat} />
            ))}
          </ul>
        ) : (
          <p class="empty">{t("Nobody is waiting.")}</p>
        )}
      </section>
      <Callbacks />
      <ChatSearch />
    </div>
  );
}

/** Who was away for too long is asked whether they go on. */
function Returned(): JSX.Element | null {
  const workbench = useWorkbench();
  if (workbench.presence.value !== "offline" || !workbench.present.value) return null;
  return (
    <Notice kind="warning" role="status">
      <p>{t("You are offline. A question that waited for you went back to the queue.")}</p>
      <div class="buttons">
        <Button looks="primary-action" onClick={() => void workbench.setPresence("available")}>
          {t("I am here, go on")}
        </Button>
      </div>
    </Notice>
  );
}

/** A colleague took a conversation over. */
function Taken(): JSX.Element | null {
  const { taken } = useWorkbench();
  if (!taken.value.length) return null;
  return (
    <Notice kind="info" role="status">
      {taken.value.map((one) => (
        <p key={one.number}>{t("{by} took {number} over from you: {reason}", { ...one })}</p>
      ))}
      <div class="buttons">
        <Button looks="subtle" onClick={() => (taken.value = [])}>
          {t("All right")}
        </Button>
      </div>
    </Notice>
  );
}

/** A colleague asks to come online. */
function Asked(): JSX.Element | null {
  const workbench = useWorkbench();
  const { askedBy } = workbench;
  if (!askedBy.value) return null;
  return (
    <Notice kind="warning" role="alert">
      <p>{t("{name} asks you to come online: questions are waiting.", { name: askedBy.value })}</p>
      <div class="buttons">
        <Button looks="primary-action" onClick={() => void workbench.setPresence("available")}>
          {t("Make available")}
        </Button>
        <Button looks="subtle" onClick={() => (askedBy.value = "")}>
          {t("Not now")}
        </Button>
      </div>
    </Notice>
  );
}

function PresenceBar({ alarm }: { alarm: Alarm }): JSX.Element {
  const workbench = useWorkbench();
  const { presence } = workbench;
  const there = presence.value === "available";
  return (
    <div class="presence">
      <p class="presence__state" role="status">
        <span aria-hidden="true">{there ? "●" : "○"}</span>{" "}
        {{ available: t("You are available"), away: t("You are away"), offline: t("You are offline") }[presence.value]}
      </p>
      <div class="presence__buttons">
        <Button
          looks={there ? "subtle" : "primary-action"}
          onClick={() => void workbench.setPresence(there ? "away" : "available")}
        >
          {there ? t("Go away") : t("Make available")}
        </Button>
        <Button looks="subtle" pressed={alarm.sound.value} onClick={() => alarm.toggleSound()}>
          {alarm.sound.value ? t("Sound on") : t("Sound off")}
        </Button>
        {alarm.notifications.value === "default" && (
          <Button looks="subtle" onClick={() => void alarm.askForNotifications()}>
            {t("Allow notifications")}
          </Button>
        )}
      </div>
    </div>
  );
}

function OwnCard({ chat }: { chat: Chat }): JSX.Element {
  const workbench = useWorkbench();
  const current = workbench.open.value?.id === chat.id;
  return (
    <li class={`card-row ${current ? "card-row--current" : ""}`}>
      <button
        type="button"
        class="card-row__button"
        aria-current={current || undefined}
        onClick={() => void workbench.show(chat)}
      >
        <span class="card-row__top">
          <strong>{chat.municipality.name}</strong>
          <Unread count={chat.unread} />
        </span>
        <span class="card-row__title">{chat.title}</span>
        <span class="card-row__foot">
          <StateBadge chat={chat} />
          <span>{chat.topic.name}</span>
        </span>
      </button>
    </li>
  );
}

function WaitingCard({ chat }: { chat: Chat }): JSX.Element {
  const workbench = useWorkbench();
  return (
    <li class="card-row card-row--waiting">
      <button type="button" class="card-row__button" onClick={() => void workbench.show(chat)}>
        <span class="card-row__top">
          <strong>{chat.municipality.name}</strong>
          <Remaining chat={chat} />
        </span>
        <span class="card-row__title">{chat.title}</span>
        <span class="card-row__foot">
          <span>{chat.topic.name}</span>
          {chat.kind === "problem" && <span>{t("Technical problem")}</span>}
          {chat.returned && <span>{t("Came back")}</span>}
        </span>
      </button>
      <Button looks="primary-action" onClick={() => void workbench.pickUp(chat)}>
        {t("Pick up")}
        <span class="visually-hidden">
          {" "}
          {chat.municipality.name}, {chat.number}
        </span>
      </Button>
    </li>
  );
}
