// The board for a screen on the wall: large, and nothing to click.

import { ConnectionNotice } from "../components/Notice";
import { state } from "../lib/page";
import { atTime, minutesUntil, shortMoment } from "../lib/time";
import { percentWords, t } from "../lib/text";
import { forecastWords, isPressing } from "../model/forecasting";
import { Board, type BoardState } from "../stores/board";
import { useSite } from "../stores/site";
import { open } from "./open";

type Level = "calm" | "soon" | "late";

function Page({ board }: { board: Board }) {
  const { value } = board.figures;
  const forecast = board.forecast.value;
  const now = useSite().now.value;
  const available = value.specialists.filter((load) => load.status === "available");
  const free = available.reduce((sum, load) => sum + Math.max(0, load.maxChats - load.active), 0);
  return (
    <div class="wall">
      <ConnectionNotice />
      <div class="wall__figures">
        <Tile label={t("Waiting")} value={value.waiting} level={value.late ? "late" : value.warned ? "soon" : "calm"} />
        <Tile label={t("Longest wait")} {...longest(value.longestWaitSince, now)} level={value.late ? "late" : value.warned ? "soon" : "calm"} />
        <Tile
          label={t("In time today")}
          value={percentWords(value.percentWithin)}
          more={t("{within} of {offered}", { within: value.withinToday, offered: value.offeredToday })}
          level={value.percentWithin !== null && value.percentWithin < value.goalPercent ? "late" : "calm"}
        />
        <Tile label={t("Too late today")} value={value.breachedToday} level={value.breachedToday ? "late" : "calm"} />
        <Tile label={t("In conversation")} value={value.active} />
        <Tile label={t("Free slots")} value={free} more={t("{n} available", { n: available.length })} />
      </div>
      <p class={`wall__forecast ${forecast && isPressing(forecast) ? "wall__forecast--late" : ""}`} role="status">
        {forecast && forecastWords(forecast, board.targetMinutes, now, shortMoment)}
      </p>
      <p class="wall__clock">{atTime(new Date(now).toISOString())}</p>
    </div>
  );
}

interface TileProps {
  label: string;
  value: number | string;
  unit?: string;
  more?: string;
  level?: Level;
}

function Tile({ label, value, unit, more, level = "calm" }: TileProps) {
  return (
    <div class={`wall__tile wall__tile--${level}`}>
      <p class="wall__label">
        {level !== "calm" && <span aria-hidden="true">{level === "late" ? "■ " : "▲ "}</span>}
        {label}
      </p>
      <p class="wall__value">
        {value}
        {unit && <span class="wall__unit"> {unit}</span>}
      </p>
      <p class="wall__more">{more}</p>
    </div>
  );
}

function longest(since: string | null, now: number): { value: number | string; unit?: string } {
  if (!since) return { value: "–" };
  const minutes = Math.max(0, Math.floor(-minutesUntil(since, now)));
  return minutes < 100
    ? { value: minutes, unit: t("min") }
    : { value: Math.floor(minutes / 60), unit: t("h") };
}

open((site) => <Page board={new Board(site, state<BoardState>())} />);
