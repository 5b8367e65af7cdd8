// The one place that touches the browser's storage; a test sees to it.

import { removeLeft, removeWithoutOwner, Shelf, type Store, stay } from "../model/shelf";

/** The shelf of who is signed in; of nobody ("") it is empty, and whoever left is cleared away. */
export function openShelf(person: string, storage: Store = localStorage): Shelf {
  const shelf = new Shelf(storage, person);
  removeWithoutOwner(storage);
  if (person) stay(shelf);
  else removeLeft(storage);
  return shelf;
}
