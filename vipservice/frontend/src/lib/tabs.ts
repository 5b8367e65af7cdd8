// The person's other tabs: what one of them keeps, the others hear.

import type { Shelf } from "../model/shelf";

export class Tabs {
  constructor(
    private readonly shelf: Shelf,
    private readonly window: EventTarget,
  ) {}

  /**
   * Tells which of the person's own keys another tab changed; null when it may be any, as for a
   * page that rested while others wrote.
   */
  hear(heard: (key: string | null) => void): void {
    this.window.addEventListener("storage", (event) => {
      const { key } = event as StorageEvent;
      const own = key === null ? null : this.shelf.own(key);
      if (key === null || own !== null) heard(own);
    });
    this.window.addEventListener("pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) heard(null);
    });
  }
}
