// The page's texts: t() and tn() are gettext and ngettext over the catalogue in the page.

type Values = Record<string, string | number>;

function catalogue(): Record<string, string> {
  const element = globalThis.document?.getElementById("messages");
  return element ? (JSON.parse(element.textContent ?? "{}") as Record<string, string>) : {};
}

const texts = catalogue();

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function t(id: string, values: Values = {}): string {
  return fill(texts[id] ?? id, values);
}

/** A part in whole percents, down: what is almost the goal has not reached it. */
export function percentWords(value: number | null): string {
  return value === null ? "–" : `${Math.floor(value)}%`;
}

export function tn(one: string, many: string, n: number, values: Values = {}): string {
  const found = texts[`${one}|${n === 1 ? 0 : 1}`] ?? (n === 1 ? one : many);
  return fill(found, { n, ...values });
}
