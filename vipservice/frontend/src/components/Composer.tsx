import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Signal } from "@preact/signals";
import { t } from "../lib/text";
import { Button } from "./Button";

const TYPING_AGAIN = 3000;
const LONGEST = 8000;

interface Props {
  id: string;
  label: string;
  draft: Signal<string>;
  onSend: (body: string) => void;
  onTyping?: (typing: boolean) => void;
  sendWords?: string;
  children?: ComponentChildren;
}

/** Enter sends, Shift+Enter breaks the line; the draft outlives the page. */
export function Composer({
  id,
  label,
  draft,
  onSend,
  onTyping,
  sendWords,
  children,
}: Props): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  const length = draft.value.length;
  useEffect(() => {
    if (field.current) {
      field.current.style.height = "auto";
      field.current.style.height = `${Math.min(field.current.scrollHeight + 2, 220)}px`;
    }
  }, [draft.value]);

  const send = () => {
    const body = draft.peek().trim();
    if (!body || length > LONGEST) {
      field.current?.focus();
      return;
    }
    onSend(body);
    draft.value = "";
    told.current = 0;
    onTyping?.(false);
    field.current?.focus();
  };

  const typed = (value: string) => {
    draft.value = value;
    if (onTyping && Date.now() - told.current > TYPING_AGAIN) {
      told.current = Date.now();
      onTyping(true);
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="utrecht-form-label" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        ref={field}
        class="utrecht-textarea composer__field"
        rows={2}
        value={draft.value}
        aria-describedby={`${id}-help`}
        aria-invalid={length > LONGEST || undefined}
        onInput={(event) => typed(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            send();
          }
        }}
      />
      <div class="composer__foot">
        <span id={`${id}-help`} class="hint">
          {length > LONGEST
            ? t("This is {n} characters too long. Send it in parts.", { n: length - LONGEST })
            : t("Enter sends, Shift+Enter starts a new line.")}
        </span>
        {children}
        <Button looks="primary-action" type="submit">
          {sendWords ?? t("Send")}
        </Button>
      </div>
    </form>
  );
}
