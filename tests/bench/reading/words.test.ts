import { describe, expect, test } from "bun:test";
import { difference } from "./words.ts";

describe("two readings of a document", () => {
  test("are the same in another order of blocks, but for the neighbours at their ends", () => {
    const { missing, invented, outOfOrder } = difference("c d e\na b", ["a b c d e"]);

    expect([missing, invented, outOfOrder]).toEqual([0, 0, 0.25]);
  });

  test("differ by what only one of them says, the union of references counting", () => {
    const { missing, invented } = difference("a b x", ["a b c d", "a b"]);

    expect([missing, invented]).toEqual([0.5, 1 / 3]);
  });

  test("do not differ by a hyphen at a line's end, kept or not", () => {
    for (const own of ["the information desk", "the informa-tion desk"])
      expect(difference(own, ["the informa-\ntion desk"])).toMatchObject({ missing: 0, invented: 0 });
  });

  test("are compared sign by sign where no spaces are written", () => {
    expect(difference("有給休暇", ["有給 休暇"])).toMatchObject({ words: 4, missing: 0, outOfOrder: 0 });
  });
});
