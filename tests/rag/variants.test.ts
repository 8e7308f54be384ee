import { describe, expect, test } from "bun:test";
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import type { Passage } from "../../src/providers/provider.ts";
import { choiceText } from "../../src/rag/choices.ts";
import { choicesOf, explainAnswer, extractAnswer } from "../../src/rag/extract.ts";

type Told = [title: string, headings: string[], text: string];

const passagesOf = (...told: Told[]): Passage[] =>
  told.map(([title, headingPath, text], at) => ({
    ...{
      n: at + 1,
      chunk: `chk_${at}` as ChunkId,
      source: `src_${at}` as SourceId,
      page: null,
      relevance: 0.95,
    },
    ...{ title, headingPath, text },
  }));

const HOTELS = passagesOf(
  [
    "policy-2023",
    ["Travel policy 2023", "Hotels"],
    "The nightly limit for a hotel in Zurich is 170 euros including tax.",
  ],
  [
    "policy-2024",
    ["Travel policy 2024", "Hotels"],
    "The nightly limit for a hotel in Zurich is 190 euros including tax.",
  ],
);
const NOTICE = passagesOf(
  [
    "de",
    ["Employment in Germany", "Notice period"],
    "The notice period is four weeks to the end of a month.",
  ],
  ["fr", ["Employment in France", "Notice period"], "The notice period is three months."],
);

describe("sources that disagree", () => {
  test("are all quoted, the newest first, with what tells them apart and their citations", () => {
    expect(extractAnswer("What is the hotel limit in Zurich?", HOTELS)).toBe(
      [
        "The documents say different things about this:",
        "",
        "- **2024**: The nightly limit for a hotel in Zurich is 190 euros including tax. [2]",
        "- **2023**: The nightly limit for a hotel in Zurich is 170 euros including tax. [1]",
      ].join("\n"),
    );
  });

  test("do not where the question says which one is meant: the others are not quoted", () => {
    const answer = extractAnswer("What was the hotel limit in Zurich in 2023?", HOTELS);
    expect(answer).toBe("The nightly limit for a hotel in Zurich is 170 euros including tax. [1]");
    expect(choicesOf("What was the hotel limit in Zurich in 2023?", HOTELS)).toEqual([]);
  });
});

describe("a question that leaves out what decides it", () => {
  test("is answered for each case, and each can be chosen", () => {
    const question = "What is the notice period?";
    expect(extractAnswer(question, NOTICE)).toStartWith(
      "That depends on the case:\n\n- **Germany**: The notice",
    );
    const choices = choicesOf(question, NOTICE);
    expect(choices).toEqual(["What is the notice period (Germany)?", "What is the notice period (France)?"]);
    expect(extractAnswer(choices[1] ?? "", NOTICE)).toBe("The notice period is three months. [2]");
    expect(explainAnswer(question, NOTICE)).toContain(
      "“Germany” and “France”, which the question leaves open",
    );
  });

  test.each([
    [
      "deu",
      "Wie hoch ist der Urlaubsanspruch?",
      "Angestellte",
      "Auszubildende",
      "Der Urlaubsanspruch beträgt 30 Tage im Jahr.",
      "Der Urlaubsanspruch beträgt 28 Tage im Jahr.",
    ],
    [
      "fra",
      "Quelle est la durée du préavis ?",
      "Cadres",
      "Ouvriers",
      "La durée du préavis est de trois mois.",
      "La durée du préavis est d’un mois.",
    ],
    [
      "spa",
      "¿Cuál es el plazo de preaviso?",
      "Directivos",
      "Empleados",
      "El plazo de preaviso es de tres meses.",
      "El plazo de preaviso es de un mes.",
    ],
    [
      "ita",
      "Qual è il periodo di preavviso?",
      "Dirigenti",
      "Operai",
      "Il periodo di preavviso è di tre mesi.",
      "Il periodo di preavviso è di un mese.",
    ],
    [
      "por",
      "Qual é o prazo de aviso prévio?",
      "Gestores",
      "Operários",
      "O prazo de aviso prévio é de três meses.",
      "O prazo de aviso prévio é de um mês.",
    ],
    [
      "nld",
      "Wat is de opzegtermijn?",
      "Leidinggevenden",
      "Medewerkers",
      "De opzegtermijn is drie maanden.",
      "De opzegtermijn is één maand.",
    ],
    [
      "rus",
      "Каков срок уведомления об увольнении?",
      "Руководители",
      "Рабочие",
      "Срок уведомления об увольнении составляет три месяца.",
      "Срок уведомления об увольнении составляет один месяц.",
    ],
    [
      "arb",
      "ما هي مدة الإشعار؟",
      "المديرون",
      "الموظفون",
      "مدة الإشعار هي ثلاثة أشهر.",
      "مدة الإشعار هي شهر واحد.",
    ],
    ["cmn", "通知期是多久？", "经理", "员工", "通知期为3个月。", "通知期为1个月。"],
    [
      "jpn",
      "解約の予告期間はどのくらいですか？",
      "管理職",
      "一般社員",
      "解約の予告期間は3か月です。",
      "解約の予告期間は1か月です。",
    ],
  ])("says so in the language of the question: %s", (language, question, one, other, first, second) => {
    const passages = passagesOf(["Handbuch", [one], first], ["Handbuch", [other], second]);
    const answer = extractAnswer(question, passages);
    expect(answer).toContain(choiceText(language, "depends"));
    expect(answer).toContain(`**${one}**: ${first} [1]`);
    expect(answer).toContain(`**${other}**: ${second} [2]`);
    expect(choicesOf(question, passages)[1]).toContain(`(${other})`);
  });
});

describe("nothing is left open", () => {
  test.each<[string, string, Passage[]]>([
    [
      "where the passages say the same",
      "What is the hotel limit in Zurich?",
      passagesOf(
        ["policy", ["Travel policy", "Hotels"], "The nightly limit for a hotel in Zurich is 190 euros."],
        ["faq", ["Questions", "Hotels"], "The nightly limit for a hotel in Zurich is 190 euros."],
      ),
    ],
    [
      "where they say the same in other words",
      "Who approves travel?",
      passagesOf(
        ["policy", ["Taking the train", "Approval"], "Travel is approved by the owner of the cost centre."],
        [
          "faq",
          ["Taking a plane", "Approval"],
          "The owner of the cost centre approves travel that is booked.",
        ],
      ),
    ],
    [
      "where one of them is about something else",
      "How do I order a laptop?",
      passagesOf(
        ["it", ["Laptops", "Ordering"], "A laptop is ordered in the portal and comes within a week."],
        ["it", ["Chairs", "Ordering"], "A chair is ordered by mail and comes within a month."],
      ),
    ],
    [
      "where one of them holds less of the question",
      "How long is parental leave for fathers?",
      passagesOf(
        ["leave", ["Fathers", "Leave"], "Parental leave for fathers is 12 weeks."],
        ["leave", ["Students", "Leave"], "Leave for exams is two days."],
      ),
    ],
  ])("%s", (_, question, passages) => {
    expect(choicesOf(question, passages)).toEqual([]);
    expect(extractAnswer(question, passages)).not.toContain("**");
  });
});
