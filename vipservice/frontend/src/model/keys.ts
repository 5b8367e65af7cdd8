// Under which key words are sent: a lost answer must not make the same words a second message.

/** Whether the server looked at what was sent and will not have it. */
export function isDefinite({ status, retryAfter }: { status: number; retryAfter?: number }): boolean {
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status) && !retryAfter;
}

const PASSING = [0, 401, 408, 429, 502, 503, 504];

/** Whether the same may go well in a while, as it is: nobody need do anything about it. */
export function isPassing({ status, retryAfter }: { status: number; retryAfter?: number }): boolean {
  return PASSING.includes(status) || !!retryAfter;
}

export class Keys {
  private readonly lost = new Map<string, string>();

  constructor(private readonly fresh: () => string) {}

  /** The key of these words: the one of which nobody knows whether it arrived, or a new one. */
  of(words: string): string {
    return this.lost.get(words) ?? this.fresh();
  }

  /** No answer came: the same words again are the same message. */
  keep(words: string, key: string): void {
    this.lost.set(words, key);
  }

  /** It arrived, or was refused: the same words again are another message. */
  settle(key: string): void {
    for (const [words, kept] of this.lost) if (kept === key) this.lost.delete(words);
  }
}
