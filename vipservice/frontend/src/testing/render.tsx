// Draws a component on a page of its own, as a person finds it: by what it says.

import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { SiteProvider } from "../stores/site";
import { Workbench, WorkbenchProvider, type WorkbenchState } from "../stores/workbench";
import { meOf } from "./shapes";
import { settled, siteFor, type TestSite } from "./site";

export { cleanup, fireEvent, screen };

export function draw(content: ComponentChild, here: TestSite = siteFor()): TestSite {
  render(<SiteProvider value={here.site}>{content}</SiteProvider>);
  return here;
}

/** A panel on the workbench of Sanne. */
export function drawPanel(panel: (workbench: Workbench) => ComponentChild, state: Partial<WorkbenchState> = {}, here = siteFor(undefined, "sanne")) {
  const workbench = new Workbench(here.site, {
    me: meOf("specialist"), maxChats: 2, presence: "available", waiting: [], own: [], specialists: [], teams: [], ...state,
  });
  draw(<WorkbenchProvider value={workbench}>{panel(workbench)}</WorkbenchProvider>, here);
  return { here, workbench };
}

/** Something happens; what came of it, and of what that asked, is on the page. */
export async function happens(step: () => unknown): Promise<void> {
  await act(async () => {
    await step();
    await settled();
  });
  await act(settled);
}

export const click = (name: string | RegExp): Promise<void> =>
  happens(() => fireEvent.click(screen.getByRole("button", { name })));

export const type = (label: string | RegExp, value: string): Promise<void> =>
  happens(() => fireEvent.input(screen.getByLabelText(label), { target: { value } }));

/** What the page says, in one line. */
export const said = (): string => (document.body.textContent ?? "").replace(/\s+/g, " ").trim();
