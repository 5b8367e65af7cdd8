import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chatOf, meOf } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { Alarm } from "./alarm";
import { Workbench } from "./workbench";

const EVERY = 20_000;
const state = { me: meOf("specialist"), maxChats: 2, own: [], specialists: [], teams: [] };
let here: TestSite;
let workbench: Workbench;
const ring = vi.fn();

function alarmFor(presence: "available" | "away", waiting = [chatOf()]): Alarm {
  workbench = new Workbench(here.site, { ...state, presence, waiting });
  return new Alarm(workbench, ring);
}
const queue = (...names: string[]) =>
  here.wire.hears("queue", { waiting: names.map((id) => chatOf({ id })), callbacks: [] });

beforeEach(() => {
  vi.useFakeTimers();
  ring.mockClear();
  here = siteFor();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("rings for a chat that is new, not for those that waited already", () => {
  alarmFor("available");
  expect(ring).not.toHaveBeenCalled();
  queue("c", "d");
  expect(ring).toHaveBeenCalledOnce();
  queue("d");
  expect(ring).toHaveBeenCalledOnce();
});

test("the tab says how many wait", () => {
  alarmFor("available");
  expect(document.title).toMatch(/^\(1\) /);
  queue();
  expect(document.title).not.toMatch(/\(/);
});

test("repeats while somebody waits and the specialist is there", () => {
  alarmFor("available");
  vi.advanceTimersByTime(2 * EVERY);
  expect(ring).toHaveBeenCalledTimes(2);
  workbench.presence.value = "away";
  vi.advanceTimersByTime(EVERY);
  expect(ring).toHaveBeenCalledTimes(2);
  workbench.presence.value = "available";
  queue();
  vi.advanceTimersByTime(EVERY);
  expect(ring).toHaveBeenCalledTimes(2);
});

test("is quiet when that was chosen, also after a reload", () => {
  alarmFor("available").toggleSound();
  queue("c", "d");
  expect(ring).not.toHaveBeenCalled();
  const again = alarmFor("available");
  expect(again.sound.peek()).toBe(false);
  again.toggleSound();
  expect([again.sound.peek(), ring.mock.calls.length]).toEqual([true, 1]);
});

test("tells who looks elsewhere, once they allowed it", async () => {
  const shown = vi.fn();
  class FakeNotification {
    static permission = "default";
    static requestPermission = async () => "granted";
    constructor(title: string, options: NotificationOptions) {
      shown(title, options);
    }
  }
  vi.stubGlobal("Notification", FakeNotification);
  const alarm = alarmFor("available", []);
  queue("c");
  await alarm.askForNotifications();
  queue("c", "d");
  expect(shown).not.toHaveBeenCalled();
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  queue("c", "d", "e");
  expect(shown.mock.calls[0]?.[1]).toMatchObject({ body: "Amersfoort: Adres wijzigen", tag: "waiting" });
});
