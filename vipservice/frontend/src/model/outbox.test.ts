import { describe, expect, it } from "vitest";
import * as outbox from "./outbox";

const item = (n: number, problem = ""): outbox.Pending => ({
  clientId: `id-${n}`,
  body: String(n),
  at: "",
  problem,
});

class MemoryShelf extends Map<string, string> implements outbox.Shelf {
  getItem = (key: string) => this.get(key) ?? null;
  setItem = (key: string, value: string) => void this.set(key, value);
  removeItem = (key: string) => void this.delete(key);
}

describe("the outbox", () => {
  it("survives a reload, and a damaged shelf", () => {
    const shelf = new MemoryShelf();
    outbox.keep(shelf, "c", [item(1)]);
    expect(outbox.load(shelf, "c")).toEqual([item(1)]);
    shelf.setItem("outbox:c", "{");
    expect(outbox.load(shelf, "c")).toEqual([]);
    outbox.keep(shelf, "c", []);
    expect(shelf.size).toBe(0);
  });

  it("sends in order, sixteen at most, and nothing that was refused", () => {
    const many = Array.from({ length: 20 }, (_, n) => item(n, n === 1 ? "no" : ""));
    const sent = outbox.sendable(many, new Set());
    expect(sent).toHaveLength(16);
    expect(sent.map((one) => one.body).slice(0, 3)).toEqual(["0", "2", "3"]);
    expect(outbox.sendable(many, new Set(sent.map((one) => one.clientId)))).toEqual([]);
  });

  it("keeps the words of what failed, until sent again or taken back", () => {
    const failed = outbox.failed([item(1), item(2)], "id-1", "not now");
    expect(failed[0]).toEqual(item(1, "not now"));
    expect(outbox.without(failed, "id-1")).toEqual([item(2)]);
  });
});
