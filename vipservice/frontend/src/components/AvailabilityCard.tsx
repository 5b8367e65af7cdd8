import type { JSX } from "preact";
import { around, shortMoment } from "../lib/time";
import { t, tn } from "../lib/text";
import type { Availability } from "../model/types";
import { expectation } from "../model/waiting";
import { useSite } from "../stores/site";

/** Is the centre open, is somebody there, how long does it take: in that order, in words. */
export function AvailabilityCard({ desk }: { desk: Availability }): JSX.Element {
  const now = useSite().now.value;
  const kind = !desk.open ? "closed" : desk.staffed ? "open" : "busy";
  return (
    <section class={`availability availability--${kind}`} aria-live="polite">
      <p class="availability__state">
        <span class="availability__dot" aria-hidden="true">
          {{ open: "●", busy: "◐", closed: "○" }[kind]}
        </span>
        {headline(desk)}
      </p>
      <p class="availability__more">{explanation(desk, now)}</p>
    </section>
  );
}

function headline(desk: Availability): string {
  if (!desk.open) return t("The knowledge centre is closed");
  if (!desk.staffed) return t("The knowledge centre is open, nobody is free right now");
  return t("The knowledge centre is open, a specialist is there");
}

function explanation(desk: Availability, now: number): string {
  const expected = expectation(desk, now, { moment: shortMoment, around });
  if (!desk.open) return expected;
  const waiting = desk.waiting
    ? tn("{n} question is waiting.", "{n} questions are waiting.", desk.waiting)
    : t("No questions are waiting.");
  return `${waiting} ${expected}`;
}
