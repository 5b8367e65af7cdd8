import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, Refused } from "../lib/api";
import { tn } from "../lib/text";
import { shortMoment } from "../lib/time";
import type { Undelivered } from "../model/types";
import { t } from "../lib/text";
import { Notice } from "./Notice";

const AGAIN = 60_000;
const PATIENCE = 5 * 60_000;

/** An alarm when something has not left for more than five minutes. */
export function UndeliveredNotice(): JSX.Element | null {
  const items = useSignal<readonly Undelivered[]>([]);
  useEffect(() => {
    const look = () =>
      get<{ items: Undelivered[] }>("/undelivered")
        .then((answer) => (items.value = answer.items))
        .catch((error: unknown) => {
          if (!(error instanceof Refused)) throw error;
        });
    void look();
    const timer = setInterval(() => void look(), AGAIN);
    return () => clearInterval(timer);
  }, [items]);
  const late = items.value.filter(({ createdAt }) => Date.now() - Date.parse(createdAt) > PATIENCE);
  const [oldest] = late;
  if (!oldest) return null;
  const values = { n: late.length, time: shortMoment(oldest.createdAt) };
  return (
    <Notice kind="warning" role="status">
      {tn("{n} message has not left since {time}.", "{n} messages have not left since {time}.", late.length, values)}{" "}
      <a class="utrecht-link" href="/undelivered">
        {t("See why, and what to do")}
      </a>
    </Notice>
  );
}
