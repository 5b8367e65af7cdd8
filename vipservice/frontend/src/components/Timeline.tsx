import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Conversation } from "../live/conversation";
import { atDay, atTime, dayOf } from "../lib/time";
import { sizeWords } from "../lib/size";
import { t } from "../lib/text";
import type { Pending } from "../model/outbox";
import { anchor, isSaid } from "../model/timeline";
import type { Entry, Happening, Said, SentFile, Side, Visibility } from "../model/types";
import { sentence } from "./sentences";

interface Props {
  conversation: Conversation;
  /** Words stand in the field for these readers again. */
  onTakeBack: (visibility: Visibility) => void;
}

/** The conversation, oldest first, with a polite live region and the newest in view. */
export function Timeline({ conversation, onTakeBack }: Props): JSX.Element {
  const { entries } = conversation.timeline.value;
  const chat = conversation.chat.value;
  const { outbox } = conversation;
  const pending = outbox.pending.value;
  const typing = conversation.typing.value;
  const log = useRef<HTMLDivElement>(null);
  useStickToBottom(log, entries.length + pending.length);
  useEffect(() => conversation.markRead(), [conversation, entries.length]);
  const readSeq = conversation.side === "requester" ? chat.centreReadSeq : chat.requesterReadSeq;

  return (
    <div class="timeline" role="log" aria-label={t("Conversation")} ref={log} tabIndex={0}>
      <ol class="timeline__entries">
        {entries.map((entry, index) => (
          <TimelineEntry
            key={entry.seq}
            entry={entry}
            side={conversation.side}
            newDay={dayOf(entry.at) !== dayOf(entries[index - 1]?.at ?? "1970-01-01")}
            read={entry.publicSeq !== null && entry.publicSeq <= readSeq}
          />
        ))}
        {pending.map((item) => (
          <PendingMessage
            key={item.clientId}
            item={item}
            onAgain={() => outbox.sayAgain(item.clientId)}
            onBack={() => {
              outbox.takeBack(item.clientId);
              onTakeBack(item.visibility);
            }}
          />
        ))}
      </ol>
      <p class="timeline__typing">
        {typing && t("{name} is typing…", { name: typing.name })}
      </p>
    </div>
  );
}

function useStickToBottom(log: { current: HTMLDivElement | null }, length: number): void {
  useLayoutEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [log, length]);
}

interface EntryProps {
  entry: Entry;
  side: Side;
  newDay: boolean;
  read: boolean;
}

function TimelineEntry({ entry, side, newDay, read }: EntryProps): JSX.Element {
  return (
    <>
      {newDay && (
        <li class="timeline__day">
          <span>{atDay(entry.at)}</span>
        </li>
      )}
      {isSaid(entry) ? (
        <Words entry={entry} own={entry.author?.side === side} read={read} />
      ) : (
        <Happened entry={entry} side={side} />
      )}
    </>
  );
}

function Words({ entry, own, read }: { entry: Said; own: boolean; read: boolean }): JSX.Element {
  const note = entry.kind === "note";
  const { file } = entry.data;
  const gone = WORDS[entry.words];
  const place = note ? "said--note" : own ? "said--own" : "said--other";
  return (
    <li class={`said ${place}`} id={anchor(entry)} tabIndex={-1}>
      <p class="said__head">
        <strong>{entry.author?.name}</strong>
        {note && <span class="said__note">{t("Internal note")}</span>}
        <time dateTime={entry.at}>{atTime(entry.at)}</time>
      </p>
      <p class={gone ? "said__body said__body--gone" : "said__body"}>
        {file ? <FileLink file={file} /> : (gone ?? entry.body)}
      </p>
      {entry.words === "corrected" && <p class="said__mark">{t("Corrected")}</p>}
      {own && !note && !gone && <p class="said__mark">{read ? t("✓✓ Read") : t("✓ Sent")}</p>}
    </li>
  );
}

const WORDS: Partial<Record<Entry["words"], string>> = {
  withdrawn: t("This was withdrawn."),
  erased: t("This is not kept any more."),
};

function FileLink({ file }: { file: SentFile }): JSX.Element {
  return (
    <a class="utrecht-link" href={`/api/v1/attachments/${file.id}`} download={file.name}>
      {t("File: {name} ({size})", { name: file.name, size: sizeWords(file.size) })}
    </a>
  );
}

function Happened({ entry, side }: { entry: Happening; side: Side }): JSX.Element | null {
  const told = sentence(entry, side);
  if (!told) return null;
  return (
    <li class={`happened happened--${told.kind}`}>
      <p>
        {told.text}{" "}
        {told.link && side === "centre" && (
          <a class="utrecht-link" href={told.link} target="_blank" rel="noopener">
            {t("Open incident")}
          </a>
        )}{" "}
        <time dateTime={entry.at}>{atTime(entry.at)}</time>
      </p>
    </li>
  );
}

interface PendingProps {
  item: Pending;
  onAgain: () => void;
  onBack: () => void;
}

function PendingMessage({ item, onAgain, onBack }: PendingProps): JSX.Element {
  const note = item.visibility === "centre";
  return (
    <li class={`said said--${note ? "note" : "own"} said--pending ${item.problem ? "said--failed" : ""}`}>
      {note && (
        <p class="said__head">
          <span class="said__note">{t("Internal note")}</span>
        </p>
      )}
      <p class="said__body">{item.body}</p>
      {item.problem ? (
        <p class="said__mark" role="alert">
          {t("Not sent.")} {item.problem}{" "}
          <button type="button" class="link-button" onClick={onAgain}>
            {t("Again")}
          </button>{" "}
          <button type="button" class="link-button" onClick={onBack}>
            {t("Edit")}
          </button>
        </p>
      ) : (
        <p class="said__mark">{t("Sending…")}</p>
      )}
    </li>
  );
}
