// What is known of an incident. Free of the page.

import type { Incident } from "./types";

/** Once done nothing more comes of it by itself. */
export const isDone = ({ progress }: Incident): boolean =>
  progress === "solved" || progress === "closed" || progress === "cancelled";
