import type { JSX } from "preact";
import { t } from "../lib/text";
import type { Visibility } from "../model/types";
import { useSite } from "../stores/site";
import { Button } from "./Button";
import { Notice } from "./Notice";
import { TrayList } from "./Tray";

/** What somebody still had to say where they can say nothing any more: to read, copy or remove. */
export function Unsent({ chatId, visibility }: { chatId: string; visibility: Visibility }): JSX.Element | null {
  const { composing } = useSite();
  const draft = composing.draftOf(chatId, visibility);
  const tray = composing.tray(chatId, visibility);
  const text = draft.text.value;
  if (!text.trim() && !tray.items.value.length) return null;
  return (
    <Notice kind="info">
      <p>
        {visibility === "centre"
          ? t("This internal note of yours was not kept:")
          : t("This text of yours was not sent:")}
      </p>
      {text && <p class="unsent__text">{text}</p>}
      <TrayList tray={tray} next="content" />
      {text && (
        <div class="buttons">
          <Button onClick={() => draft.clear(text)}>{t("Remove this text")}</Button>
        </div>
      )}
    </Notice>
  );
}
