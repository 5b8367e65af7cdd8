import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useAsking } from "../lib/asking";
import { atTime, shortDay, shortMoment } from "../lib/time";
import { t, tn } from "../lib/text";
import type { Clock, Counted } from "../model/types";
import { useSite } from "../stores/site";
import { Problem } from "./Notice";

/**
 * How a due time comes about: which opening time was counted, and how much was spent. What happens
 * meanwhile is read again; a panel that somebody opened stays open.
 */
export function ClockPanel({ chatId, lastSeq }: { chatId: string; lastSeq: number }): JSX.Element {
  const clocks = useSignal<readonly Clock[]>([]);
  const opened = useSignal(false);
  const asking = useAsking();
  const { api } = useSite();
  useEffect(() => {
    if (!opened.value) return;
    void asking.run(async () => {
      clocks.value = (await api.get<{ items: Clock[] }>(`/chats/${chatId}/clocks`)).items;
    });
  }, [chatId, lastSeq, opened.value, clocks, asking, api]);
  return (
    <details class="clocks" onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{t("How the promised time comes about")}</summary>
      <Problem text={asking.problem.value} />
      {clocks.value.map((clock) => (
        <OneClock key={`${clock.cycle} ${clock.target} ${clock.turn}`} clock={clock} />
      ))}
    </details>
  );
}

function OneClock({ clock }: { clock: Clock }): JSX.Element {
  const names = { pickup: t("Pick up"), reply: t("Answer"), callback: t("Call back") };
  return (
    <section class="clock">
      <h3 class="clock__name">
        {names[clock.target]}
        {clock.turn > 1 && ` ${clock.turn}`}
      </h3>
      <dl class="facts">
        <dt>{t("Started")}</dt>
        <dd>{shortMoment(clock.startedAt)}</dd>
        <dt>{t("Counted")}</dt>
        <dd>
          {clock.counted.map((part) => (
            <span key={part.start} class="facts__line">
              {stretch(part)}
            </span>
          ))}
        </dd>
        <dt>{t("Due")}</dt>
        <dd>
          {shortMoment(clock.dueAt)}, {tn("{n} minute of opening time", "{n} minutes of opening time", clock.minutes)}
        </dd>
        <dt>{t("Result")}</dt>
        <dd>{result(clock)}</dd>
      </dl>
      <p class="hint">
        {t("By opening hours version {calendar} and targets version {policy}.", {
          calendar: clock.calendarVersion,
          policy: clock.policyVersion,
        })}
      </p>
    </section>
  );
}

function stretch({ start, end }: Counted): string {
  const minutes = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
  const span = `${shortDay(start)} ${atTime(start)}–${atTime(end)}`;
  return `${span}: ${tn("{n} minute", "{n} minutes", minutes)}`;
}

function result(clock: Clock): string {
  const spent = tn("{n} minute", "{n} minutes", Math.floor(clock.spentSeconds / 60));
  if (clock.metAt) {
    const values = { time: shortMoment(clock.metAt), spent };
    return clock.breachedAt
      ? t("Done at {time}, after {spent}: too late.", values)
      : t("Done at {time}, after {spent}: in time.", values);
  }
  if (clock.endedAt) {
    return clock.breachedAt
      ? t("Not done in time; it ended at {time}.", { time: shortMoment(clock.endedAt) })
      : t("No longer needed since {time}.", { time: shortMoment(clock.endedAt) });
  }
  return clock.breachedAt
    ? t("Too late, and not done yet: {spent} have passed.", { spent })
    : t("Still running: {spent} have passed.", { spent });
}
