import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useAsking } from "../lib/asking";
import { focusNext } from "../lib/focus";
import { t } from "../lib/text";
import { isDone } from "../model/incidents";
import type { Draft, Incident, Side } from "../model/types";
import { useSite } from "../stores/site";
import { Button } from "./Button";
import { type Edited, IncidentForm } from "./IncidentForm";
import { Notice, Problem } from "./Notice";
import { page, progressWords } from "./sentences";

interface CardProps {
  incident: Incident;
  side: Side;
}

/** How far an incident is: its number, the progress, and for the centre what went wrong. */
export function IncidentCard({ incident, side }: CardProps): JSX.Element {
  if (incident.state === "refused" && side === "centre") return <RefusedCard incident={incident} />;
  if (incident.state !== "created") return <PendingCard incident={incident} side={side} />;
  return (
    <Notice kind={isDone(incident) ? "ok" : "info"}>
      <p>
        <strong>
          {side === "centre" && page(incident.url) ? (
            <a class="utrecht-link" href={page(incident.url)} target="_blank" rel="noopener">
              {t("Incident {number}", { number: incident.number })}
            </a>
          ) : (
            t("Incident {number}", { number: incident.number })
          )}
          {incident.progress && `: ${progressWords(incident.progress) || incident.statusWords}`}
        </strong>{" "}
        {ownWords(incident) && <span class="hint">({incident.statusWords})</span>}
      </p>
      <p class="incident-card__title">{incident.title}</p>
      {!incident.followed && <p>{notFollowed(incident, side)}</p>}
      {incident.added && side === "centre" && (
        <p class="hint">{t("This conversation was added to the incident of another one.")}</p>
      )}
      {side === "centre" && <Dropped incident={incident} />}
    </Notice>
  );
}

function notFollowed({ goneAt, system, problem }: Incident, side: Side): string {
  if (side === "requester") return t("This incident is not followed any more. Ask the knowledge centre about it.");
  return goneAt
    ? t("It is not there any more in the ticketing system, and not followed any more: {problem}", { problem })
    : t("It is not followed any more: the ticketing system {system} is not configured.", { system });
}

/** Whether the system's own name for it says something else than ours. */
const ownWords = ({ progress, statusWords }: Incident): boolean =>
  statusWords !== "" && progress !== "unknown" &&
  (!progress || progressWords(progress) !== statusWords.toLowerCase());

/** What the system did not keep, although it said that it did. */
function Dropped({ incident }: { incident: Incident }): JSX.Element | null {
  const problem = incident.goneAt ? "" : incident.problem;
  if (!incident.dropped.length && !problem) return null;
  return (
    <div class="incident-card__dropped">
      {problem && <p>{t("Not everything is there yet: {problem}", { problem })}</p>}
      {incident.dropped.length > 0 && <p>{t("The system did not keep everything. Look whether you must add it there:")}</p>}
      <ul>
        {incident.dropped.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

function PendingCard({ incident, side }: CardProps): JSX.Element {
  return (
    <Notice kind="info" role="status">
      <p>
        {incident.followed
          ? t("The incident is being made. Its number will appear here.")
          : notFollowed(incident, side)}
      </p>
      {side === "centre" && incident.problem && (
        <p>
          {t("There is no incident yet, we keep trying: {problem}", { problem: incident.problem })}{" "}
          <a class="utrecht-link" href="/undelivered">
            {t("What is not delivered")}
          </a>
        </p>
      )}
    </Notice>
  );
}

function RefusedCard({ incident }: { incident: Incident }): JSX.Element {
  const mending = useSignal<Draft | null>(null);
  const asking = useAsking();
  const { api } = useSite();
  const mend = async () => {
    mending.value = await asking.run(() => api.get<Draft>(`/incidents/${incident.id}/draft`));
    if (mending.peek()) focusNext("incident-title");
  };
  const leave = () => {
    mending.value = null;
    focusNext("details");
  };
  const resend = async (edited: Edited) => {
    await api.postOnce(`/incidents/${incident.id}/deliveries`, edited);
    leave();
  };
  return (
    <>
      <Notice kind="error" role="alert">
        <p>{t("The ticketing system refused the incident: {problem}", { problem: incident.problem })}</p>
        <Problem text={asking.problem.value} />
        {!mending.value && <Button onClick={() => void mend()}>{t("Mend and send again")}</Button>}
      </Notice>
      {mending.value && (
        <IncidentForm
          draft={mending.value}
          sendWords={t("Send again")}
          onSubmit={resend}
          onCancel={leave}
        />
      )}
    </>
  );
}
