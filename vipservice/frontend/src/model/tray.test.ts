import { describe, expect, it } from "vitest";
import { changed, fault, type Item, MOST_BYTES, neighbour, pasted, readableName, sendable, without } from "./tray";

const file = (name: string, content = "x") => new File([content], name, { lastModified: 1 });
const item = (id: string, more: Partial<Item> = {}): Item => ({
  id,
  clientId: id,
  file: file(id),
  problem: "",
  onItsWay: false,
  ...more,
});

describe("a paste", () => {
  const files = [file("image.png")];

  it("brings its picture along", () => {
    expect(pasted({ types: ["Files"], files })).toEqual({ files, ignored: false });
  });

  it("brings only its text when there is text, as from Office", () => {
    for (const type of ["text/plain", "text/html"]) {
      expect(pasted({ types: [type, "Files"], files })).toEqual({ files: [], ignored: true });
    }
  });

  it("of text alone ignores nothing", () => {
    expect(pasted({ types: ["text/plain"], files: [] })).toEqual({ files: [], ignored: false });
  });
});

describe("the tray", () => {
  it("tells what is empty or too large at once", () => {
    expect(fault({ size: 0 })).toBe("empty");
    expect(fault({ size: MOST_BYTES })).toBeNull();
    expect(fault({ size: MOST_BYTES + 1 })).toBe("large");
  });

  it("gives a screenshot a name of its own, and leaves other names alone", () => {
    expect(readableName("image.png", "schermafdruk-2026-11-25-1405", [])).toBe("schermafdruk-2026-11-25-1405.png");
    expect(readableName("image.PNG", "s", ["s.PNG", "s-2.PNG"])).toBe("s-3.PNG");
    expect(readableName("image-1.png", "s", [])).toBe("image-1.png");
    expect(readableName("offerte.pdf", "s", [])).toBe("offerte.pdf");
  });

  it("sends what can be sent: also again what was refused, not what is on its way", () => {
    const items = [item("a"), item("b", { file: file("b", "") }), item("c", { problem: "no" }), item("d", { onItsWay: true })];
    expect(sendable(items).map(({ id }) => id)).toEqual(["a", "c"]);
  });

  it("changes and removes one, and knows where the keyboard goes", () => {
    const items = [item("a"), item("b"), item("c")];
    expect(changed(items, "b", { problem: "no" })[1]).toEqual(item("b", { problem: "no" }));
    expect(without(items, "b").map(({ id }) => id)).toEqual(["a", "c"]);
    expect(neighbour(items, "b")).toBe("c");
    expect(neighbour(items, "c")).toBe("b");
    expect(neighbour([item("a")], "a")).toBeUndefined();
  });
});
