import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { Button } from "../components/Button";
import { localMoment } from "../lib/time";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Chat } from "../model/types";
import { useWorkbench } from "../stores/workbench";

interface StepProps {
  chat: Chat;
  onDone: () => void;
}

/** Until a moment, after which it comes back by itself; without one until somebody writes. */
export function Park({ chat, onDone }: StepProps): JSX.Element {
  const workbench = useWorkbench();
  const until = useSignal("");
  const reason = useSignal("");
  const { until: wrong = "" } = workbench.asking.wrong.value;
  const park = async () => {
    const moment = until.peek() && { until: localMoment(until.peek()) };
    if (await workbench.move(chat.id, "park", { ...(moment || {}), reason: reason.peek() })) onDone();
  };
  return (
    <Step onSubmit={park} onDone={onDone} name={t("Park")}>
      <div class="utrecht-form-field">
        <label class="utrecht-form-label" for="park-until">
          {t("Until when? (it comes back by itself in opening time)")}
        </label>
        <input
          id="park-until"
          type="datetime-local"
          class="utrecht-textbox"
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? "park-until-wrong" : undefined}
          value={until.value}
          onInput={(event) => (until.value = event.currentTarget.value)}
        />
        {wrong && (
          <p id="park-until-wrong" class="utrecht-form-field-error-message">
            {wrong}
          </p>
        )}
      </div>
      <Reason id="park-reason" value={reason.value} onInput={(words) => (reason.value = words)} />
    </Step>
  );
}

/** From a colleague, who is told; the reason is asked for. */
export function TakeOver({ chat, onDone }: StepProps): JSX.Element {
  const workbench = useWorkbench();
  const reason = useSignal("");
  const take = async () => {
    if (await workbench.move(chat.id, "take_over", { reason: reason.peek() })) onDone();
  };
  return (
    <Step onSubmit={take} onDone={onDone} name={t("Take over")}>
      <Reason id="take-over-reason" required value={reason.value} onInput={(words) => (reason.value = words)} />
    </Step>
  );
}

interface FormProps {
  name: string;
  onSubmit: () => Promise<void>;
  onDone: () => void;
  children: ComponentChildren;
}

/** What a step still has to know, with the step itself below it. */
export function Step({ name, onSubmit, onDone, children }: FormProps): JSX.Element {
  return (
    <form
      class="hand-over"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
      <div class="buttons">
        <Button looks="primary-action" type="submit">
          {name}
        </Button>
        <Button looks="subtle" onClick={onDone}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  );
}

interface ReasonProps {
  id: string;
  value: string;
  required?: boolean;
  onInput: (words: string) => void;
}

/** Why: the timeline tells it to the municipality too. */
export function Reason({ id, value, required, onInput }: ReasonProps): JSX.Element {
  return (
    <div class="utrecht-form-field">
      <label class="utrecht-form-label" for={id}>
        {t("Why? (the municipality reads this)")}
      </label>
      <input
        id={id}
        class="utrecht-textbox"
        maxLength={LIMITS.reason}
        required={required}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
