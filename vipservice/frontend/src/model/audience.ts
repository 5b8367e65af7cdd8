// Who reads what is being written. Free of the page.

import type { Visibility } from "./types";

/** In which mode a composer opens: an unsent note comes back as a note, unless an answer waits. */
export function opening(waits: (visibility: Visibility) => boolean): Visibility {
  return waits("centre") && !waits("everyone") ? "centre" : "everyone";
}
