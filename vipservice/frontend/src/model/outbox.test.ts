import { describe, expect, it } from "vitest";
import { Memory } from "../testing/memory";
import * as outbox from "./outbox";
import { Shelf } from "./shelf";

const item = (n: number, problem = ""): outbox.Pending => ({
  clientId: `id-${n}`,
  body: String(n),
  visibility: "everyone",
  at: new Date(n).toISOString(),
  problem,
});

describe("the outbox", () => {
  it("survives a reload in its order, and a damaged shelf", () => {
    const shelf = new Shelf(new Memory(), "j");
    for (const n of [2, 1]) outbox.keep(shelf, "c", item(n));
    outbox.keep(shelf, "another", item(3));
    for (const damaged of ["{", "{}", "null"]) shelf.set(`outbox:c:${damaged}`, damaged);
    expect(outbox.load(shelf, "c")).toEqual([item(1), item(2)]);
    expect(outbox.chats(shelf).sort()).toEqual(["another", "c"]);
    for (const n of [1, 2]) outbox.forget(shelf, "c", `id-${n}`);
    expect(outbox.load(shelf, "c")).toEqual([]);
  });

  it("keeps what two tabs say at the same time", () => {
    const store = new Memory();
    const [one, other] = [new Shelf(store, "j"), new Shelf(store, "j")];
    outbox.keep(one, "c", item(1));
    outbox.keep(other, "c", item(2));
    outbox.forget(one, "c", "id-1");
    expect(outbox.load(other, "c")).toEqual([item(2)]);
  });

  it("is in order, also when the clock goes back", () => {
    expect(outbox.nextAt([item(5)], 3)).toBe(item(6).at);
    expect(outbox.nextAt([], 3)).toBe(item(3).at);
  });

  it("sends one after the other, and passes over nothing but what was refused", () => {
    expect(outbox.next([item(1), item(2)])).toEqual(item(1));
    expect(outbox.next([item(1, "no"), item(2), item(3)])).toEqual(item(2));
    expect(outbox.next([item(1, "no")])).toBeUndefined();
  });

  it("keeps the words of what failed, until sent again or taken back", () => {
    const failed = outbox.withItem([item(1), item(2)], item(1, "not now"));
    expect(failed).toEqual([item(1, "not now"), item(2)]);
    expect(outbox.without(failed, "id-1")).toEqual([item(2)]);
  });
});
