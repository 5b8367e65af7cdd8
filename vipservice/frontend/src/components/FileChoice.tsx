import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../lib/text";

/** Chooses files; they are not sent before "send". */
export function FileChoice({ onChoose }: { onChoose: (files: File[]) => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
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
          onChoose([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
