// The official route: the requester's own incident form.

import { IncidentForm } from "../components/IncidentForm";
import { ConnectionNotice } from "../components/Notice";
import { state } from "../lib/page";
import { t } from "../lib/text";
import type { Chat, Draft, Incident, Me } from "../model/types";
import { open } from "./open";

const { chat, draft } = state<{ me: Me; chat: Chat; draft: Draft }>();
const page = `/chats/${chat.number}`;

open((site) => (
  <div class="narrow stack">
    <ConnectionNotice />
    <p class="lead">
      {t("We filled this in from what you wrote. Read it, add what is missing and send it.")}
    </p>
    <div class="card">
      <IncidentForm
        draft={draft}
        sendWords={t("Send incident")}
        onSource={(seq) => window.open(`${page}#entry-${seq}`, "_blank", "noopener")}
        onSubmit={async (edited) => {
          await site.api.postOnce<Incident>(`/chats/${chat.id}/incidents`, edited);
          site.go(page);
        }}
      />
    </div>
    <p class="hint">
      {t("Not sure? Your question is also in the queue of the knowledge centre.")}{" "}
      <a class="utrecht-link" href={page}>
        {t("Go to the conversation")}
      </a>
    </p>
  </div>
));
