/** What the built-in provider does not quote: passages that have the topic of a question but not what was asked. */
import { describe, expect, test } from "bun:test";
import { extractAnswer } from "../../src/rag/extract.ts";
import { holds, type OwnCorpus, ownCorpora, passagesFor, passagesOfTurn } from "../bench/quote-cases.ts";

const corpora = (await ownCorpora()).map((corpus) => [corpus.language, corpus] as const);

describe("of handbooks in eleven languages", () => {
  test.each(corpora)(
    "%s: half of the questions that it speaks of without answering are refused",
    (_, own) => {
      const answered = own.unanswered.filter(
        ({ q }) => extractAnswer(q, passagesOfTurn(own.corpus, q)) !== "",
      );
      expect(answered.length / own.unanswered.length).toBeLessThanOrEqual(1 / 2);
    },
  );

  test.each(corpora)("%s: five in six of those that were found and answered still are", (_, own) => {
    const found = own.questions.filter(
      (each) => passagesOfTurn(own.corpus, each.q).length > 0 && isRight(own, each, passagesFor),
    );
    const kept = found.filter((each) => isRight(own, each, passagesOfTurn));
    expect(kept.length / found.length).toBeGreaterThanOrEqual(5 / 6);
  });

  test("three in four of what they speak of without answering are refused", () => {
    const asked = corpora.flatMap(([, { corpus, unanswered }]) => unanswered.map(({ q }) => ({ corpus, q })));
    const refused = asked.filter(({ corpus, q }) => extractAnswer(q, passagesOfTurn(corpus, q)) === "");
    expect(refused.length / asked.length).toBeGreaterThanOrEqual(3 / 4);
  });
});

/** With the topic there, what tells one from the other. */
test.each([
  ["en", "what is the tachograph card", "which tachograph model do we use"],
  ["de", "Durchwahl der Leitstelle", "Telefonnummer von Frau Brandt"],
  ["es", "contraseña mínima", "contraseña del wifi"],
  ["ar", "متى يصرف الراتب", "ما هي كلمة مرور نظام نخلة"],
  ["zh", "停车场免费吗", "青松系统的密码是什么"],
])("%s: “%s” is answered, “%s” is not", (language, answered, refused) => {
  const corpus = corpusIn(language);
  expect(extractAnswer(answered, passagesOfTurn(corpus, answered))).toContain("[1]");
  expect(extractAnswer(refused, passagesOfTurn(corpus, refused))).toBe("");
});

test("a year that stands nowhere in the passage is not answered with another one", () => {
  const corpus = corpusIn("en");
  expect(extractAnswer("annual leave", passagesOfTurn(corpus, "annual leave"))).toContain("27 days");
  const question = "annual leave in 2031";
  expect(extractAnswer(question, passagesOfTurn(corpus, question))).toBe("");
});

test("where words cannot tell, the search is believed", () => {
  const corpus = corpusIn("es");
  const question = "contraseña del wifi";
  expect(extractAnswer(question, passagesFor(corpus, question))).not.toBe("");
});

function corpusIn(language: string): OwnCorpus["corpus"] {
  const own = corpora.find(([name]) => name === language)?.[1];
  if (own === undefined) throw new Error(`no handbook in ${language}`);
  return own.corpus;
}

function isRight(
  { corpus }: OwnCorpus,
  { q, a }: OwnCorpus["questions"][number],
  passages: typeof passagesFor,
): boolean {
  const reply = extractAnswer(q, passages(corpus, q));
  return a.every((string) => holds(reply, string));
}
