import { describe, expect, test } from "bun:test";
import { asLine, cut, mended, textProblem } from "../../src/domain/text.ts";

describe("a text that enters", () => {
  test.each(["", "plain", "two\nlines\tand more\r\n", "كم يوما", "👩‍👩‍👧 e\u0301", "می\u200cخواهم"])(
    "%j can be kept",
    (text) => {
      expect(textProblem(text)).toBeNull();
      expect(mended(text)).toBe(text);
    },
  );

  test.each(["a\u0000", "\u0007", "\u001b[31m", "\u0085", "\ud800", "a\udc00b", "\udc00\ud800"])(
    "%j cannot, and the reason is a sentence",
    (text) => {
      expect(textProblem(text)).toMatch(/^[A-Z].*\.$/);
      expect(textProblem(mended(text))).toBeNull();
    },
  );
});

test("a line has one spelling, one line and nothing unseen", () => {
  expect(asLine(" Gru\u0308\u00dfe\r\naus\t\u202eBerlin\u202c\ufeff ")).toBe("Grüße aus Berlin");
  expect(asLine("\u200b \u2060")).toBe("");
  expect(asLine("👩\u200d👧 می\u200cخواهم")).toBe("👩\u200d👧 می\u200cخواهم");
});

test("a text is never cut in the middle of a character", () => {
  expect(cut("ab👍cd", 3)).toBe("ab");
  expect(cut("ab👍cd", 4)).toBe("ab👍");
  expect(cut("ab", 4)).toBe("ab");
});
