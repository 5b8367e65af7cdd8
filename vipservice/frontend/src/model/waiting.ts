// What somebody who asks can expect of the desk, in words: the same on every page. Free of the page.

import { t } from "../lib/text";
import type { Availability, Chat } from "./types";

/** How moments are written: "14:05" or "ma 3 feb 14:05", and "morgen rond 08:15". */
export interface Clock {
  moment: (iso: string) => string;
  around: (iso: string) => string;
}

const MINUTE = 60_000;
const AT_ONCE = 2;
const IN_MINUTES = 60;

/** Whether a moment is as good as there: nobody can be told to be there before it. */
export function isNow(iso: string, at: number): boolean {
  return Date.parse(iso) - at < MINUTE;
}

/** How long it takes before a question that is asked now is picked up. */
export function expectation(desk: Availability, at: number, clock: Clock): string {
  if (!desk.open) return opening(desk, clock);
  if (!desk.staffed) return t("Nobody can pick it up at this moment; how long it takes is not known.");
  return desk.expectedWait
    ? likely(desk.expectedWait.at, at, clock)
    : t("We pick up your question within 30 minutes of opening time.");
}

function likely(iso: string, at: number, clock: Clock): string {
  const minutes = Math.round((Date.parse(iso) - at) / MINUTE);
  if (minutes <= AT_ONCE) return t("You can expect a specialist at once.");
  return minutes <= IN_MINUTES
    ? t("You can expect a specialist in about {n} minutes.", { n: minutes })
    : t("You can expect a specialist {time}.", { time: clock.around(iso) });
}

function opening(desk: Availability, clock: Clock): string {
  return desk.nextOpening
    ? t("We open {time}. You can ask your question now; the 30 minutes start when we open.", {
        time: clock.moment(desk.nextOpening),
      })
    : t("You can ask your question now; we pick it up when we open.");
}

/**
 * What is said to who waits: the promise as long as it is likely to be kept, else what is likely
 * (`expectedAt`, of this chat), or that nobody knows.
 */
export function waitingWords(
  { pickup, expectedAt }: { pickup: Chat["pickup"]; expectedAt: string | null },
  desk: Availability,
  at: number,
  clock: Clock,
): string {
  const due = pickup?.dueAt;
  const queued = t("You are in the queue.");
  if (due && Date.parse(due) <= at) {
    return t("It takes longer than promised. Your question is at the front of the queue.");
  }
  if (!due || (desk.open && !desk.staffed)) return `${queued} ${expectation(desk, at, clock)}`;
  if (desk.open && expectedAt && Date.parse(expectedAt) > Date.parse(due)) {
    return `${queued} ${likely(expectedAt, at, clock)}`;
  }
  return isNow(due, at)
    ? t("You are in the queue. A specialist comes any moment.")
    : t("You are in the queue. A specialist comes before {time}.", { time: clock.moment(due) });
}
