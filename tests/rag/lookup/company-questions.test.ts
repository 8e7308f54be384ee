/** Sixty questions to the sample company, as far as it is decided what to run; their answers are asked of real databases elsewhere. */
import { expect, test } from "bun:test";
import { findLookup } from "../../../src/rag/lookup/find.ts";
import { sampleCatalogue } from "../../helpers/sample-catalogue.ts";

/** `answers` is empty for what no look-up answers, or not without asking first. */
type CompanyQuestion = { question: string; answers: string[]; given: boolean };

const QUESTIONS: CompanyQuestion[] = await Bun.file(
  new URL("../../fixtures/company-questions.json", import.meta.url),
).json();

test("at least nine of ten questions that say everything are looked up, each as often as it asks", () => {
  const tools = sampleCatalogue();
  const runs = (question: string) => findLookup(question, tools, "2026-11-27")?.calls.length ?? 0;
  const [given, open] = [QUESTIONS.filter((each) => each.given), QUESTIONS.filter((each) => !each.given)];

  const missed = given.filter(({ question, answers }) => runs(question) !== answers.length);

  expect(missed.length).toBeLessThanOrEqual(given.length / 10);
  expect(missed.filter(({ question }) => runs(question) > 0)).toEqual([]);
  expect(open.filter(({ question }) => runs(question) > 0)).toEqual([]);
});
