// The files that wait in a composer: nothing of them is sent before "send". Free of the page.

export const MOST_BYTES = 10 * 1024 * 1024;

export interface Item {
  readonly id: string;
  readonly clientId: string;
  readonly file: File;
  readonly problem: string;
  readonly onItsWay: boolean;
}

/** What is wrong with a file before anybody has to look into it. */
export function fault({ size }: { size: number }): "empty" | "large" | null {
  if (size === 0) return "empty";
  return size > MOST_BYTES ? "large" : null;
}

interface Clipboard {
  types: readonly string[];
  files: Iterable<File>;
}

/** The files of a paste: none when there is text too, as Office puts a picture of every text. */
export function pasted({ types, files }: Clipboard): { files: File[]; ignored: boolean } {
  const given = [...files];
  const text = types.includes("text/plain") || types.includes("text/html");
  return { files: text ? [] : given, ignored: text && given.length > 0 };
}

/** A pasted screenshot is called "image.png": schermafdruk-2026-11-25-1405.png can be found again. */
export function readableName(name: string, screenshot: string, known: readonly string[]): string {
  const found = /^image(\.\w+)$/i.exec(name);
  if (!found) return name;
  const free = (n: number): string => {
    const tried = `${screenshot}${n > 1 ? `-${n}` : ""}${found[1]}`;
    return known.includes(tried) ? free(n + 1) : tried;
  };
  return free(1);
}

/** What can be sent now. */
export function sendable(items: readonly Item[]): Item[] {
  return items.filter(({ file, onItsWay }) => !fault(file) && !onItsWay);
}

export function changed(items: readonly Item[], id: string, change: Partial<Item>): Item[] {
  return items.map((item) => (item.id === id ? { ...item, ...change } : item));
}

export function without(items: readonly Item[], id: string): Item[] {
  return items.filter((item) => item.id !== id);
}

/** Which one the keyboard goes to when this one is removed. */
export function neighbour(items: readonly Item[], id: string): string | undefined {
  const index = items.findIndex((item) => item.id === id);
  return (items[index + 1] ?? items[index - 1])?.id;
}
