import type { ComponentChildren, JSX } from "preact";
import type { Chat } from "../model/types";
import { Remaining, StateBadge } from "./Badges";

interface Props {
  chat: Chat;
  forCentre?: boolean;
  children?: ComponentChildren;
}

/** What the conversation is about; the centre also sees whose it is and how long is left. */
export function ConversationHead({ chat, forCentre = false, children }: Props): JSX.Element {
  return (
    <header class="conversation__head">
      <h2 class="utrecht-heading-2 conversation__title">{chat.title}</h2>
      <p class="conversation__facts">
        <StateBadge chat={chat} />
        {forCentre && chat.state === "waiting" && <Remaining chat={chat} />}
        <span>
          {chat.requester.name}
          {forCentre && `, ${chat.municipality.name}`}
        </span>
        <span>{chat.topic.name}</span>
        <span>{chat.number}</span>
      </p>
      {children}
    </header>
  );
}
