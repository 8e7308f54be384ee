import { describe, expect, test } from "bun:test";
import { parseWordings, wordingsPrompt } from "../../src/rag/wordings.ts";

const HISTORY = [
  { role: "user" as const, content: "What is the hotel limit in Zurich?" },
  { role: "assistant" as const, content: "190 euros [1]." },
];

describe("what a model is asked to word a question by", () => {
  test("is the conversation and the question", () => {
    const messages = wordingsPrompt(HISTORY, "And in London?", []);

    expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(messages[1]?.content).toContain("Visitor: What is the hotel limit in Zurich?");
    expect(messages[1]?.content).toEndWith("Last question: And in London?");
  });

  test("names the languages of the documents", () => {
    const [system] = wordingsPrompt([], "Combien ?", ["deu", "eng"]);

    expect(system?.content).toContain("The same question in German.");
    expect(system?.content).toContain("The same question in English.");
    expect(system?.content).toContain("Reply with 4 lines");
  });
});

describe("what it replies", () => {
  test.each([
    ["Q?\nF?\nwords", "Q?", ["F?", "words"]],
    ["1. Q?\n2. F?\n\n- words, terms", "Q?", ["F?", "words, terms"]],
    ["Here is the question:\n“Q?”\n**F?**", "Q?", ["F?"]],
    ["Q?", "Q?", []],
    ["Q?\nQ?\nF?\nF?\nG?\nH?", "Q?", ["F?", "G?"]],
    [`Q?\n${"x".repeat(501)}`, "Q?", []],
  ])("is read as lines: %j", (reply, standalone, others) => {
    expect(parseWordings(reply, 2)).toEqual({ standalone, others });
  });

  test.each(["", "\n\n", "Sure:", "x".repeat(501)])("is none when it is no wording: %j", (reply) => {
    expect(parseWordings(reply, 2)).toBeNull();
  });
});
