import { expect, test } from "vitest";
import { Refused } from "./api";
import { Asking } from "./asking";

const no = (errors?: { field: string; detail: string }[]) =>
  new Refused({ status: 400, title: "Nee", detail: "Dat kan niet.", ...(errors && { errors }) });

test("a step gives what it gives, and is busy meanwhile", async () => {
  const asking = new Asking();
  const step = asking.run(async () => 7);
  expect(asking.busy.peek()).toBe(true);
  expect(await step).toBe(7);
  expect(asking.busy.peek()).toBe(false);
});

test("a refusal is told, with a word at each field, until the next step", async () => {
  const asking = new Asking();
  const wrong = no([{ field: "title", detail: "Vul een titel in." }]);
  expect(await asking.run(() => Promise.reject(wrong))).toBeNull();
  expect(asking.problem.peek()).toBe("Dat kan niet.");
  expect(asking.wrong.peek()).toEqual({ title: "Vul een titel in." });
  await asking.run(async () => true);
  expect([asking.problem.peek(), asking.wrong.peek()]).toEqual(["", {}]);
});

test("a fault of ours is not taken for a refusal", async () => {
  const asking = new Asking();
  await expect(asking.run(() => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
  expect(asking.busy.peek()).toBe(false);
});
