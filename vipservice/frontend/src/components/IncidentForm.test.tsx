import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { Refused } from "../lib/api";
import type { Draft, Incident, Side } from "../model/types";
import { refusal } from "../testing/http";
import { cleanup, click, draw, fireEvent, happens, said, screen, type } from "../testing/render";
import { draftOf, incidentOf } from "../testing/shapes";
import { siteFor, type TestSite } from "../testing/site";
import { IncidentCard } from "./IncidentCards";
import { type Edited, IncidentForm } from "./IncidentForm";

let here: TestSite;
const onSubmit = vi.fn<(edited: Edited) => Promise<void>>();
const value = (label: string) => (screen.getByLabelText(label) as HTMLInputElement).value;

function Form({ draft, onSource }: { draft: { value: Draft }; onSource?: (seq: number) => void }) {
  return <IncidentForm draft={draft.value} sendWords="Verstuur" onSubmit={onSubmit} {...(onSource && { onSource })} />;
}

beforeEach(() => {
  here = siteFor();
  onSubmit.mockReset().mockResolvedValue(undefined);
});
afterEach(cleanup);

describe("the form", () => {
  it("is filled in, and sends what was mended", async () => {
    draw(<Form draft={signal(draftOf({ because: ["iedereen"] }))} />, here);
    expect(said()).toContain("Proposed because of: iedereen");
    await type("Title", "Beter");
    for (const [label, chosen] of [["Impact", "organisation"], ["Urgency", "high"]] as const) {
      await happens(() => fireEvent.change(screen.getByLabelText(label), { target: { value: chosen } }));
    }
    await type("Phone number to call back", "033 1");
    await type("Category", "BRP-A");
    await click("Verstuur");
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
      title: "Beter", description: draftOf().description, category: "BRP-A",
      impact: "organisation", urgency: "high", phone: "033 1",
    });
  });

  it("follows a new draft where nobody wrote, and keeps what somebody wrote", async () => {
    const draft = signal(draftOf());
    draw(<Form draft={draft} />, here);
    await type("Title", "Mijn titel");
    await happens(() => {
      draft.value = draftOf({ title: "Andere titel", description: "Minder berichten." });
    });
    expect([value("Title"), value("Description")]).toEqual(["Mijn titel", "Minder berichten."]);
  });

  it("says what is wrong at each field, and keeps the words", async () => {
    const problem = refusal(400, "Niet alles is goed ingevuld.", { errors: [{ field: "phone", detail: "Dit is geen nummer." }] }).body;
    onSubmit.mockRejectedValueOnce(new Refused(problem));
    draw(<Form draft={signal(draftOf())} />, here);
    await type("Title", "Beter");
    await click("Verstuur");
    expect(said()).toContain("Niet alles is goed ingevuld.");
    expect(document.getElementById("incident-phone-problem")?.textContent).toBe("Dit is geen nummer.");
    expect(value("Title")).toBe("Beter");
    await click("Verstuur");
    expect(said()).not.toContain("Niet alles");
  });

  it("is sent once, however often it is clicked", async () => {
    onSubmit.mockReturnValue(new Promise(() => undefined));
    draw(<Form draft={signal(draftOf())} />, here);
    await click("Verstuur");
    await click("Verstuur");
    expect(onSubmit).toHaveBeenCalledOnce();
  });

  it("leads from what was found to where it was said", async () => {
    const shown = vi.fn();
    draw(<Form draft={signal(draftOf({ found: [{ kind: "error", text: "UIT-5031", seq: 4 }] }))} onSource={shown} />, here);
    expect(said()).toContain("Error message");
    await click("message 4");
    expect(shown).toHaveBeenCalledWith(4);
  });
});

describe("the card of an incident", () => {
  const card = (incident: Partial<Incident>, side: Side) =>
    draw(<IncidentCard incident={incidentOf(incident)} side={side} />, here);

  it("links to the system for the centre alone, and only where it is an address", () => {
    card({}, "centre");
    expect(screen.getByRole("link").getAttribute("href")).toBe("https://systeem.example/INC1");
    cleanup();
    card({}, "requester");
    card({ url: "javascript:alert(1)" }, "centre");
    expect(screen.queryByRole("link")).toBeNull();
  });

  it.each([
    ["how far it is", { progress: "in_progress" as const }, "Incident INC 1: being worked on"],
    ["the system's own word", { progress: "solved" as const, statusWords: "Gereed gemeld" }, "(Gereed gemeld)"],
    ["that it is being made", { state: "pending" as const }, "The incident is being made."],
    ["that it is not followed any more", { followed: false }, "not followed any more"],
  ])("says %s", (_, incident, words) => {
    card(incident, "requester");
    expect(said()).toContain(words);
  });

  it.each([
    ["why there is none yet", { state: "pending" as const, problem: "HTTP 503" }, "we keep trying: HTTP 503"],
    ["what did not get there", { problem: "Bestand geweigerd" }, "Not everything is there yet: Bestand geweigerd"],
    ["what was dropped", { dropped: ["De bijlage te.zip"] }, "De bijlage te.zip"],
    ["that the ticket is gone", { followed: false, goneAt: "2026-04-24T14:45:00Z", problem: "404" }, "not there any more in the ticketing system"],
    ["that it was added", { added: true }, "added to the incident of another one"],
  ])("tells the centre, and nobody else, %s", (_, incident, words) => {
    card(incident, "centre");
    expect(said()).toContain(words);
    cleanup();
    card(incident, "requester");
    expect(said()).not.toContain(words);
  });

  it("that was refused says so in the system's words, and can be mended", async () => {
    card({ state: "refused", problem: "Categorie onbekend" }, "centre");
    expect(said()).toContain("refused the incident: Categorie onbekend");
    here.http.on("GET /incidents/i/draft", refusal(403, "Dit mag u niet lezen."));
    await click("Mend and send again");
    expect(said()).toContain("Dit mag u niet lezen.");
    here.http.on("GET /incidents/i/draft", { body: draftOf() });
    await click("Mend and send again");
    await type("Category", "BRP-A");
    here.http.on("POST /incidents/i/deliveries", { body: {} });
    await click("Send again");
    expect(here.http.last.body).toMatchObject({ category: "BRP-A" });
    expect(screen.queryByLabelText("Category")).toBeNull();
  });

  it("that was refused is being made, for who asked", () => {
    card({ state: "refused", problem: "Categorie onbekend" }, "requester");
    expect(said()).not.toContain("Categorie");
  });
});

test("the words of the progress are those of the transcript", async () => {
  const { progressWords } = await import("./sentences");
  expect([progressWords(null), progressWords("unknown")]).toEqual(["", progressWords("unknown")]);
});
