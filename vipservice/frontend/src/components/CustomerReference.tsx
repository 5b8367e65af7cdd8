import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useAsking } from "../lib/asking";
import { focusNext } from "../lib/focus";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Chat } from "../model/types";
import { useSite } from "../stores/site";
import { Button } from "./Button";
import { Problem } from "./Notice";

interface Props {
  chat: Chat;
  onChange: (chat: Chat) => void;
}

/** The municipality's own number for this question. */
export function CustomerReference({ chat, onChange }: Props): JSX.Element {
  const editing = useSignal<string | null>(null);
  const asking = useAsking();
  const { api } = useSite();
  const leave = () => {
    editing.value = null;
    focusNext("customer-reference-edit");
  };
  const keep = async () => {
    const path = `/chats/${chat.id}/customer-reference`;
    const kept = await asking.run(() => api.put<Chat>(path, { number: editing.peek() ?? "" }));
    if (!kept) return;
    onChange(kept);
    leave();
  };
  if (editing.value === null) {
    return (
      <p class="customer-reference">
        {chat.customerReference && (
          <span>{t("The municipality's own number: {number}", { number: chat.customerReference })} </span>
        )}
        <button id="customer-reference-edit" type="button" class="link-button" onClick={() => (editing.value = chat.customerReference)}>
          {chat.customerReference ? t("Change") : t("Note the municipality's own number")}
        </button>
      </p>
    );
  }
  return (
    <form
      class="customer-reference"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <Problem text={asking.problem.value} />
      <label class="utrecht-form-label" for="customer-reference">
        {t("The municipality's own number")}
      </label>
      <div class="buttons">
        <input
          id="customer-reference"
          class="utrecht-textbox"
          maxLength={LIMITS.customerReference}
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
