// What one person keeps in this browser: every key carries its owner. Free of the page.

/** What is used of the browser's storage. */
export interface Store {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const WITHOUT_OWNER = /^(draft:|outbox:|sound$)/;

export class Shelf {
  private readonly prefix: string;

  constructor(
    private readonly store: Store,
    private readonly person: string,
  ) {
    this.prefix = `vip:${person}:`;
  }

  get(key: string): string {
    return this.store.getItem(this.prefix + key) ?? "";
  }

  /** Keeps it; an empty value takes no place. */
  set(key: string, value: string): void {
    if (!value) this.store.removeItem(this.prefix + key);
    if (!value || !this.person) return;
    try {
      this.store.setItem(this.prefix + key, value);
    } catch {
      // The storage is full: the words live as long as the page.
    }
  }

  /** The person's own keys that begin like this. */
  keys(start = ""): string[] {
    return all(this.store)
      .map((stored) => this.own(stored))
      .filter((key) => key !== null)
      .filter((key) => key.startsWith(start));
  }

  /** A key as it is stored, without its owner; null when somebody else owns it. */
  own(stored: string): string | null {
    return stored.startsWith(this.prefix) ? stored.slice(this.prefix.length) : null;
  }

  /** Removes what this person has here, and nothing of a colleague. */
  clear(): void {
    for (const key of this.keys()) this.set(key, "");
  }
}

const LEFT = "left";

/** The person leaves for good: what is here goes as soon as nobody is signed in any more. */
export function leave(shelf: Shelf): void {
  shelf.set(LEFT, "yes");
}

/** The person is still here: signing out did not succeed. */
export function stay(shelf: Shelf): void {
  shelf.set(LEFT, "");
}

/** Removes everything of whoever left; asked by a page of nobody. */
export function removeLeft(store: Store): void {
  const found = all(store).map((stored) => new RegExp(`^vip:(.+):${LEFT}$`).exec(stored)?.[1]);
  for (const person of found) if (person) new Shelf(store, person).clear();
}

/** Removes what an earlier version kept: nobody knows whose words those were. */
export function removeWithoutOwner(store: Store): void {
  for (const key of all(store).filter((one) => WITHOUT_OWNER.test(one))) store.removeItem(key);
}

function all(store: Store): string[] {
  return Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
}
