import type { JSX } from "preact";
import { t, tn } from "../lib/text";
import { shortMoment } from "../lib/time";
import type { UndeliveredAlarm } from "../model/types";
import { Notice } from "./Notice";

/** An alarm while something has not left for too long, as the server tells it. */
export function UndeliveredNotice({ alarm }: { alarm: UndeliveredAlarm | null }): JSX.Element | null {
  if (!alarm?.since) return null;
  const values = { n: alarm.count, time: shortMoment(alarm.since) };
  return (
    <Notice kind="warning" role="status">
      {tn("{n} message has not left since {time}.", "{n} messages have not left since {time}.", values.n, values)}{" "}
      <a class="utrecht-link" href="/undelivered">
        {t("See why, and what to do")}
      </a>
    </Notice>
  );
}
