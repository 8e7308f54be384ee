import { describe, expect, test } from "bun:test";
import { recogniseSmallTalk } from "../../src/rag/small-talk/recognise.ts";
import { NO_SMALL_TALK, SMALL_TALK } from "../fixtures/small-talk/turns.ts";

/** What a visitor of `language` would be answered to. */
function kindOf(text: string, language: string): string | null {
  return recogniseSmallTalk(text)?.readings.find((reading) => reading.language === language)?.kind ?? null;
}

describe.each(Object.keys(SMALL_TALK))("in %s", (language) => {
  test("small talk is recognised by kind", () => {
    const wrong = Object.entries(SMALL_TALK[language] ?? {}).flatMap(([kind, turns]) =>
      turns
        .filter((turn) => kindOf(turn, language) !== kind)
        .map((turn) => `${turn} → ${kindOf(turn, language)}, not ${kind}`),
    );
    expect(wrong).toEqual([]);
  });

  test("a question that merely holds such a word is a question", () => {
    const taken = (NO_SMALL_TALK[language] ?? []).filter((question) => recogniseSmallTalk(question) !== null);
    expect(taken).toEqual([]);
  });
});
