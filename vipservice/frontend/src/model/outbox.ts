// What was typed and not yet acknowledged; kept across reloads. Free of the page.

export interface Pending {
  clientId: string;
  body: string;
  at: string;
  problem: string;
}

/** How many may be on their way at once: a whole outage's worth would be a storm. */
export const WINDOW = 16;

export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function load(shelf: Shelf, chatId: string): Pending[] {
  try {
    return JSON.parse(shelf.getItem(`outbox:${chatId}`) ?? "[]") as Pending[];
  } catch {
    return [];
  }
}

export function keep(shelf: Shelf, chatId: string, pending: readonly Pending[]): void {
  if (pending.length) shelf.setItem(`outbox:${chatId}`, JSON.stringify(pending));
  else shelf.removeItem(`outbox:${chatId}`);
}

export function without(pending: readonly Pending[], clientId: string | null): Pending[] {
  return pending.filter((item) => item.clientId !== clientId);
}

export function failed(
  pending: readonly Pending[],
  clientId: string,
  problem: string,
): Pending[] {
  return pending.map((item) => (item.clientId === clientId ? { ...item, problem } : item));
}

/** The next ones to send: in order, none that was refused, and no more than the window. */
export function sendable(pending: readonly Pending[], onTheirWay: ReadonlySet<string>): Pending[] {
  const room = WINDOW - onTheirWay.size;
  return pending
    .filter((item) => !item.problem && !onTheirWay.has(item.clientId))
    .slice(0, Math.max(room, 0));
}
