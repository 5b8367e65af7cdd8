import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { sizeWords } from "./size";
import { percentWords, t, tn } from "./text";
import { around, atTime, dayOf, minutesUntil, shortMoment, stamp } from "./time";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-04-24T14:45:00Z") }));
afterEach(() => void vi.useRealTimers());

describe("moments", () => {
  it("are those of the municipalities, wherever the browser is", () => {
    expect(atTime("2026-04-24T14:45:00Z")).toBe("16:45");
    expect(atTime("2026-01-24T14:45:00Z")).toBe("15:45");
    expect(dayOf("2026-04-24T22:30:00Z")).toBe("2026-04-25");
  });

  it("name the day only when it is another one", () => {
    expect(shortMoment("2026-04-24T14:45:00Z")).toBe("16:45");
    expect(shortMoment("2026-04-28T06:15:00Z")).toMatch(/^\w+ 28 \w+ 08:15$/);
  });

  it.each([
    ["2026-04-24T14:46:00Z", "around 16:50"],
    ["2026-04-25T06:15:00Z", "tomorrow around 08:15"],
    ["2026-04-24T21:58:00Z", "tomorrow around 00:00"],
    ["2026-04-28T06:11:00Z", "around 08:15"],
  ])("that are expected are rounded up to five minutes (%s)", (iso, words) => {
    expect(around(iso)).toContain(words);
  });

  it("stand in a file's name without a sign that a system refuses", () => {
    expect(stamp(Date.parse("2026-04-24T14:45:00Z"))).toBe("2026-04-24-1645");
  });

  it("are counted in minutes, also those that have passed", () => {
    const at = Date.parse("2026-04-24T14:45:00Z");
    expect([minutesUntil("2026-04-24T15:00:00Z", at), minutesUntil("2026-04-24T14:30:00Z", at)]).toEqual([15, -15]);
  });
});

test("a part of the whole is never rounded up to the goal", () => {
  expect([percentWords(79.99), percentWords(100), percentWords(null)]).toEqual(["79%", "100%", "–"]);
});

test("sizes are in the unit that people read", () => {
  expect([sizeWords(1), sizeWords(1024 * 1024 - 1), sizeWords(1.5 * 1024 * 1024)]).toEqual(["1 kB", "1024 kB", expect.stringMatching(/^1[.,]5 MB$/)]);
});

test("a text without a translation is itself, filled in; what is not known stays a gap", () => {
  expect(t("File: {name} ({size})", { name: "a.txt" })).toBe("File: a.txt ({size})");
  const files = (n: number) => tn("{n} file has been added.", "{n} files have been added.", n);
  expect([files(1), files(0)]).toEqual(["1 file has been added.", "0 files have been added."]);
});
