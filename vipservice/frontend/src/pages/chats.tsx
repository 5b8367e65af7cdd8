// The requester's start page.

import { AvailabilityCard } from "../components/AvailabilityCard";
import { ChatList } from "../components/ChatList";
import { ChatSearch } from "../components/ChatSearch";
import { ConnectionNotice } from "../components/Notice";
import { state } from "../lib/page";
import { t } from "../lib/text";
import { Chats, type ChatsState } from "../stores/chats";
import { open } from "./open";

function Page({ chats }: { chats: Chats }) {
  const { me, mayOpen } = chats.start;
  return (
    <div class="stack">
      <ConnectionNotice />
      <div class="start-head">
        <AvailabilityCard desk={chats.desk.value} />
        {mayOpen && (
          <a class="utrecht-button utrecht-button--primary-action start-head__ask" href="/chats/new">
            {t("Ask a question")}
          </a>
        )}
      </div>
      {!mayOpen && (
        <p class="hint">{t("You can read the questions of your municipality, but not ask any yourself.")}</p>
      )}
      <ChatSearch />
      <section aria-labelledby="open-heading">
        <h2 id="open-heading" class="utrecht-heading-2">
          {t("Open questions of {name}", { name: me.municipality?.name ?? "" })}
        </h2>
        <ChatList chats={chats.open.value} empty={t("There are no open questions.")} />
      </section>
      <section aria-labelledby="closed-heading">
        <h2 id="closed-heading" class="utrecht-heading-2">
          {t("Closed")}
        </h2>
        <ChatList chats={chats.closed.value} empty={t("Nothing has been closed yet.")} />
      </section>
    </div>
  );
}

open((site) => <Page chats={new Chats(site, state<ChatsState>())} />);
