import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Refused } from "../lib/api";
import { t } from "../lib/text";
import type { Draft } from "../model/types";
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
}

/** The pre-filled incident: read, correct a word, send. */
export function IncidentForm({ draft, sendWords, onSubmit, onCancel }: Props): JSX.Element {
  const edited = useSignal<Edited>({
    title: draft.title,
    description: draft.description,
    category: draft.category,
    impact: draft.impact,
    urgency: draft.urgency,
    phone: draft.phone,
  });
  const problem = useSignal("");
  const wrong = useSignal<Record<string, string>>({});
  const busy = useSignal(false);
  const set = (change: Partial<Edited>) => (edited.value = { ...edited.peek(), ...change });

  const submit = async () => {
    busy.value = true;
    problem.value = "";
    wrong.value = {};
    try {
      await onSubmit(edited.peek());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problem.value = error.message;
      const errors = error.problem.errors ?? [];
      wrong.value = Object.fromEntries(errors.map(({ field, detail }) => [field, detail]));
    }
    busy.value = false;
  };

  return (
    <form
      class="incident-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy.peek()) void submit();
      }}
    >
      <Problem text={problem.value} />
      <Field id="incident-title" label={t("Title")} problem={wrong.value.title}>
        <input
          id="incident-title"
          class="utrecht-textbox"
          value={edited.value.title}
          maxLength={160}
          required
          aria-describedby="incident-title-problem"
          onInput={(event) => set({ title: event.currentTarget.value })}
        />
      </Field>
      <Field id="incident-description" label={t("Description")} problem={wrong.value.description}>
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
      <Field id="incident-phone" label={t("Phone number to call back")} problem={wrong.value.phone}>
        <input
          id="incident-phone"
          class="utrecht-textbox"
          type="tel"
          maxLength={25}
          value={edited.value.phone}
          aria-describedby="incident-phone-problem"
          onInput={(event) => set({ phone: event.currentTarget.value })}
        />
      </Field>
      <dl class="facts">
        <dt>{t("Category")}</dt>
        <dd>{draft.category}</dd>
        <dt>{t("Requester")}</dt>
        <dd>
          {draft.requester}, {draft.municipality}
        </dd>
        <dt>{t("Reference")}</dt>
        <dd class="facts__code">{draft.reference}</dd>
      </dl>
      <div class="buttons">
        <Button looks="primary-action" type="submit" busy={busy.value}>
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
