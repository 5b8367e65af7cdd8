import { expect, test } from "vitest";
import { Memory } from "../testing/memory";
import { siteFor, toldByOtherTab } from "../testing/site";

const KEY = "vip:jeroen:draft:c:everyone";

function twoTabs() {
  const storage = new Memory();
  const tabs = [siteFor(storage), siteFor(storage)] as const;
  const fields = tabs.map(({ site }) => site.composing.draftOf("c", "everyone"));
  return { storage, tabs, one: fields[0] as NonNullable<(typeof fields)[0]>, other: fields[1] as NonNullable<(typeof fields)[0]> };
}

test("what is typed is there after a reload, for who typed it", () => {
  const storage = new Memory();
  siteFor(storage).site.composing.draftOf("c", "everyone").type("half");
  expect(siteFor(storage).site.composing.draftOf("c", "everyone").text.peek()).toBe("half");
  expect(siteFor(storage, "klarinda").site.composing.draftOf("c", "everyone").text.peek()).toBe("");
});

test("an answer and a note are two drafts", () => {
  const { site } = siteFor();
  site.composing.draftOf("c", "centre").type("voor collega's");
  expect(site.composing.draftOf("c", "everyone").text.peek()).toBe("");
});

test("another tab's words appear in an untouched field, and no tab wipes them", () => {
  const { tabs, one, other } = twoTabs();
  one.type("hier");
  toldByOtherTab(tabs[1], KEY);
  expect(other.text.peek()).toBe("hier");
  other.type("hier en daar");
  one.type("hier!");
  expect(one.text.peek()).toBe("hier en daar\n\nhier!");
});

test("a page that rested looks again; another key is no concern of it", () => {
  const { tabs, one, other } = twoTabs();
  one.type("hier");
  toldByOtherTab(tabs[1], "vip:jeroen:draft:d:everyone");
  expect(other.text.peek()).toBe("");
  tabs[1].window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(other.text.peek()).toBe("hier");
});

test("what was sent is cleared, and words that came back stand before the new ones", () => {
  const { storage, one } = twoTabs();
  one.type("eerste");
  one.clear("eerste");
  expect(storage.has(KEY)).toBe(false);
  one.type("tweede");
  one.putBack("eerste");
  expect(one.text.peek()).toBe("eerste\n\ntweede");
});
