import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useAsking } from "../lib/asking";
import { t } from "../lib/text";
import { LIMITS } from "../model/limits";
import type { Chat } from "../model/types";
import { useSite } from "../stores/site";
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
  const asking = useAsking();
  const { api } = useSite();
  const ask = async () => {
    const body = { phone: phone.value, window: suits.value };
    const closed = await asking.run(() => api.postOnce<Chat>(`/chats/${chatId}/callbacks`, body));
    if (closed) onDone(closed);
  };
  const problem = asking.wrong.value.phone
    ? t("Fill in a telephone number, such as 033 123 45 67.")
    : asking.problem.value;
  return (
    <Notice kind="info">
      <p>{t("We are busy. Shall we call you back instead? Then you do not have to wait here.")}</p>
      <Problem text={problem} />
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
            aria-invalid={problem ? "true" : undefined}
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
