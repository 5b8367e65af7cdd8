import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { post, Refused } from "../lib/api";
import { t } from "../lib/text";
import { Problem } from "./Notice";

const MOST = 10 * 1024 * 1024;

/** Sends files: chosen, or pasted anywhere on the page, such as a screenshot. */
export function FileButton({ chatId }: { chatId: string }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const busy = useSignal("");
  const problem = useSignal("");
  const send = async (files: Iterable<File>) => {
    problem.value = "";
    for (const file of files) {
      if (file.size > MOST) {
        problem.value = t("{name} is larger than 10 MB. Send a smaller file.", { name: file.name });
        continue;
      }
      busy.value = t("{name} is being sent…", { name: file.name });
      await sendOne(chatId, file).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        problem.value = `${file.name}: ${error.message}`;
      });
    }
    busy.value = "";
  };
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) void send(files);
    };
    document.addEventListener("paste", pasted);
    return () => document.removeEventListener("paste", pasted);
  });
  return (
    <>
      <button
        type="button"
        class="utrecht-button utrecht-button--subtle"
        onClick={() => field.current?.click()}
      >
        {t("Add a file")}
      </button>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label={t("Add a file")}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          void send(chosen);
        }}
      />
      <span class="hint" role="status">
        {busy.value}
      </span>
      <Problem text={problem.value} />
    </>
  );
}

function sendOne(chatId: string, file: File): Promise<unknown> {
  const form = new FormData();
  form.set("clientId", crypto.randomUUID());
  form.set("file", file);
  return post(`/chats/${chatId}/attachments`, form);
}
