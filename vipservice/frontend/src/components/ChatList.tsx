import type { JSX } from "preact";
import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import type { Chat } from "../model/types";
import { StateBadge, Unread } from "./Badges";

/** Chats of the municipality; the reader's own unread ones stand out. */
export function ChatList({ chats, empty }: { chats: readonly Chat[]; empty: string }): JSX.Element {
  if (!chats.length) return <p class="empty">{empty}</p>;
  return (
    <ul class="chat-list">
      {chats.map((chat) => (
        <li key={chat.id} class="chat-list__item">
          <a class="chat-list__link" href={`/chats/${chat.number}`}>
            <span class="chat-list__title">{chat.title}</span>
            <Unread count={chat.unread} />
          </a>
          <p class="chat-list__words">{chat.lastWords}</p>
          <p class="chat-list__foot">
            <StateBadge chat={chat} />
            <span>{chat.topic.name}</span>
            <span>{chat.requester.name}</span>
            <span>{chat.number}</span>
            <time dateTime={chat.updatedAt} title={t("Last change")}>
              {shortMoment(chat.updatedAt)}
            </time>
          </p>
        </li>
      ))}
    </ul>
  );
}
