// What every page has: its session, its line, and what is being written on it.

import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Api } from "../lib/api";
import { Session } from "../lib/session";
import { Tabs } from "../lib/tabs";
import { Composing } from "../live/composing";
import { Line, type Wire } from "../live/line";
import type { Parts } from "../live/parts";
import type { Shelf } from "../model/shelf";

/** What a page is in: the browser, or a test. */
export interface Surroundings {
  readonly wire: Wire;
  readonly fetch: typeof globalThis.fetch;
  readonly shelf: Shelf;
  readonly window: EventTarget;
  /** The id of who is signed in; "" for nobody. */
  readonly person: string;
  readonly csrfToken: string;
  /** Now by the server's clock, in milliseconds. */
  readonly clock: () => number;
  /** Goes to another page. */
  readonly go: (path: string) => void;
}

const SECOND = 1000;

export class Site implements Parts {
  readonly session = new Session();
  readonly api: Api;
  readonly line: Line;
  readonly shelf: Shelf;
  readonly tabs: Tabs;
  readonly clock: () => number;
  readonly composing: Composing;
  /** Now, in milliseconds; renews itself every second. */
  readonly now: Signal<number>;
  readonly go: (path: string) => void;

  constructor({ wire, fetch, shelf, window, person, csrfToken, clock, go }: Surroundings) {
    this.api = new Api(this.session, { "X-CSRF-Token": csrfToken, "X-Person": person }, fetch);
    this.line = new Line(wire, this.session, window);
    this.shelf = shelf;
    this.tabs = new Tabs(this.shelf, window);
    this.clock = clock;
    this.composing = new Composing(this);
    this.now = signal(clock());
    this.go = go;
    setInterval(() => (this.now.value = clock()), SECOND);
    window.addEventListener("beforeunload", (event) => {
      if (this.composing.hasFiles) event.preventDefault();
    });
  }
}

const Here = createContext<Site | null>(null);
export const SiteProvider = Here.Provider;

/** The site of the page that a component stands on. */
export function useSite(): Site {
  const site = useContext(Here);
  if (!site) throw new Error("a component stands outside its page");
  return site;
}
