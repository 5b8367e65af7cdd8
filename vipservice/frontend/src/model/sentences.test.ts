// The same golden file as tests/rules/test_sentences.py: the pages say what mails and transcripts say.

import { describe, expect, it } from "vitest";
import cases from "../../../../tests/data/sentences.json";
import po from "../../../translations/nl/LC_MESSAGES/sentences.po?raw";
import { type Facts, type Reader, tell } from "./sentences";

const quoted = (part: string) => [...part.matchAll(/"(.*)"/g)].map((one) => JSON.parse(one[0]) as string).join("");
const dutch = new Map(
  [...po.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm)].map((one) => [quoted(one[1] ?? ""), quoted(one[2] ?? "")]),
);
const format = new Intl.DateTimeFormat("nl-NL", {
  timeZone: "Europe/Amsterdam",
  day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit",
});
const moment = (iso: string) => format.format(Date.parse(iso)).replace(", ", " ");

describe.each(cases)("$kind for $reader", ({ kind, reader, facts, tone, nl, en }) => {
  const told = (say: (id: string) => string) => tell(kind, reader as Reader, facts as Facts, { say, moment });

  it("says it in Dutch", () => expect(told((id) => dutch.get(id) ?? id)?.parts).toEqual(nl));
  it("says it in English", () => expect(told((id) => id)).toMatchObject({ parts: en, tone }));
});

it("says nothing of a kind that it does not know", () => {
  expect(tell("message", "centre", {}, { say: (id) => id, moment })).toBeNull();
});
