import type { JSX } from "preact";
import { Button } from "../components/Button";
import { Remaining, StateBadge, Unread } from "../components/Badges";
import { ChatSearch } from "../components/ChatSearch";
import { Notice } from "../components/Notice";
import { t, tn } from "../lib/text";
import type { Chat } from "../model/types";
import { askForNotifications, notifications, sound, toggleSound } from "./alarm";
import { Callbacks } from "./Callbacks";
import { active, askedBy, open, orderedOwn, pickUp, presence, setPresence, show, start, waiting } from "./desk";

/** Left: am I there, whom do I have, who waits. */
export function QueuePanel(): JSX.Element {
  return (
    <div class="queue-panel">
      <PresenceBar />
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

/** A colleague asks to come online. */
function Asked(): JSX.Element | null {
  if (!askedBy.value) return null;
  return (
    <Notice kind="warning" role="alert">
      <p>{t("{name} asks you to come online: questions are waiting.", { name: askedBy.value })}</p>
      <div class="buttons">
        <Button looks="primary-action" onClick={() => void setPresence("available")}>
          {t("Make available")}
        </Button>
        <Button looks="subtle" onClick={() => (askedBy.value = "")}>
          {t("Not now")}
        </Button>
      </div>
    </Notice>
  );
}

function PresenceBar(): JSX.Element {
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
          onClick={() => void setPresence(there ? "away" : "available")}
        >
          {there ? t("Go away") : t("Make available")}
        </Button>
        <Button looks="subtle" pressed={sound.value} onClick={toggleSound}>
          {sound.value ? t("Sound on") : t("Sound off")}
        </Button>
        {notifications.value === "default" && (
          <Button looks="subtle" onClick={() => void askForNotifications()}>
            {t("Allow notifications")}
          </Button>
        )}
      </div>
    </div>
  );
}

function OwnCard({ chat }: { chat: Chat }): JSX.Element {
  const current = open.value?.chat.value.id === chat.id;
  return (
    <li class={`card-row ${current ? "card-row--current" : ""}`}>
      <button
        type="button"
        class="card-row__button"
        aria-current={current || undefined}
        onClick={() => void show(chat)}
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
  return (
    <li class="card-row card-row--waiting">
      <button type="button" class="card-row__button" onClick={() => void show(chat)}>
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
      <Button looks="primary-action" onClick={() => void pickUp(chat)}>
        {t("Pick up")}
        <span class="visually-hidden">
          {" "}
          {chat.municipality.name}, {chat.number}
        </span>
      </Button>
    </li>
  );
}
