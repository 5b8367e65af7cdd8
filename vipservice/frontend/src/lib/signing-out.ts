// Signing out while words wait that were not sent: the person decides, and leaves nothing behind.

import { leave, type Shelf } from "../model/shelf";
import { unsent } from "../model/unsent";

export function askBeforeSigningOut(shelf: Shelf): void {
  const form = document.querySelector<HTMLFormElement>("form[data-sign-out]");
  const dialog = document.querySelector<HTMLDialogElement>("#unsent");
  if (!form || !dialog) return;
  form.addEventListener("submit", (event) => {
    const count = unsent(shelf);
    if (!count) return;
    event.preventDefault();
    fill(dialog, count);
    dialog.showModal();
  });
  dialog.querySelector("[data-discard]")?.addEventListener("click", () => {
    leave(shelf);
    form.submit();
  });
}

function fill(dialog: HTMLDialogElement, count: number): void {
  const place = dialog.querySelector<HTMLElement>("[data-one]");
  if (!place) return;
  const words = (count === 1 ? place.dataset.one : place.dataset.many) ?? "";
  place.textContent = words.replace("{n}", String(count));
}
