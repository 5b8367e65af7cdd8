// The page's texts: t() and tn() are gettext and ngettext over the catalogue that the page loads.

type Values = Record<string, string | number>;

const { vipserviceTexts: texts = {} } = globalThis as { vipserviceTexts?: Record<string, string> };

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
