import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { focusNext } from "../lib/focus";
import { sizeWords } from "../lib/size";
import { t } from "../lib/text";
import type { Tray } from "../live/tray";
import { type Item, neighbour } from "../model/tray";

/** The files that wait to be sent: each can be taken out again, each says what is wrong with it. */
export function TrayList({ tray, next }: { tray: Tray; next: string }): JSX.Element | null {
  const items = tray.items.value;
  if (!items.length) return null;
  const remove = (id: string) => {
    const neighbouring = neighbour(items, id);
    tray.remove(id);
    focusNext(neighbouring ? crossOf(neighbouring) : next);
  };
  return (
    <ul class="tray" aria-label={t("Files that you have not sent yet")}>
      {items.map((item) => (
        <TrayItem key={item.id} item={item} onRemove={() => remove(item.id)} />
      ))}
    </ul>
  );
}

const crossOf = (id: string) => `remove-${id}`;

function TrayItem({ item, onRemove }: { item: Item; onRemove: () => void }): JSX.Element {
  const { file, problem, onItsWay } = item;
  return (
    <li class={`tray__item ${problem ? "tray__item--wrong" : ""}`} aria-busy={onItsWay || undefined}>
      <Thumbnail file={file} />
      <span class="tray__about">
        <span class="tray__name" title={file.name}>
          {file.name}
        </span>
        <span class="tray__size">{onItsWay ? t("Sending…") : sizeWords(file.size)}</span>
      </span>
      <button
        id={crossOf(item.id)}
        type="button"
        class="tray__remove"
        aria-label={t("Remove {name}", { name: file.name })}
        aria-disabled={onItsWay || undefined}
        onClick={onRemove}
      >
        ×
      </button>
      {problem && (
        <p class="tray__problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

/** A picture in small; of another file, or of one that can not be shown, its kind. */
function Thumbnail({ file }: { file: File }): JSX.Element {
  const address = useAddress(file);
  const [shown, setShown] = useState(file.type.startsWith("image/"));
  return shown ? (
    <img class="tray__picture" src={address} alt="" onError={() => setShown(false)} />
  ) : (
    <span class="tray__picture" aria-hidden="true">
      {kindOf(file.name)}
    </span>
  );
}

/** An address of the file on this page, given back when it is no longer shown. */
function useAddress(file: File): string {
  const made = useRef("");
  made.current ||= URL.createObjectURL(file);
  useEffect(() => () => URL.revokeObjectURL(made.current), []);
  return made.current;
}

/** "pdf" of "offerte.pdf". */
const kindOf = (name: string): string => (/\.(\w{1,4})$/.exec(name)?.[1] ?? "…").toLowerCase();
