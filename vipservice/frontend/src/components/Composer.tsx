import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import { pasted } from "../model/tray";
import { LIMITS } from "../model/limits";
import type { Visibility } from "../model/types";
import { useSite } from "../stores/site";
import { Button } from "./Button";
import { useDropping } from "./dropping";
import { FileChoice } from "./FileChoice";
import { TrayList } from "./Tray";

/** Milliseconds; it is shown a little longer, see `conversation`. */
const TYPING_AGAIN = 8000;
const FIELD = "message";

interface Props {
  conversation: Conversation;
  visibility: Visibility;
  label: string;
  sendWords?: string;
}

/** Words and files for these readers. Enter sends, Shift+Enter breaks the line; nothing else sends. */
export function Composer({ conversation, visibility, label, sendWords }: Props): JSX.Element {
  const { composing } = useSite();
  const draft = composing.draftOf(conversation.id, visibility);
  const tray = composing.tray(conversation.id, visibility);
  const field = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(conversation, visibility);
  const ignored = useSignal(false);
  const text = draft.text.value;
  const tooLong = text.length - LIMITS.message;
  useHeight(field, text);

  const send = () => {
    ignored.value = false;
    if (tooLong <= 0 && composing.sendAll(conversation.id, visibility)) typing.sent();
    field.current?.focus();
  };
  const paste = (event: ClipboardEvent) => {
    if (!event.clipboardData) return;
    const taken = pasted(event.clipboardData);
    ignored.value = taken.ignored;
    if (!taken.files.length) return;
    event.preventDefault();
    tray.paste(taken.files);
  };
  const { over, ...dropping } = useDropping((files) => {
    tray.add(files);
    field.current?.focus();
  });

  return (
    <form
      class={`composer ${over ? "composer--over" : ""}`}
      {...dropping}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="utrecht-form-label" for={FIELD}>
        {label}
      </label>
      <textarea
        id={FIELD}
        ref={field}
        class="utrecht-textarea composer__field"
        rows={2}
        value={text}
        aria-describedby={`${FIELD}-help`}
        aria-invalid={tooLong > 0 || undefined}
        onInput={(event) => {
          draft.type(event.currentTarget.value);
          typing.typed(event.currentTarget.value);
        }}
        onPaste={paste}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            send();
          }
        }}
      />
      <TrayList tray={tray} next={FIELD} />
      <div class="composer__foot">
        <span id={`${FIELD}-help`} class="hint" role="status">
          {help(tooLong, ignored.value)}
        </span>
        <FileChoice onChoose={(files) => tray.add(files)} />
        <Button looks="primary-action" type="submit" busy={tray.busy.value}>
          {sendWords ?? t("Send")}
        </Button>
      </div>
      <p class="visually-hidden" role="status">
        {tray.told.value}
      </p>
    </form>
  );
}

function help(tooLong: number, ignored: boolean): string {
  if (tooLong > 0) return t("This is {n} characters too long. Send it in parts.", { n: tooLong });
  return ignored
    ? t("The picture was not pasted, because there is text with it. Add the picture as a file.")
    : t("Enter sends, Shift+Enter starts a new line.");
}

/** The field grows with its text. */
function useHeight(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useEffect(() => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, 220)}px`;
  }, [field, text]);
}

/** Tells now and then that somebody types; nobody outside hears of a note. What is sent tells it by itself. */
function useTyping(conversation: Conversation, visibility: Visibility) {
  const told = useRef(0);
  const tell = (typing: boolean) => {
    told.current = typing ? Date.now() : 0;
    conversation.tellTyping(typing);
  };
  return {
    typed: (text: string) => {
      if (visibility === "centre") return;
      const due = text ? Date.now() - told.current > TYPING_AGAIN : told.current > 0;
      if (due) tell(text !== "");
    },
    sent: () => {
      told.current = 0;
    },
  };
}
