import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { StateBadge } from "../components/Badges";
import { Button } from "../components/Button";
import { ClockPanel } from "../components/ClockPanel";
import { type Edited, IncidentForm } from "../components/IncidentForm";
import { Notice } from "../components/Notice";
import { get, post } from "../lib/api";
import { shortMoment } from "../lib/time";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import type { Chat, Draft, Incident } from "../model/types";
import { attempt, drafting, open, show } from "./desk";

interface Requester {
  name: string;
  email: string;
  phone: string;
  municipality: string;
  grants: { topic: string | null; startsOn: string; endsOn: string | null }[];
}

/** Right: who is this, what went before, and the incident form. */
export function DetailsPanel(): JSX.Element | null {
  const conversation = open.value;
  if (!conversation) return <p class="empty">{t("Here you see who asks, and earlier questions.")}</p>;
  return drafting.value ? (
    <Drafting key={conversation.id} conversation={conversation} />
  ) : (
    <Facts key={conversation.id} conversation={conversation} />
  );
}

function Drafting({ conversation }: { conversation: Conversation }): JSX.Element {
  const draft = useSignal<Draft | null>(null);
  const path = `/chats/${conversation.id}`;
  useEffect(() => {
    void attempt(async () => (draft.value = await get<Draft>(`${path}/incident-draft`)));
  }, [path, draft]);
  const submit = async (edited: Edited) => {
    await post<Incident>(`${path}/_escalate`, edited);
    drafting.value = false;
  };
  return (
    <section aria-labelledby="incident-heading">
      <h2 id="incident-heading" class="panel-heading">
        {t("Make incident")}
      </h2>
      {draft.value ? (
        <IncidentForm
          draft={draft.value}
          sendWords={t("Send incident and close")}
          onSubmit={submit}
          onCancel={() => (drafting.value = false)}
        />
      ) : (
        <p class="empty">{t("One moment…")}</p>
      )}
    </section>
  );
}

function Facts({ conversation }: { conversation: Conversation }): JSX.Element {
  const chat = conversation.chat.value;
  const requester = useSignal<Requester | null>(null);
  const earlier = useSignal<Chat[]>([]);
  const incidents = useSignal<Incident[]>([]);
  useEffect(() => {
    void attempt(async () => {
      requester.value = await get<Requester>(`/chats/${chat.id}/requester`);
      const path = `/chats?limit=10&municipalityId=${chat.municipality.id}`;
      const { items } = await get<{ items: Chat[] }>(path);
      earlier.value = items.filter((one) => one.id !== chat.id);
    });
  }, [chat.id]);
  useEffect(() => {
    void attempt(async () => {
      const { items } = await get<{ items: Incident[] }>(`/chats/${chat.id}/incidents`);
      incidents.value = items;
    });
  }, [chat.id, conversation.timeline.value.lastSeq]);

  return (
    <div class="stack">
      {incidents.value.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} />
      ))}
      <section aria-labelledby="who-heading">
        <h2 id="who-heading" class="panel-heading">
          {t("Who is this?")}
        </h2>
        {requester.value && <Who requester={requester.value} />}
      </section>
      <ClockPanel key={chat.lastSeq} chatId={chat.id} />
      <section aria-labelledby="earlier-heading">
        <h2 id="earlier-heading" class="panel-heading">
          {t("Other questions of {name}", { name: chat.municipality.name })}
        </h2>
        {earlier.value.length ? (
          <ul class="cards">
            {earlier.value.map((one) => (
              <li key={one.id} class="card-row">
                <button type="button" class="card-row__button" onClick={() => void show(one)}>
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

function IncidentCard({ incident }: { incident: Incident }): JSX.Element {
  const mending = useSignal<Draft | null>(null);
  const mend = () =>
    void attempt(async () => (mending.value = await get<Draft>(`/incidents/${incident.id}/draft`)));
  const resend = async (edited: Edited) => {
    await post(`/incidents/${incident.id}/_retry`, edited);
    mending.value = null;
  };
  if (incident.state === "created") {
    return (
      <Notice kind="ok">
        <a class="utrecht-link" href={incident.url} target="_blank" rel="noopener">
          {t("Incident {number}", { number: incident.number })}
        </a>{" "}
        <span class="facts__code">{incident.reference}</span>
      </Notice>
    );
  }
  if (incident.state === "pending") {
    return (
      <Notice kind="info" role="status">
        {t("The incident is being made. Its number will appear here.")} {incident.problem}
      </Notice>
    );
  }
  return (
    <Notice kind="error" role="alert">
      <p>{t("The ticketing system refused the incident: {problem}", { problem: incident.problem })}</p>
      {mending.value ? (
        <IncidentForm
          draft={mending.value}
          sendWords={t("Send again")}
          onSubmit={resend}
          onCancel={() => (mending.value = null)}
        />
      ) : (
        <Button onClick={mend}>{t("Mend and send again")}</Button>
      )}
    </Notice>
  );
}
