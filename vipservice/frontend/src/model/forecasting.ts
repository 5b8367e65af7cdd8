// The forecast as one sentence. Free of the page.

import { t, tn } from "../lib/text";
import type { Forecast } from "./types";
import { isNow } from "./waiting";

/** Whether somebody is or will be too late: then something can be done. */
export const isPressing = (forecast: Forecast) => forecast.late + forecast.overdue > 0;

export function forecastWords(
  forecast: Forecast,
  target: number,
  at: number,
  moment: (iso: string) => string,
): string {
  const { overdue, late, chances } = forecast;
  const said = tn("{n} is too late already", "{n} are too late already", overdue);
  if (late) {
    const ahead = future(forecast, target, at, moment);
    return overdue ? t("{overdue}; {ahead}", { overdue: said, ahead }) : ahead;
  }
  if (!forecast.known) return overdue ? `${said}. ${unknown(forecast)}` : unknown(forecast);
  if (overdue) {
    return chances.length > overdue
      ? t("{overdue}; the others are likely to be picked up in time.", { overdue: said })
      : `${said}.`;
  }
  return chances.length ? t("Everybody who waits is likely to be picked up in time.") : t("Nobody is waiting.");
}

function unknown({ open }: Forecast): string {
  return open
    ? t("Too few conversations have been handled for a forecast.")
    : t("The knowledge centre is closed; the forecast comes when it opens.");
}

function future(
  forecast: Forecast,
  target: number,
  at: number,
  moment: (iso: string) => string,
): string {
  const { joinBy, neededNow } = forecast;
  const late = tn(
    "{n} conversation will not make {target} minutes",
    "{n} conversations will not make {target} minutes",
    forecast.late,
    { target },
  );
  if (joinBy) {
    return isNow(joinBy, at)
      ? t("{late} unless somebody joins now.", { late })
      : t("{late} unless somebody joins before {time}.", { late, time: moment(joinBy) });
  }
  return neededNow
    ? t("{late} unless {n} colleagues join now.", { late, n: neededNow })
    : t("{late}, also when colleagues join. Offer to call back.", { late });
}
