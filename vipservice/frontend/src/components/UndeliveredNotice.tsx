import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t, tn } from "../lib/text";
import { shortMoment } from "../lib/time";
import type { UndeliveredAlarm } from "../model/types";
import { useSite } from "../stores/site";
import { Notice } from "./Notice";

/** An alarm while something has not left for too long, as the server tells it. */
export function UndeliveredNotice(): JSX.Element | null {
  const alarm = useSignal<UndeliveredAlarm | null>(null);
  const { line } = useSite();
  useEffect(() => line.on("undelivered", (fresh) => (alarm.value = fresh)), [line, alarm]);
  if (!alarm.value?.since) return null;
  const values = { n: alarm.value.count, time: shortMoment(alarm.value.since) };
  return (
    <Notice kind="warning" role="status">
      {tn("{n} message has not left since {time}.", "{n} messages have not left since {time}.", values.n, values)}{" "}
      <a class="utrecht-link" href="/undelivered">
        {t("See why, and what to do")}
      </a>
    </Notice>
  );
}
