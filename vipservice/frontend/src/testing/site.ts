// A page's site with a test for a browser, a network and a server.

import { Shelf } from "../model/shelf";
import { Site } from "../stores/site";
import { FakeHttp } from "./http";
import { Memory } from "./memory";
import { FakeWire } from "./wire";

/** 24 April 2026, 16:45 in Amsterdam. */
export const NOW = Date.parse("2026-04-24T14:45:00Z");

export function siteFor(storage = new Memory(), person = "jeroen") {
  const wire = new FakeWire();
  const http = new FakeHttp();
  const window = new EventTarget();
  const went: string[] = [];
  const site = new Site({
    wire,
    fetch: http.fetch,
    window,
    person,
    shelf: new Shelf(storage, person),
    csrfToken: "token",
    clock: () => NOW,
    go: (path) => went.push(path),
  });
  return { site, wire, http, window, went, storage };
}

export type TestSite = ReturnType<typeof siteFor>;

/** What another tab of the same browser tells of a key it changed; null for all. */
export function toldByOtherTab({ window }: TestSite, key: string | null): void {
  window.dispatchEvent(Object.assign(new Event("storage"), { key }));
}

/** Lets everything that was answered be taken in. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};
