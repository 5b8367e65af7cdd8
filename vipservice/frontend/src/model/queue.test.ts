import { describe, expect, it } from "vitest";
import { ownOrder, risk, withChat } from "./queue";
import type { Chat } from "./types";

const pickup = { warnAt: "2026-04-24T10:20:00Z", dueAt: "2026-04-24T10:30:00Z", metAt: null, breachedAt: null };
const at = (time: string) => Date.parse(`2026-04-24T${time}Z`);
const chat = (id: string, change: Partial<Chat> = {}) =>
  ({ id, unread: 0, updatedAt: "2026-04-24T10:00:00Z", ...change }) as Chat;

describe("the queue", () => {
  it("tells calm from soon from late at the exact moment", () => {
    expect(risk({ pickup }, at("10:19:59"))).toBe("calm");
    expect(risk({ pickup }, at("10:20:00"))).toBe("soon");
    expect(risk({ pickup }, at("10:30:00"))).toBe("late");
    expect(risk({ pickup: null }, at("10:30:00"))).toBe("calm");
  });

  it("puts who waits for an answer first", () => {
    const sorted = [chat("old"), chat("new", { updatedAt: "2026-04-24T11:00:00Z" }), chat("asks", { unread: 1 })].sort(ownOrder);
    expect(sorted.map(({ id }) => id)).toEqual(["asks", "new", "old"]);
  });

  it("holds each chat once", () => {
    expect(withChat([chat("a"), chat("b")], chat("b", { unread: 2 }), true)).toHaveLength(2);
    expect(withChat([chat("a")], chat("a"), false)).toEqual([]);
  });
});
