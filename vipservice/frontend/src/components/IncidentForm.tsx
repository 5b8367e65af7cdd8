import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useAsking } from "../lib/asking";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Draft, Found } from "../model/types";
import { Button } from "./Button";
import { Problem } from "./Notice";

export type Edited = Pick<
  Draft,
  "title" | "description" | "category" | "impact" | "urgency" | "phone"
>;

interface Props {
  draft: Draft;
  sendWords: string;
  onSubmit: (edited: Edited) => Promise<void>;
  onCancel?: () => void;
  onSource?: (seq: number) => void;
  children?: ComponentChildren;
}

/** The pre-filled incident: read, correct a word, send. */
export function IncidentForm({
  draft,
  sendWords,
  onSubmit,
  onCancel,
  onSource,
  children,
}: Props): JSX.Element {
  const edited = useSignal<Edited>(editable(draft));
  const before = useRef(draft);
  useEffect(() => {
    edited.value = withNewDraft(edited.peek(), before.current, draft);
    before.current = draft;
  }, [draft, edited]);
  const asking = useAsking();
  const wrong = asking.wrong.value;
  const set = (change: Partial<Edited>) => (edited.value = { ...edited.peek(), ...change });

  return (
    <form
      class="incident-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!asking.busy.peek()) void asking.run(() => onSubmit(edited.peek()));
      }}
    >
      <Problem text={asking.problem.value} />
      <Field id="incident-title" label={t("Title")} problem={wrong.title}>
        <input
          id="incident-title"
          class="utrecht-textbox"
          value={edited.value.title}
          maxLength={LIMITS.incidentTitle}
          required
          aria-describedby="incident-title-problem"
          onInput={(event) => set({ title: event.currentTarget.value })}
        />
      </Field>
      <Field id="incident-description" label={t("Description")} problem={wrong.description}>
        <textarea
          id="incident-description"
          class="utrecht-textarea incident-form__description"
          rows={12}
          required
          value={edited.value.description}
          aria-describedby="incident-description-problem"
          onInput={(event) => set({ description: event.currentTarget.value })}
        />
      </Field>
      <div class="incident-form__pair">
        <Choice
          id="incident-impact"
          label={t("Impact")}
          value={edited.value.impact}
          choices={{
            person: t("One person"),
            department: t("Department"),
            organisation: t("Whole organisation"),
          }}
          onChange={(impact) => set({ impact: impact as Draft["impact"] })}
        />
        <Choice
          id="incident-urgency"
          label={t("Urgency")}
          value={edited.value.urgency}
          choices={{ low: t("Low"), normal: t("Normal"), high: t("High") }}
          onChange={(urgency) => set({ urgency: urgency as Draft["urgency"] })}
        />
      </div>
      {draft.because.length > 0 && (
        <p class="hint">{t("Proposed because of: {words}", { words: draft.because.join(", ") })}</p>
      )}
      <Field id="incident-phone" label={t("Phone number to call back")} problem={wrong.phone}>
        <input
          id="incident-phone"
          class="utrecht-textbox"
          type="tel"
          maxLength={LIMITS.incidentPhone}
          value={edited.value.phone}
          aria-describedby="incident-phone-problem"
          onInput={(event) => set({ phone: event.currentTarget.value })}
        />
      </Field>
      <Field id="incident-category" label={t("Category")} problem={wrong.category}>
        <input
          id="incident-category"
          class="utrecht-textbox"
          maxLength={LIMITS.incidentCategory}
          required
          value={edited.value.category}
          aria-describedby="incident-category-problem"
          onInput={(event) => set({ category: event.currentTarget.value })}
        />
      </Field>
      {onSource && <Sources found={draft.found} onSource={onSource} />}
      {children}
      <dl class="facts">
        <dt>{t("Requester")}</dt>
        <dd>
          {draft.requester}, {draft.municipality}
        </dd>
        <dt>{t("Goes along")}</dt>
        <dd>{t("The whole conversation, as {file}, with the files that were sent", { file: draft.transcriptName })}</dd>
        {draft.note && (
          <>
            <dt>{t("For the engineers alone")}</dt>
            <dd class="incident-form__note">{draft.note}</dd>
          </>
        )}
        <dt>{t("Reference")}</dt>
        <dd class="facts__code">{draft.reference}</dd>
      </dl>
      <div class="buttons">
        <Button looks="primary-action" type="submit" busy={asking.busy.value}>
          {sendWords}
        </Button>
        {onCancel && (
          <Button looks="subtle" onClick={onCancel}>
            {t("Cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}

function editable({ title, description, category, impact, urgency, phone }: Draft): Edited {
  return { title, description, category, impact, urgency, phone };
}

/** What was not touched follows the new draft; what somebody wrote stays. */
function withNewDraft(edited: Edited, before: Draft, draft: Draft): Edited {
  const untouched = Object.entries(editable(draft)).filter(
    ([name]) => edited[name as keyof Edited] === before[name as keyof Edited],
  );
  return { ...edited, ...Object.fromEntries(untouched) };
}

const KINDS: Record<string, string> = {
  question: t("Question"),
  step: t("Step"),
  tried: t("Tried"),
  error: t("Error message"),
  version: t("Version"),
  screen: t("Screen"),
  number: t("Number"),
  environment: t("Environment"),
  impact: t("Impact"),
  urgency: t("Urgency"),
};

interface SourcesProps {
  found: Found[];
  onSource: (seq: number) => void;
}

/** Every find with a way to the message it came from. */
function Sources({ found, onSource }: SourcesProps): JSX.Element | null {
  if (!found.length) return null;
  return (
    <details class="sources">
      <summary>{t("Where this comes from ({n})", { n: found.length })}</summary>
      <ul class="sources__list">
        {found.map((one, index) => (
          <li key={index}>
            <span class="sources__kind">{KINDS[one.kind] ?? one.kind}</span>{" "}
            <button type="button" class="link-button" onClick={() => onSource(one.seq)}>
              {t("message {n}", { n: one.seq })}
            </button>
            <span class="sources__text">{one.text}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface FieldProps {
  id: string;
  label: string;
  problem: string | undefined;
  children: JSX.Element;
}

function Field({ id, label, problem, children }: FieldProps): JSX.Element {
  return (
    <div class="utrecht-form-field">
      <label class="utrecht-form-label" for={id}>
        {label}
      </label>
      {children}
      <p id={`${id}-problem`} class="field-problem">
        {problem}
      </p>
    </div>
  );
}

interface ChoiceProps {
  id: string;
  label: string;
  value: string;
  choices: Record<string, string>;
  onChange: (value: string) => void;
}

function Choice({ id, label, value, choices, onChange }: ChoiceProps): JSX.Element {
  return (
    <div class="utrecht-form-field">
      <label class="utrecht-form-label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="utrecht-select"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {Object.entries(choices).map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
