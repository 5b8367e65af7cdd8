import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { type TestSite, settled, siteFor } from "../testing/site";

let here: TestSite;
const connection = () => here.site.session.connection.peek();

beforeEach(() => {
  vi.useFakeTimers();
  here = siteFor();
});
afterEach(() => vi.useRealTimers());

test("a page says what the line does", () => {
  expect(connection()).toBe("connecting");
  here.wire.opens();
  expect(connection()).toBe("connected");
  here.wire.drops();
  expect(connection()).toBe("lost");
});

test("a browser without a network is told at once; with one again it takes another line", () => {
  here.wire.opens();
  here.window.dispatchEvent(new Event("offline"));
  expect(connection()).toBe("lost");
  here.window.dispatchEvent(new Event("online"));
  expect(here.wire.disconnect).toHaveBeenCalledOnce();
  expect(here.wire.connect).toHaveBeenCalledOnce();
});

test("anything that comes shows that a line which was doubted is good", () => {
  here.wire.opens();
  here.window.dispatchEvent(new Event("offline"));
  here.wire.hears("come", { by: "Sanne" });
  expect(connection()).toBe("connected");
});

test("nothing is told over a line that is not there", () => {
  here.site.line.tell("typing", { chatId: "c", typing: true });
  expect(here.wire.sent).toEqual([]);
  here.wire.opens();
  here.site.line.tell("typing", { chatId: "c", typing: true });
  expect(here.wire.said("typing")).toEqual([{ chatId: "c", typing: true }]);
});

test("who no longer listens hears nothing", () => {
  const heard = vi.fn();
  const leave = here.site.line.on("come", heard);
  here.wire.hears("come", { by: "Sanne" });
  leave();
  here.wire.hears("come", { by: "Sanne" });
  expect(heard).toHaveBeenCalledOnce();
});

describe("a question", () => {
  it("is answered", async () => {
    here.wire.acknowledges("presence", () => ({ ok: true, status: "away", reason: "" }));
    here.wire.opens();
    expect(await here.site.line.ask("presence", { status: "away" })).toMatchObject({ ok: true, status: "away" });
  });

  it("is doubted after five seconds, and after ten another line is taken", async () => {
    here.wire.opens();
    const asked = here.site.line.ask("presence", { status: "away" });
    await vi.advanceTimersByTimeAsync(4999);
    expect(connection()).toBe("connected");
    await vi.advanceTimersByTimeAsync(1);
    expect(connection()).toBe("lost");
    await vi.advanceTimersByTimeAsync(5000);
    expect(await asked).toMatchObject({ ok: false, problem: { status: 0 } });
    expect(here.wire.connect).toHaveBeenCalledOnce();
  });

  it("that a newer line overtook takes no other one down", async () => {
    here.wire.opens();
    const asked = here.site.line.ask("presence", { status: "away" });
    here.wire.drops();
    here.wire.opens();
    await vi.advanceTimersByTimeAsync(10_000);
    await asked;
    expect(here.wire.connect).not.toHaveBeenCalled();
  });

  it("whose answer is about the session ends it", async () => {
    here.wire.acknowledges("presence", () => ({ ok: false, problem: { status: 401, title: "", detail: "Uitgelogd." } }));
    here.wire.opens();
    await here.site.line.ask("presence", { status: "away" });
    expect(here.site.session.goodbye.peek()).toBe("Uitgelogd.");
  });
});

describe("a server that will not have us", () => {
  it("because of who asks ends the page's session, and is not tried again", async () => {
    here.wire.refuses({ status: 401, title: "", detail: "U bent iemand anders." });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connection()).toBe("ended");
    expect(here.site.session.goodbye.peek()).toBe("U bent iemand anders.");
    expect(here.wire.connect).not.toHaveBeenCalled();
  });

  it("for another reason is tried again after five seconds", async () => {
    here.wire.refuses({ status: 429, title: "", detail: "Te vaak." });
    expect(connection()).toBe("lost");
    await vi.advanceTimersByTimeAsync(5000);
    expect(here.wire.connect).toHaveBeenCalledOnce();
  });

  it("by the library's own doing is left to the library", async () => {
    here.wire.refuses(undefined, true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(here.wire.connect).not.toHaveBeenCalled();
  });

  it("says goodbye: the line is closed and stays so", async () => {
    here.wire.opens();
    here.wire.hears("goodbye", { reason: "Uw account is uitgezet." });
    await settled();
    expect(here.wire.connected).toBe(false);
    here.window.dispatchEvent(new Event("online"));
    expect(here.wire.connect).not.toHaveBeenCalled();
    expect(here.site.session.goodbye.peek()).toBe("Uw account is uitgezet.");
  });
});
