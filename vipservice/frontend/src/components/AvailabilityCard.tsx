import type { JSX } from "preact";
import { shortMoment } from "../lib/time";
import { t, tn } from "../lib/text";
import type { Availability } from "../model/types";

/** Is the centre open, is somebody there, how long does it take: in that order, in words. */
export function AvailabilityCard({ desk }: { desk: Availability }): JSX.Element {
  const kind = !desk.open ? "closed" : desk.staffed ? "open" : "busy";
  return (
    <section class={`availability availability--${kind}`} aria-live="polite">
      <p class="availability__state">
        <span class="availability__dot" aria-hidden="true">
          {{ open: "●", busy: "◐", closed: "○" }[kind]}
        </span>
        {headline(desk)}
      </p>
      <p class="availability__more">{explanation(desk)}</p>
    </section>
  );
}

function headline(desk: Availability): string {
  if (!desk.open) return t("The knowledge centre is closed");
  if (!desk.staffed) return t("The knowledge centre is open, nobody is free right now");
  return t("The knowledge centre is open, a specialist is there");
}

function explanation(desk: Availability): string {
  if (!desk.open) {
    const time = desk.nextOpening ? shortMoment(desk.nextOpening) : "";
    return time
      ? t("We open {time}. You can ask your question now; the 30 minutes start when we open.", { time })
      : t("You can ask your question now; we pick it up when we open.");
  }
  const waiting = desk.waiting
    ? tn("{n} question is waiting.", "{n} questions are waiting.", desk.waiting)
    : t("No questions are waiting.");
  return `${waiting} ${expectation(desk.expectedWaitMinutes)}`;
}

function expectation(minutes: number | null): string {
  if (minutes === null) return t("We pick up your question within 30 minutes of opening time.");
  if (minutes <= 1) return t("You can expect a specialist at once.");
  return t("You can expect a specialist in about {n} minutes.", { n: minutes });
}
