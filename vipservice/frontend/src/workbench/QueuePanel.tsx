import type { JSX } from "preact";
import { Button } from "../components/Button";
import { Remaining, StateBadge, Unread } from "../components/Badges";
import { ChatSearch } from "../components/ChatSearch";
import { t, tn } from "../lib/text";
import type { Chat } from "../model/types";
import type { Alarm } from "../stores/alarm";
import { useWorkbench } from "../stores/workbench";
import { Callbacks } from "./Callbacks";
import { PresenceBar } from "./PresenceBar";

/** Left: am I there, whom do I have, who waits. */
export function QueuePanel({ alarm }: { alarm: Alarm }): JSX.Element {
  const { active, orderedOwn, start, waiting } = useWorkbench();
  return (
    <div class="queue-panel">
      <PresenceBar alarm={alarm} />
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
