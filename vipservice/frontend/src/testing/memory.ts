// A store for tests of what is kept in the browser's storage.

import type { Store } from "../model/shelf";

export class Memory extends Map<string, string> implements Store {
  get length(): number {
    return this.size;
  }
  key = (index: number) => [...this.keys()][index] ?? null;
  getItem = (key: string) => this.get(key) ?? null;
  setItem = (key: string, value: string) => void this.set(key, value);
  removeItem = (key: string) => void this.delete(key);
}
