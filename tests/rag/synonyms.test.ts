import { describe, expect, test } from "bun:test";
import type { SynonymRule } from "../../src/domain/synonym.ts";
import { isOwnWord, spelledOut } from "../../src/rag/synonyms.ts";
import { analyzeQuestion, meaningsIn } from "../../src/rag/text.ts";

const rule = (asked: string, written: string, bothWays = true): SynonymRule => ({
  ...{ asked: [asked], written: [written], bothWays },
});
/** What is looked for besides the word that `spelling` is. */
function related(question: string, spelling: string, rules: SynonymRule[], language = "eng"): string[] {
  const { query, spellings } = analyzeQuestion(question, [language], rules);
  const at = spellings.indexOf(spelling);
  return at < 0 ? [] : (query.related?.[at] ?? []).map(({ terms }) => terms.join(" "));
}

describe("a tenant's synonyms", () => {
  test.each([
    ["eng", "How much FlexiPot is left?", "flexipot", "paid time off", "paid time off"],
    ["deu", "Wie beantrage ich FlexiPot?", "flexipot", "bezahlte Freistellung", "bezahlt freistell"],
    ["fra", "Combien de FlexiPot me reste-t-il ?", "flexipot", "congés payés", "cong pai"],
    ["rus", "Сколько осталось ФлексиПот?", "флексипот", "оплачиваемый отпуск", "оплачива отпуск"],
    ["arb", "كم بقي من فليكسي؟", "فليكسي", "إجازة مدفوعة", "اجاز مدفوع"],
    ["cmn", "我的灵活包还剩多少？", "灵活", "带薪", "带薪"],
  ])("%s: a question with the one is searched for the other", (language, question, said, written, terms) => {
    const asked = language === "cmn" ? "灵活包" : said;
    expect(related(question, said, [rule(asked, written)], language)).toContain(terms);
  });

  test("hold for several words that follow each other, in other forms too", () => {
    const rules = [rule("blue card", "parking permit")];
    expect(related("Where do I get blue cards?", "cards", rules)).toContain("park permit");
    expect(related("Is the card blue?", "card", rules)).toEqual([]);
  });

  test("one way: what documents say does not stand for what people say", () => {
    const rules = [rule("FlexiPot", "annual leave", false)];
    expect(related("What is FlexiPot?", "flexipot", rules)).toContain("annual leav");
    expect(related("What is annual leave?", "annual", rules)).not.toContain("flexipot");
    expect(related("What is annual leave?", "annual", [rule("FlexiPot", "annual leave")])).toContain(
      "flexipot",
    );
  });

  test("are taken as they are spelled, never for a slip of the keyboard", () => {
    const { query, spellings } = analyzeQuestion("flexipot rules", ["eng"], [rule("FlexiPot", "leave")]);
    expect(query.certain?.[spellings.indexOf("flexipot")]).toBe(true);
  });

  test("of small words count only in capitals: IT is a department, it is not", () => {
    const rules = [rule("it", "information technology")];
    expect(related("Who do I call in IT about it?", "it", rules)).toContain("inform technolog");
    expect(analyzeQuestion("Can I take it home?", ["eng"], rules).own).toEqual([]);
  });

  test("leave questions alone that they do not speak of", () => {
    const question = "How long is parental leave?";
    const rules = [rule("FlexiPot", "paid time off")];
    expect(analyzeQuestion(question, ["eng"], rules)).toEqual(analyzeQuestion(question, ["eng"]));
    expect(spelledOut(question, analyzeQuestion(question, ["eng"], rules).own)).toBe(question);
    expect(meaningsIn(question, rules)).toEqual([]);
  });

  test("are spelled out for models, which cannot know", () => {
    const rules = [rule("FlexiPot", "paid time off"), rule("KVP", "improvement", false)];
    const { own } = analyzeQuestion("How much FlexiPot?", ["eng"], rules);
    expect(spelledOut("How much FlexiPot?", own)).toBe("How much FlexiPot? (paid time off)");
    expect(meaningsIn("How much FlexiPot for a KVP?", rules)).toEqual([
      "FlexiPot = paid time off",
      "KVP > improvement",
    ]);
  });

  test("say whether a message is one of their words and nothing else", () => {
    const rules = [rule("qwertz", "keyboard"), rule("HI", "health insurance"), rule("test", "test bench")];
    expect([isOwnWord("Qwertz?", rules, "anyhow"), isOwnWord("qwertz pad", rules, "anyhow")]).toEqual([
      true,
      false,
    ]);
    expect(["HI", "hi", "test"].map((each) => isOwnWord(each, rules, "in capitals"))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
