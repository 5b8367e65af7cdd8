import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Edited, IncidentForm } from "../components/IncidentForm";
import { focusNext } from "../lib/focus";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import { chosen, type Picked, query, sayable } from "../model/picked";
import { mark } from "../model/timeline";
import type { Draft, Entry, Incident, Similar } from "../model/types";
import { useWorkbench } from "../stores/workbench";
import { SimilarIncidents } from "./SimilarIncidents";

/** After the last tick so many milliseconds: each draft is read anew. */
const PAUSE = 400;

/** The incident form beside the conversation: what goes along, and whether there is one already. */
export function Drafting({ conversation }: { conversation: Conversation }): JSX.Element {
  const workbench = useWorkbench();
  const { asking, drafting, panel, site } = workbench;
  const draft = useSignal<Draft | null>(null);
  const picked = useSignal<Picked>({ left: new Set(), notes: new Set() });
  const goesOn = useSignal(false);
  const adding = useSignal<Similar | null>(null);
  const path = `/chats/${conversation.id}`;
  const entries = conversation.timeline.value.entries.filter(sayable);
  const parameters = query(entries, picked.value);
  useEffect(() => {
    let wanted = true;
    const read = () =>
      asking.run(async () => {
        const found = await site.api.get<Draft>(`${path}/incident-draft${parameters}`);
        if (wanted) draft.value = found;
      });
    const soon = setTimeout(() => void read(), draft.peek() ? PAUSE : 0);
    return () => {
      wanted = false;
      clearTimeout(soon);
    };
  }, [path, parameters, draft, asking, site]);
  useEffect(() => focusNext("incident-heading"), []);

  const submit = async (edited: Edited) => {
    const along = chosen(entries, picked.peek());
    await site.api.postOnce<Incident>(`${path}/incidents`, { ...edited, ...along, keepOpen: goesOn.peek() });
    picked.value = { left: new Set(), notes: new Set() };
    drafting.value = false;
    focusNext("details");
  };
  const chat = conversation.chat.value;
  const canGoOn = workbench.isMine(chat);
  return (
    <section aria-labelledby="incident-heading" class="stack">
      <h2 id="incident-heading" tabIndex={-1} class="panel-heading">
        {t("Make incident")}
      </h2>
      {draft.value ? (
        <>
          <SimilarIncidents chatId={conversation.id} draft={draft.value} adding={adding} />
          <div hidden={adding.value !== null}>
            <IncidentForm
              draft={draft.value}
              sendWords={goesOn.value ? t("Send incident and go on") : t("Send incident and close")}
              onSubmit={submit}
              onCancel={() => {
                drafting.value = false;
                focusNext("make-incident", "details");
              }}
              onSource={(seq) => {
                panel.value = "conversation";
                focusNext(`entry-${seq}`);
              }}
            >
              <Messages
                entries={entries}
                picked={picked.value}
                onChange={(changed) => (picked.value = changed)}
              />
              {canGoOn && (
                <label class="check">
                  <input
                    type="checkbox"
                    checked={goesOn.value}
                    onChange={(event) => (goesOn.value = event.currentTarget.checked)}
                  />
                  <span>
                    {t("There is another problem in this conversation")}
                    <span class="hint">{t("It stays open; after this one you make the next incident.")}</span>
                  </span>
                </label>
              )}
            </IncidentForm>
          </div>
        </>
      ) : (
        <p class="empty">{t("One moment…")}</p>
      )}
    </section>
  );
}

interface MessagesProps {
  entries: readonly Entry[];
  picked: Picked;
  onChange: (picked: Picked) => void;
}

/** Which messages this incident is about, and which notes may leave the knowledge centre. */
function Messages({ entries, picked, onChange }: MessagesProps): JSX.Element {
  const toggle = (entry: Entry) => {
    const name = entry.kind === "note" ? "notes" : "left";
    const changed = new Set(picked[name]);
    if (!changed.delete(entry.seq)) changed.add(entry.seq);
    onChange({ ...picked, [name]: changed });
  };
  const count = entries.filter(({ kind, seq }) => kind === "message" && !picked.left.has(seq)).length;
  return (
    <details class="sources">
      <summary>{t("Which messages go along ({n})", { n: count + picked.notes.size })}</summary>
      <p class="hint">
        {t("Two problems in one conversation? Leave out what is about the other one. Internal notes stay inside. What you tick only the engineers read.")}
      </p>
      <ul class="sources__list">
        {entries.map((entry) => (
          <li key={entry.seq}>
            <label class="check">
              <input
                type="checkbox"
                checked={entry.kind === "note" ? picked.notes.has(entry.seq) : !picked.left.has(entry.seq)}
                onChange={() => toggle(entry)}
              />
              <span>
                <span class="sources__kind">
                  {mark(entry)} · {entry.kind === "note" ? t("Internal note") : entry.author?.name}
                </span>
                <span class="sources__text">{entry.body}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
