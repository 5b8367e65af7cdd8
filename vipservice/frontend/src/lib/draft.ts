// Drafts that outlive the page.

import { effect, type Signal, signal } from "@preact/signals";

/** A text that is kept under this key until it is empty again. */
export function keptDraft(key: string): Signal<string> {
  const draft = signal(localStorage.getItem(`draft:${key}`) ?? "");
  effect(() => {
    if (draft.value) localStorage.setItem(`draft:${key}`, draft.value);
    else localStorage.removeItem(`draft:${key}`);
  });
  return draft;
}
