import type { Api } from "../lib/api";
import type { Session } from "../lib/session";
import type { Tabs } from "../lib/tabs";
import type { Shelf } from "../model/shelf";
import type { Line } from "./line";

/** What the models of a page are made with. */
export interface Parts {
  readonly session: Session;
  readonly api: Api;
  readonly line: Line;
  readonly shelf: Shelf;
  readonly tabs: Tabs;
  /** Now by the server's clock, in milliseconds. */
  readonly clock: () => number;
}
