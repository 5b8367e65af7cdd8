import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { post, Refused } from "../lib/api";
import { focusNext } from "../lib/focus";
import { t } from "../lib/text";
import type { Chat } from "../model/types";
import { Button } from "./Button";
import { Problem } from "./Notice";

interface Props {
  chat: Chat;
  onChange: (chat: Chat) => void;
}

/** The municipality's own number for this question. */
export function TheirNumber({ chat, onChange }: Props): JSX.Element {
  const editing = useSignal<string | null>(null);
  const problem = useSignal("");
  const leave = () => {
    editing.value = null;
    focusNext("note-number");
  };
  const keep = async () => {
    try {
      onChange(await post<Chat>(`/chats/${chat.id}/_note-number`, { number: editing.peek() ?? "" }));
      leave();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problem.value = error.message;
    }
  };
  if (editing.value === null) {
    return (
      <p class="their-number">
        {chat.theirNumber && (
          <span>{t("The municipality's own number: {number}", { number: chat.theirNumber })} </span>
        )}
        <button id="note-number" type="button" class="link-button" onClick={() => (editing.value = chat.theirNumber)}>
          {chat.theirNumber ? t("Change") : t("Note the municipality's own number")}
        </button>
      </p>
    );
  }
  return (
    <form
      class="their-number"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <Problem text={problem.value} />
      <label class="utrecht-form-label" for="their-number">
        {t("The municipality's own number")}
      </label>
      <div class="buttons">
        <input
          id="their-number"
          class="utrecht-textbox"
          maxLength={60}
          value={editing.value}
          ref={(field) => field?.focus()}
          onInput={(event) => (editing.value = event.currentTarget.value)}
        />
        <Button type="submit">{t("Keep")}</Button>
        <Button looks="subtle" onClick={leave}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  );
}
