// The figures of the centre now, and the forecast: for the manager's page and the one on the wall.

import { type Signal, signal } from "@preact/signals";
import type { Board as Figures, Forecast, Me } from "../model/types";
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
  readonly targetMinutes: number;

  constructor({ line }: Site, { board, targetMinutes }: BoardState) {
    this.figures = signal(board);
    this.targetMinutes = targetMinutes;
    line.on("board", (fresh) => (this.figures.value = fresh));
    line.on("forecast", (fresh) => (this.forecast.value = fresh));
  }
}
