import { type ComponentChild, render } from "preact";

/** Draws a page's content. */
export function mount(content: ComponentChild): void {
  const place = document.getElementById("island");
  if (place) render(content, place);
}
