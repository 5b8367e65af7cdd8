import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { Shelf } from "../model/shelf";
import { Memory } from "../testing/memory";
import { openShelf } from "./shelf";
import { askBeforeSigningOut } from "./signing-out";
import { keepThePage } from "./stray-files";

let shelf: Shelf;
let storage: Memory;
const showModal = vi.fn();

function page(): HTMLFormElement {
  document.body.innerHTML = `
    <form data-sign-out><button>Uitloggen</button></form>
    <dialog id="unsent"><p data-one="Nog {n} gesprek." data-many="Nog {n} gesprekken."></p><button data-discard></button></dialog>`;
  const dialog = document.querySelector("dialog") as HTMLDialogElement;
  dialog.showModal = showModal;
  askBeforeSigningOut(shelf);
  return document.querySelector("form") as HTMLFormElement;
}

const leaves = (form: HTMLFormElement) => form.dispatchEvent(new Event("submit", { cancelable: true }));

beforeEach(() => {
  showModal.mockClear();
  storage = new Memory();
  shelf = new Shelf(storage, "jeroen");
});

afterEach(() => {
  document.body.innerHTML = "";
});

describe("signing out", () => {
  it("goes at once when nothing waits", () => {
    expect(leaves(page())).toBe(true);
    expect(showModal).not.toHaveBeenCalled();
  });

  it.each([
    [["draft:c:everyone"], "Nog 1 gesprek."],
    [["draft:c:centre", "outbox:d:1"], "Nog 2 gesprekken."],
  ])("asks while words wait (%o)", (keys, words) => {
    for (const key of keys) shelf.set(key, "half");
    expect(leaves(page())).toBe(false);
    expect(document.querySelector("dialog p")?.textContent).toBe(words);
  });

  it("leaves nothing behind once the person says so", () => {
    shelf.set("draft:c:everyone", "half");
    new Shelf(storage, "klarinda").set("draft:c:everyone", "van een ander");
    const form = page();
    form.submit = vi.fn();
    leaves(form);
    document.querySelector<HTMLButtonElement>("[data-discard]")?.click();
    expect(form.submit).toHaveBeenCalledOnce();
    openShelf("", storage);
    expect([...storage.keys()]).toEqual(["vip:klarinda:draft:c:everyone"]);
  });

  it("needs no dialog on a page without one", () => {
    document.body.innerHTML = "";
    expect(() => askBeforeSigningOut(shelf)).not.toThrow();
  });
});

test("a file that is dropped beside a composer does not take the page's place", () => {
  keepThePage();
  const drop = (types: string[]) => {
    const event = Object.assign(new Event("drop", { cancelable: true }), { dataTransfer: { types, dropEffect: "copy" } });
    dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect([drop(["Files"]), drop(["text/plain"])]).toEqual([true, false]);
});
