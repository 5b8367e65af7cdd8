// The words for twenty situations, for both sides. Their figures come from the server, see
// tests/services/test_situations.py.

import { describe, expect, it } from "vitest";
import figures from "../../../../tests/data/situations.json";
import { forecastWords } from "./forecasting";
import type { Chat, Desk, Forecast } from "./types";
import { type Clock, expectation, waitingWords } from "./waiting";

interface Situation {
  at: string;
  waiting: { pickup: NonNullable<Chat["pickup"]>; expectedAt: string | null }[];
  availability: Desk;
  forecast: Forecast;
}

const situations = figures as unknown as Record<string, Situation>;
const clock: Clock = { moment: (iso) => `[${iso}]`, around: (iso) => `around [${iso}]` };

function words({ at, waiting, availability, forecast }: Situation) {
  const now = Date.parse(at);
  const topic = availability.topics[0] ?? availability;
  return {
    start: expectation(topic, now, clock),
    chats: waiting.map((one) => waitingWords(one, topic, now, clock)),
    manager: forecastWords(forecast, 30, now, clock.moment),
  };
}

const SAID: Record<string, { start: RegExp; manager: RegExp }> = {
  "nobody there, nobody waits": { start: /not known/, manager: /^Nobody is waiting/ },
  "nobody there, three wait": { start: /not known/, manager: /^3 conv.* unless somebody joins before/ },
  "nobody there, one is late": { start: /not known/, manager: /^1 is too late already; 1 conv.* unless/ },
  "all late": { start: /in about 17 minutes/, manager: /^3 are too late already\.$/ },
  "all late and nobody there": { start: /not known/, manager: /^3 are too late already\.$/ },
  "some late, some will be": { start: /in about 41 minutes/, manager: /^2 are too late already; 4 conv.* unless 3 coll/ },
  "late by a minute": { start: /at once/, manager: /^1 is too late already\.$/ },
  "due this very minute": { start: /at once/, manager: /^1 is too late already\.$/ },
  "free at once": { start: /at once/, manager: /^Nobody is waiting/ },
  "one waits, one is free": { start: /at once/, manager: /in time\.$/ },
  "full, nobody waits": { start: /in about 8 minutes/, manager: /^Nobody is waiting/ },
  "full, ten wait": { start: /specialist around \[/, manager: /^6 conv/ },
  "two there, full": { start: /in about 6 minutes/, manager: /^Nobody is waiting/ },
  "closing in ten minutes": { start: /around \[2026-04-28/, manager: /in time\.$/ },
  "closing in ten minutes, full": { start: /around \[2026-04-28/, manager: /in time\.$/ },
  "closed, two wait": { start: /^We open \[2026-04-28/, manager: /closed/ },
  "all parked": { start: /at once/, manager: /in time\.$/ },
  "stuck for five hours": { start: /around \[/, manager: /^Nobody is waiting/ },
  "first day": { start: /within 30 minutes/, manager: /^Too few/ },
  "first day, late": { start: /within 30 minutes/, manager: /^1 is too late already\. Too few/ },
};

describe.each(Object.entries(situations))("%s", (name, situation) => {
  const said = words(situation);
  const all = [said.start, said.manager, ...said.chats];
  const now = Date.parse(situation.at);
  const { open, staffed } = situation.availability;

  it("is told in these words", () => {
    expect(said.start).toMatch(SAID[name]?.start ?? "nothing");
    expect(said.manager).toMatch(SAID[name]?.manager ?? "nothing");
  });

  it("names no time that has passed", () => {
    const times = all.flatMap((text) => [...text.matchAll(/\[([^\]]+)\]/g)].map(([, iso]) => Date.parse(iso ?? "")));
    for (const time of times) expect(time).toBeGreaterThan(now);
  });

  it("does not call in time who is late", () => {
    situation.waiting.forEach(({ pickup }, index) => {
      const late = Date.parse(pickup.dueAt) <= now;
      expect(said.chats[index]?.startsWith("It takes longer than promised") ?? false).toBe(late);
      if (late) expect(said.manager).toMatch(/too late already/);
    });
  });

  it("promises what is likely to be kept, else says what is likely, and nothing else", () => {
    situation.waiting.forEach(({ pickup, expectedAt }, index) => {
      const text = said.chats[index] ?? "";
      const late = Date.parse(pickup.dueAt) <= now;
      const doubtful = !late && expectedAt && Date.parse(expectedAt) > Date.parse(pickup.dueAt);
      if (doubtful) expect(text).toContain(`in about ${Math.round((Date.parse(expectedAt) - now) / 60_000)} minutes`);
      expect(/comes before|any moment/.test(text)).toBe(
        !late && !doubtful && (staffed || !open),
      );
    });
    if (open && !staffed) expect(all.join()).not.toMatch(/within 30|comes before/);
  });
});

it("has words for each situation", () => {
  expect(Object.keys(situations)).toEqual(Object.keys(SAID));
  expect(Object.keys(situations)).toHaveLength(20);
});
