// The manager's board.

import { ForecastPanel } from "../components/Forecast";
import { ConnectionNotice } from "../components/Notice";
import { UndeliveredNotice } from "../components/UndeliveredNotice";
import { state } from "../lib/page";
import { minutesUntil, presenceWords } from "../lib/time";
import { percentWords, t } from "../lib/text";
import type { BoardLine, Load } from "../model/types";
import { Board, type BoardState } from "../stores/board";
import { useSite } from "../stores/site";
import { open } from "./open";

function Page({ board }: { board: Board }) {
  const { value } = board.figures;
  const forecast = board.forecast.value;
  const now = useSite().now.value;
  return (
    <div class="stack">
      <ConnectionNotice />
      <UndeliveredNotice alarm={board.undelivered.value} />
      <section class="figures" aria-label={t("Now")} aria-live="polite">
        <Figure label={t("Waiting")} value={String(value.waiting)} />
        <Figure
          label={t("Longest wait")}
          value={longest(value.longestWaitSince, now)}
          level={value.late ? "late" : value.warned ? "soon" : "calm"}
        />
        <Figure
          label={t("Almost too late")}
          value={String(value.warned)}
          level={value.warned ? "soon" : "calm"}
        />
        <Figure
          label={t("Too late today")}
          value={String(value.breachedToday)}
          level={value.breachedToday ? "late" : "calm"}
        />
        <Figure
          label={t("Picked up in time today")}
          value={percentWords(value.percentWithin)}
          level={value.percentWithin !== null && value.percentWithin < value.goalPercent ? "late" : "calm"}
          more={t("{within} of {offered}", { within: value.withinToday, offered: value.offeredToday })}
        />
        <Figure label={t("In conversation")} value={String(value.active)} />
      </section>
      {forecast && <ForecastPanel forecast={forecast} target={board.targetMinutes} />}
      <div class="board-columns">
        <section class="card" aria-labelledby="people-heading">
          <h2 id="people-heading" class="utrecht-heading-2">
            {t("Specialists")}
          </h2>
          <Specialists loads={value.specialists} />
        </section>
        <Lines id="topics" heading={t("By topic, today")} lines={value.topics} />
        <Lines id="municipalities" heading={t("By municipality, today")} lines={value.municipalities} />
      </div>
    </div>
  );
}

function longest(since: string | null, now: number): string {
  if (!since) return "–";
  const minutes = Math.max(0, Math.floor(-minutesUntil(since, now)));
  return minutes < 100 ? t("{n} min", { n: minutes }) : t("{n} h", { n: Math.floor(minutes / 60) });
}

interface FigureProps {
  label: string;
  value: string;
  more?: string;
  level?: "calm" | "soon" | "late";
}

function Figure({ label, value, more, level = "calm" }: FigureProps) {
  return (
    <div class={`figure figure--${level}`}>
      <p class="figure__label">
        {level !== "calm" && <span aria-hidden="true">{level === "late" ? "■ " : "▲ "}</span>}
        {label}
      </p>
      <p class="figure__value">{value}</p>
      {more && <p class="figure__more">{more}</p>}
    </div>
  );
}

function Specialists({ loads }: { loads: readonly Load[] }) {
  const words = { available: t("available"), away: t("away"), offline: t("offline") };
  return (
    <table class="utrecht-table">
      <thead class="utrecht-table__header">
        <tr>
          <th scope="col" class="utrecht-table__header-cell">{t("Name")}</th>
          <th scope="col" class="utrecht-table__header-cell">{t("Status")}</th>
          <th scope="col" class="utrecht-table__header-cell">{t("Conversations")}</th>
        </tr>
      </thead>
      <tbody class="utrecht-table__body">
        {loads.map((load) => (
          <tr key={load.id} class="utrecht-table__row">
            <td class="utrecht-table__cell">{load.name}</td>
            <td class="utrecht-table__cell">
              <span class={`dot dot--${load.status}`} aria-hidden="true">
                {{ available: "●", away: "◐", offline: "○" }[load.status]}
              </span>{" "}
              {words[load.status]}
              {load.status === "away" && presenceWords(load)}
            </td>
            <td class="utrecht-table__cell">
              {t("{n} of {max}", { n: load.active, max: load.maxChats })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Lines({ id, heading, lines }: { id: string; heading: string; lines: readonly BoardLine[] }) {
  return (
    <section class="card" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`} class="utrecht-heading-2">
        {heading}
      </h2>
      {lines.length ? (
        <table class="utrecht-table">
          <thead class="utrecht-table__header">
            <tr>
              <th scope="col" class="utrecht-table__header-cell">{t("Name")}</th>
              <th scope="col" class="utrecht-table__header-cell">{t("Waiting")}</th>
              <th scope="col" class="utrecht-table__header-cell">{t("In time")}</th>
              <th scope="col" class="utrecht-table__header-cell">{t("Too late")}</th>
            </tr>
          </thead>
          <tbody class="utrecht-table__body">
            {lines.map((line) => (
              <tr key={line.name} class="utrecht-table__row">
                <td class="utrecht-table__cell">{line.name}</td>
                <td class="utrecht-table__cell">{line.waiting}</td>
                <td class="utrecht-table__cell">
                  {line.offeredToday
                    ? t("{within} of {offered}", { within: line.withinToday, offered: line.offeredToday })
                    : "–"}
                </td>
                <td class="utrecht-table__cell">{line.breachedToday}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p class="empty">{t("Nothing has come in yet today.")}</p>
      )}
    </section>
  );
}

open((site) => <Page board={new Board(site, state<BoardState>())} />);
