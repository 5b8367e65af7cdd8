// Times for people, in the zone of the municipalities.

import { language, serverNow } from "./page";
import { t } from "./text";

const FIVE_MINUTES = 300_000;
const DAY = 86_400_000;

const zone = "Europe/Amsterdam";
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language, { timeZone: zone, ...options });

const clock = format({ hour: "2-digit", minute: "2-digit" });
const dayName = format({ weekday: "long", day: "numeric", month: "long" });
const shortDayFormat = format({ weekday: "short", day: "numeric", month: "short" });
const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
const clockKey = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });

export const atTime = (iso: string) => clock.format(Date.parse(iso));
export const atDay = (iso: string) => dayName.format(Date.parse(iso));
export const shortDay = (iso: string) => shortDayFormat.format(Date.parse(iso));
export const dayOf = (iso: string) => dayKey.format(Date.parse(iso));

/** A moment for in a file name: 2026-11-25-1405. */
export const stamp = (at: number) => `${dayKey.format(at)}-${clockKey.format(at).replace(":", "")}`;

/** "14:05" today, "ma 3 feb 14:05" on another day. */
export function shortMoment(iso: string): string {
  const today = dayKey.format(serverNow());
  return dayOf(iso) === today ? atTime(iso) : `${shortDay(iso)} ${atTime(iso)}`;
}

/** "rond 14:05" today, "morgen rond 08:15", "ma 3 feb rond 08:15": up to the next five minutes. */
export function around(iso: string): string {
  const at = new Date(Math.ceil(Date.parse(iso) / FIVE_MINUTES) * FIVE_MINUTES).toISOString();
  const time = atTime(at);
  const day = dayOf(at);
  if (day === dayKey.format(serverNow())) return t("around {time}", { time });
  return day === dayKey.format(serverNow() + DAY)
    ? t("tomorrow around {time}", { time })
    : t("{day} around {time}", { day: shortDay(at), time });
}

/** What a field for day and time holds, as the instant that it is on this device. */
export const localMoment = (value: string) => new Date(value).toISOString();

/** "14:30" as that time today on this device. */
export function todayAt(time: string): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return new Date(new Date(serverNow()).setHours(hours, minutes, 0, 0)).toISOString();
}

/** ": overleg, tot 14:30", as far as somebody told it. */
export function presenceWords({ reason, until }: { reason: string; until: string | null }): string {
  const told = [reason, until && t("until {time}", { time: atTime(until) })].filter(Boolean);
  return told.length ? `: ${told.join(", ")}` : "";
}

export function minutesUntil(iso: string, at: number): number {
  return (Date.parse(iso) - at) / 60_000;
}
