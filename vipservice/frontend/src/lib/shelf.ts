// The one place that touches the browser's storage; a test sees to it.

import { removeLeft, removeWithoutOwner, Shelf, stay } from "../model/shelf";
import { person } from "./page";

export const shelf = new Shelf(localStorage, person);
removeWithoutOwner(localStorage);
if (person) stay(shelf);
else removeLeft(localStorage);

/**
 * Tells which of the person's own keys another tab changed; null when it may be any, as for a
 * page that rested while others wrote.
 */
export function onOtherTab(heard: (key: string | null) => void): void {
  addEventListener("storage", ({ key }) => {
    const own = key === null ? null : shelf.own(key);
    if (key === null || own !== null) heard(own);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) heard(null);
  });
}
