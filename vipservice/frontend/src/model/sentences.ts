// What happened, in words: fills the templates of rules/sentences.json as rules/sentences.py does.

import file from "../../../rules/sentences.json";

export type Facts = Record<string, unknown>;
export type Reader = "centre" | "requester" | "subject" | "mail";
export type Tone = "plain" | "good" | "warning" | "late";
type Wanted = true | string | string[];

interface Template {
  kind: string;
  reader?: Reader;
  when?: Record<string, Wanted>;
  tone?: Tone;
  link?: string;
  says: string[];
}

export interface Told {
  parts: string[];
  tone: Tone;
  /** The fact that holds an address, or "". */
  link: string;
}

export interface Words {
  /** A message id in the reader's language. */
  say: (id: string) => string;
  moment: (iso: string) => string;
}

const templates = file.templates as Template[];
const known: Record<string, Record<string, string>> = file.words;
const gap = /\{(\w+)\}/g;

export function tell(kind: string, reader: Reader, facts: Facts, words: Words): Told | null {
  const template = templates.find((one) => fits(one, kind, reader, facts));
  if (!template) return null;
  const value = (name: string) => filled(name, facts[name], words);
  const parts = template.says
    .filter((part, place) => place === 0 || [...part.matchAll(gap)].every((one) => value(one[1] ?? "")))
    .map((part) => words.say(part).replace(gap, (_, name: string) => value(name)));
  return { parts, tone: template.tone ?? "plain", link: template.link ?? "" };
}

const fits = (one: Template, kind: string, reader: Reader, facts: Facts) =>
  one.kind === kind &&
  (one.reader ?? reader) === reader &&
  Object.entries(one.when ?? {}).every(([name, wanted]) => is(facts[name], wanted));

function is(value: unknown, wanted: Wanted): boolean {
  if (wanted === true) return Boolean(value);
  return Array.isArray(wanted) ? wanted.includes(value as string) : value === wanted;
}

function filled(name: string, value: unknown, { say, moment }: Words): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return (value as { name?: string }).name ?? "";
  if (value && file.moments.includes(name)) return moment(String(value));
  return wordFor(name, String(value), say) || String(value);
}

/** The word for a value that has one, else "". */
export function wordFor(name: string, value: string, say: Words["say"]): string {
  const id = known[name]?.[value];
  return id ? say(id) : "";
}
