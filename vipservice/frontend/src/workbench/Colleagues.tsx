import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../components/Button";
import { t } from "../lib/text";
import type { Conversation } from "../live/conversation";
import type { Chat, Named } from "../model/types";
import { useWorkbench } from "../stores/workbench";

/** Another administrator of the municipality goes on, when who asked is not there any more. */
export function Colleagues({ conversation }: { conversation: Conversation }): JSX.Element {
  const { asking, site } = useWorkbench();
  const found = useSignal<readonly Named[] | null>(null);
  const path = `/chats/${conversation.id}`;
  const look = () =>
    asking.run(async () => {
      found.value = (await site.api.get<{ items: Named[] }>(`${path}/colleagues`)).items;
    });
  const turnTo = async (personId: string) => {
    const chat = await asking.run(() => site.api.put<Chat>(`${path}/requester`, { personId }));
    if (!chat) return;
    conversation.chat.value = chat;
    found.value = null;
  };
  if (!found.value) {
    return (
      <button type="button" class="link-button" onClick={() => void look()}>
        {t("Another administrator goes on")}
      </button>
    );
  }
  return (
    <div class="buttons" role="group" aria-label={t("Who goes on with this question?")}>
      {found.value.map(({ id, name }) => (
        <Button key={id} onClick={() => void turnTo(id)}>
          {name}
        </Button>
      ))}
      {found.value.length === 0 && <p class="empty">{t("Nobody else is authorised for this topic.")}</p>}
      <Button looks="subtle" onClick={() => (found.value = null)}>
        {t("Cancel")}
      </Button>
    </div>
  );
}
