// The requester's start page.

import { signal } from "@preact/signals";
import { AvailabilityCard } from "../components/AvailabilityCard";
import { ChatList } from "../components/ChatList";
import { ChatSearch } from "../components/ChatSearch";
import { ConnectionNotice } from "../components/Notice";
import { mount } from "../lib/mount";
import { state } from "../lib/page";
import { t } from "../lib/text";
import "../live/outbox";
import { socket } from "../live/socket";
import { withChat } from "../model/queue";
import type { Chat, Desk, Me } from "../model/types";

const start = state<{ me: Me; mayOpen: boolean; availability: Desk; chats: Chat[] }>();
const desk = signal(start.availability);
const chats = signal<readonly Chat[]>(start.chats);

socket.on("availability", (fresh: Desk) => (desk.value = fresh));
socket.on("chat", (chat: Chat) => (chats.value = withChat(chats.peek(), chat, true)));

function Page() {
  const open = chats.value.filter((chat) => chat.state !== "closed");
  const closed = chats.value.filter((chat) => chat.state === "closed");
  return (
    <div class="stack">
      <ConnectionNotice />
      <div class="start-head">
        <AvailabilityCard desk={desk.value} />
        {start.mayOpen && (
          <a class="utrecht-button utrecht-button--primary-action start-head__ask" href="/chats/new">
            {t("Ask a question")}
          </a>
        )}
      </div>
      {!start.mayOpen && (
        <p class="hint">{t("You can read the questions of your municipality, but not ask any yourself.")}</p>
      )}
      <ChatSearch />
      <section aria-labelledby="open-heading">
        <h2 id="open-heading" class="utrecht-heading-2">
          {t("Open questions of {name}", { name: start.me.municipality?.name ?? "" })}
        </h2>
        <ChatList chats={open} empty={t("There are no open questions.")} />
      </section>
      <section aria-labelledby="closed-heading">
        <h2 id="closed-heading" class="utrecht-heading-2">
          {t("Closed")}
        </h2>
        <ChatList chats={closed} empty={t("Nothing has been closed yet.")} />
      </section>
    </div>
  );
}

mount(<Page />);
