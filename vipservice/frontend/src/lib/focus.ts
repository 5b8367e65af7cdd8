/** Takes the keyboard to the first of these that stands on the page, once it has been drawn. */
export function focusNext(...ids: string[]): void {
  requestAnimationFrame(() => {
    const found = ids.map((id) => document.getElementById(id)).find((one) => one?.offsetParent);
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: /^(entry|note)-/.test(found.id) ? "center" : "nearest" });
  });
}
