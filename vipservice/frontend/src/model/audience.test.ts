import { expect, test } from "vitest";
import { opening } from "./audience";

test("a composer opens with the note that waits, and with the answer when both do", () => {
  expect(opening(() => false)).toBe("everyone");
  expect(opening((visibility) => visibility === "centre")).toBe("centre");
  expect(opening((visibility) => visibility === "everyone")).toBe("everyone");
  expect(opening(() => true)).toBe("everyone");
});
