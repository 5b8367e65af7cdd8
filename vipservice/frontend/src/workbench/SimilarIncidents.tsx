import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../components/Button";
import { Problem } from "../components/Notice";
import { progressWords } from "../components/sentences";
import { focusNext } from "../lib/focus";
import { t } from "../lib/text";
import { shortMoment } from "../lib/time";
import type { Draft, Incident, Similar } from "../model/types";
import { useAsking } from "../lib/asking";
import { useWorkbench } from "../stores/workbench";

interface Props {
  chatId: string;
  draft: Draft;
}

interface SimilarProps extends Props {
  /** The incident that is being added to; a new one is not made meanwhile. */
  adding: Signal<Similar | null>;
}

/** Incidents that are open and may be about the same: add this conversation to one instead. */
export function SimilarIncidents({ chatId, draft, adding }: SimilarProps): JSX.Element | null {
  const similar = useSignal<Similar[]>([]);
  const { asking, site } = useWorkbench();
  useEffect(() => {
    void asking.run(async () => {
      const { items } = await site.api.get<{ items: Similar[] }>(`/chats/${chatId}/similar-incidents`);
      similar.value = items;
    });
  }, [chatId, similar, asking, site]);
  const choose = (one: Similar | null, next: string) => {
    adding.value = one;
    focusNext(next);
  };
  if (!similar.value.length) return null;
  return (
    <details class="sources similar">
      <summary id="similar">{t("Is one of these the same problem? ({n})", { n: similar.value.length })}</summary>
      <ul class="cards">
        {similar.value.map((one) => (
          <li key={one.id} class="similar__one">
            <p>
              <strong>{one.title}</strong>
            </p>
            <p class="hint">
              {[
                one.number || t("number follows"),
                progressWords(one.progress),
                one.municipality,
                one.topic,
                shortMoment(one.createdAt),
                one.chats > 1 && t("{n} conversations", { n: one.chats }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
            {adding.value?.id === one.id ? (
              <Adding chatId={chatId} draft={draft} incident={one} onCancel={() => choose(null, "similar")} />
            ) : (
              <Button onClick={() => choose(one, "addition")}>{t("Add to this incident")}</Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface AddingProps extends Props {
  incident: Similar;
  onCancel: () => void;
}

function Adding({ chatId, draft, incident, onCancel }: AddingProps): JSX.Element {
  const text = useSignal(`${draft.title}\n\n${draft.description}`);
  const asking = useAsking();
  const { drafting, site } = useWorkbench();
  const add = async () => {
    const body = { chatId, text: text.peek() };
    const path = `/incidents/${incident.id}/chats`;
    if (!(await asking.run(() => site.api.postOnce<Incident>(path, body)))) return;
    drafting.value = false;
    focusNext("details");
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!asking.busy.peek()) void add();
      }}
    >
      <Problem text={asking.problem.value} />
      <label class="utrecht-form-label" for="addition">
        {t("What the engineers get to read")}
      </label>
      <textarea
        id="addition"
        class="utrecht-textarea"
        rows={8}
        required
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <div class="buttons">
        <Button looks="primary-action" type="submit" busy={asking.busy.value}>
          {t("Add and close")}
        </Button>
        <Button looks="subtle" onClick={onCancel}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  );
}
