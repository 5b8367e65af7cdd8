// The figures of the centre now, and the forecast: for the manager's page and the one on the wall.

import { type Signal, signal } from "@preact/signals";
import { watch } from "../live/watching";
import type { Board as Figures, Forecast, Me, UndeliveredAlarm } from "../model/types";
import type { Site } from "./site";

export interface BoardState {
  me: Me;
  board: Figures;
  targetMinutes: number;
}

export class Board {
  readonly figures: Signal<Figures>;
  /** Null until it was computed. */
  readonly forecast = signal<Forecast | null>(null);
  /** What does not get out; null until the server has told it. */
  readonly undelivered = signal<UndeliveredAlarm | null>(null);
  readonly targetMinutes: number;

  constructor({ line }: Site, { board, targetMinutes }: BoardState) {
    this.figures = signal(board);
    this.targetMinutes = targetMinutes;
    line.on("board", (fresh) => (this.figures.value = fresh));
    line.on("forecast", (fresh) => (this.forecast.value = fresh));
    watch(line, [], ["board", "forecast"]);
    line.on("undelivered", (fresh) => (this.undelivered.value = fresh));
  }
}
