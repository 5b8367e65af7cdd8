import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { postOnce, Refused } from "../lib/api";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Chat } from "../model/types";
import { Button } from "./Button";
import { Notice, Problem } from "./Notice";

interface Props {
  chatId: string;
  onDone: (chat: Chat) => void;
}

/** The offer to be called back instead of waiting on. */
export function CallbackOffer({ chatId, onDone }: Props): JSX.Element {
  const phone = useSignal("");
  const suits = useSignal("");
  const problem = useSignal("");
  const ask = async () => {
    problem.value = "";
    try {
      const body = { phone: phone.value, window: suits.value };
      onDone(await postOnce<Chat>(`/chats/${chatId}/callbacks`, body));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problem.value = error.problem.errors?.length
        ? t("Fill in a telephone number, such as 033 123 45 67.")
        : error.message;
    }
  };
  return (
    <Notice kind="info">
      <p>{t("We are busy. Shall we call you back instead? Then you do not have to wait here.")}</p>
      <Problem text={problem.value} />
      <form
        class="callback-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <div class="utrecht-form-field">
          <label class="utrecht-form-label" for="callback-phone">{t("Telephone number")}</label>
          <input
            class="utrecht-textbox"
            id="callback-phone"
            type="tel"
            autocomplete="tel"
            aria-invalid={problem.value ? "true" : undefined}
            value={phone.value}
            onInput={(event) => (phone.value = event.currentTarget.value)}
          />
        </div>
        <div class="utrecht-form-field">
          <label class="utrecht-form-label" for="callback-window">{t("When does it suit? (optional)")}</label>
          <input
            class="utrecht-textbox"
            id="callback-window"
            maxLength={LIMITS.callbackWindow}
            value={suits.value}
            onInput={(event) => (suits.value = event.currentTarget.value)}
          />
        </div>
        <Button type="submit" looks="primary-action">{t("Call me back")}</Button>
      </form>
    </Notice>
  );
}
