// Opens a page: its site in this browser, and its content where the server left room.

import { type ComponentChild, h, render } from "preact";
import { io } from "socket.io-client";
import { csrfToken, person, serverNow } from "../lib/page";
import { openShelf } from "../lib/shelf";
import { Site, SiteProvider } from "../stores/site";

/** Milliseconds at most between two attempts to reach the server. */
const AGAIN_AFTER = 5000;

/** Long-polling too, where a proxy lets no WebSocket through; `client` keeps it at one server. */
const connect = () =>
  io({
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    query: { client: crypto.randomUUID() },
    reconnectionDelayMax: AGAIN_AFTER,
    auth: { person },
  });

/** Draws what the page is made of. */
export function open(page: (site: Site) => ComponentChild): void {
  const site = new Site({
    wire: connect(),
    fetch: (...asked) => fetch(...asked),
    window,
    person,
    shelf: openShelf(person),
    csrfToken,
    clock: serverNow,
    go: (path) => location.assign(path),
  });
  const place = document.getElementById("island");
  if (place) render(h(SiteProvider, { value: site }, page(site)), place);
}
