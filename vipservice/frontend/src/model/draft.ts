// A draft that several tabs may have on screen: no tab wipes another's words. Free of the page.

/** What stands in a field, and what was kept when this tab last looked. */
export interface Held {
  readonly text: string;
  readonly seen: string;
}

/** Two texts, none of them lost, with an empty line between. */
export function joined(first: string, second: string): string {
  return first.trim() && second.trim() ? `${first}\n\n${second}` : first.trim() ? first : second;
}

/** Somebody typed here; what another tab kept unseen is put before it. */
export function typed({ seen }: Held, kept: string, text: string): string {
  return kept === seen || text.includes(kept) ? text : joined(kept, text);
}

/** Another tab kept something: it appears here, unless this field holds more than was kept. */
export function heard(held: Held, kept: string): Held {
  return held.text === held.seen ? { text: kept, seen: kept } : held;
}

/** What remains after sending: nothing, or what another tab wrote meanwhile. */
export function afterSending(kept: string, sent: string): string {
  return kept === sent ? "" : kept;
}
