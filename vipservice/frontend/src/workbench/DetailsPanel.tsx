import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { StateBadge } from "../components/Badges";
import { ClockPanel } from "../components/ClockPanel";
import { IncidentCard } from "../components/IncidentCards";
import { CustomerReference } from "../components/CustomerReference";
import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import type { Chat } from "../model/types";
import { useWorkbench } from "../stores/workbench";
import { Colleagues } from "./Colleagues";
import { Drafting } from "./Drafting";

interface Requester {
  name: string;
  email: string;
  phone: string;
  municipality: string;
  grants: { topic: string | null; startsOn: string; endsOn: string | null }[];
}

/** Right: who is this, what went before, and the incident form. */
export function DetailsPanel(): JSX.Element | null {
  const { open, drafting } = useWorkbench();
  const conversation = open.value;
  if (!conversation) return <p class="empty">{t("Here you see who asks, and earlier questions.")}</p>;
  return drafting.value ? (
    <Drafting key={conversation.id} conversation={conversation} />
  ) : (
    <Facts key={conversation.id} conversation={conversation} />
  );
}

function Facts({ conversation }: { conversation: Conversation }): JSX.Element {
  const workbench = useWorkbench();
  const { asking, site, start } = workbench;
  const chat = conversation.chat.value;
  const requester = useSignal<Requester | null>(null);
  const earlier = useSignal<Chat[]>([]);
  useEffect(() => {
    void asking.run(async () => {
      requester.value = await site.api.get<Requester>(`/chats/${chat.id}/requester`);
      const path = `/chats?limit=10&municipalityId=${chat.municipality.id}`;
      const { items } = await site.api.get<{ items: Chat[] }>(path);
      earlier.value = items.filter((one) => one.id !== chat.id);
    });
  }, [chat.id, chat.requester.id, chat.municipality.id, requester, earlier, asking, site]);

  return (
    <div class="stack">
      {conversation.incidents.value.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} side="centre" />
      ))}
      <section aria-labelledby="who-heading">
        <h2 id="who-heading" class="panel-heading">
          {t("Who is this?")}
        </h2>
        {requester.value && <Who requester={requester.value} />}
        {chat.state !== "closed" && <Colleagues conversation={conversation} />}
        {chat.assignee?.id === start.me.id ? (
          <CustomerReference chat={chat} onChange={(changed) => (conversation.chat.value = changed)} />
        ) : (
          chat.customerReference && <p class="customer-reference">{t("The municipality's own number: {number}", { number: chat.customerReference })}</p>
        )}
      </section>
      <ClockPanel chatId={chat.id} lastSeq={chat.lastSeq} />
      <section aria-labelledby="earlier-heading">
        <h2 id="earlier-heading" class="panel-heading">
          {t("Other questions of {name}", { name: chat.municipality.name })}
        </h2>
        {earlier.value.length ? (
          <ul class="cards">
            {earlier.value.map((one) => (
              <li key={one.id} class="card-row">
                <button type="button" class="card-row__button" onClick={() => void workbench.show(one)}>
                  <span class="card-row__title">{one.title}</span>
                  <span class="card-row__foot">
                    <StateBadge chat={one} />
                    <span>{shortMoment(one.openedAt)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <p class="empty">{t("This is their first question.")}</p>
        )}
      </section>
    </div>
  );
}

function Who({ requester }: { requester: Requester }): JSX.Element {
  return (
    <dl class="facts">
      <dt>{t("Name")}</dt>
      <dd>{requester.name}</dd>
      <dt>{t("Municipality")}</dt>
      <dd>{requester.municipality}</dd>
      <dt>{t("E-mail")}</dt>
      <dd>{requester.email}</dd>
      <dt>{t("Phone")}</dt>
      <dd>{requester.phone || t("unknown")}</dd>
      <dt>{t("Authorised for")}</dt>
      <dd>
        {requester.grants.map((grant) => (
          <span key={grant.startsOn + (grant.topic ?? "")} class="facts__line">
            {grant.topic ?? t("all topics")}{" "}
            {grant.endsOn ? t("until {date}", { date: grant.endsOn }) : t("until further notice")}
          </span>
        ))}
      </dd>
    </dl>
  );
}
