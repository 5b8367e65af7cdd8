import { expect, test } from "vitest";
import { afterSending, heard, joined, typed } from "./draft";

test("what comes back is put before what was typed since", () => {
  expect(joined("terug", "sindsdien")).toBe("terug\n\nsindsdien");
  expect(joined("terug", " ")).toBe("terug");
  expect(joined("", "sindsdien")).toBe("sindsdien");
});

test("typing goes on from what was seen", () => {
  expect(typed({ text: "a", seen: "a" }, "a", "ab")).toBe("ab");
  expect(typed({ text: "a", seen: "a" }, "a", "")).toBe("");
});

test("typing over what another tab kept unseen loses neither", () => {
  expect(typed({ text: "", seen: "" }, "daar", "hier")).toBe("daar\n\nhier");
  expect(typed({ text: "a", seen: "a" }, "", "ab")).toBe("ab");
  expect(typed({ text: "a", seen: "a" }, "ab", "abc")).toBe("abc");
});

test("an untouched field follows the other tab, also when that one sent", () => {
  expect(heard({ text: "a", seen: "a" }, "ab")).toEqual({ text: "ab", seen: "ab" });
  expect(heard({ text: "a", seen: "a" }, "")).toEqual({ text: "", seen: "" });
});

test("a field that could not be kept does not follow", () => {
  const held = { text: "te veel om te bewaren", seen: "" };
  expect(heard(held, "ander")).toBe(held);
});

test("sending clears what was sent and nothing else", () => {
  expect(afterSending("a", "a")).toBe("");
  expect(afterSending("ander", "a")).toBe("ander");
});
