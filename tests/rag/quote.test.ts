import { describe, expect, test } from "bun:test";
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import type { Passage } from "../../src/providers/provider.ts";
import { explainAnswer, extractAnswer } from "../../src/rag/extract.ts";
import { type Kind, kindsAsked } from "../../src/rag/quote/asked.ts";
import { cellsOf } from "../../src/rag/quote/rows.ts";
import { HOLDS, Signs } from "../../src/rag/quote/signs.ts";
import { holds, ownCorpora, passagesFor } from "../bench/quote-cases.ts";

/** The same questions in every language that the tables of words are in. */
const ASKED: [Kind, Record<string, string>][] = [
  [
    "contents",
    {
      ...{ eng: "What's in the first aid kit?", deu: "Was ist im Verbandskasten?" },
      ...{ fra: "Que contient la trousse ?", spa: "¿Qué contiene el botiquín?" },
      ...{ ita: "Cosa contiene la cassetta?", por: "O que contém a caixa?" },
      ...{ nld: "Wat zit er in de verbanddoos?", rus: "Что входит в аптечку?" },
      ...{ arb: "ماذا تشمل حقيبة الإسعاف؟", cmn: "急救箱里有什么？", jpn: "救急箱の中身は何ですか" },
    },
  ],
  [
    "phone",
    {
      ...{ eng: "Phone number of the gate", deu: "Telefonnummer vom Pförtner" },
      ...{ fra: "Numéro de téléphone de l'accueil", spa: "Teléfono de la recepción" },
      ...{ ita: "Numero di telefono della reception", por: "Número de telefone da receção" },
      ...{ nld: "Telefoonnummer van de receptie", rus: "Номер телефона охраны" },
      ...{ arb: "رقم هاتف الاستقبال", cmn: "前台的电话号码", jpn: "受付の電話番号" },
    },
  ],
  [
    "duration",
    {
      ...{ eng: "How long is parental leave?", deu: "Wie lange dauert die Elternzeit?" },
      ...{
        fra: "Combien de temps dure le congé parental ?",
        spa: "¿Cuánto tiempo dura el permiso parental?",
      },
      ...{ ita: "Quanto dura il congedo parentale?", por: "Quanto tempo dura a licença parental?" },
      ...{ nld: "Hoe lang is het ouderschapsverlof?", rus: "Сколько времени длится декретный отпуск?" },
      ...{ arb: "كم مدة إجازة الأبوة؟", cmn: "育儿假多久？", jpn: "育児休暇の期間は何日ですか" },
    },
  ],
  [
    "person",
    {
      ...{ eng: "Who approves my leave?", deu: "Wer genehmigt meinen Urlaub?" },
      ...{ fra: "Qui valide mes congés ?", spa: "¿Quién aprueba mis vacaciones?" },
      ...{ ita: "Chi approva le mie ferie?", por: "Quem aprova as minhas férias?" },
      ...{ nld: "Wie keurt mijn verlof goed?", rus: "Кто утверждает мой отпуск?" },
      ...{ arb: "من يوافق على إجازتي؟", cmn: "谁批准我的休假？", jpn: "休暇は誰が承認しますか" },
    },
  ],
  [
    "place",
    {
      ...{ eng: "Where is the canteen?", deu: "Wo ist die Kantine?", fra: "Où se trouve la cantine ?" },
      ...{ spa: "¿Dónde está el comedor?", ita: "Dove si trova la mensa?", por: "Onde fica a cantina?" },
      ...{ nld: "Waar is de kantine?", rus: "Где находится столовая?", arb: "أين المقهى؟" },
      ...{ cmn: "食堂在哪里？", jpn: "食堂はどこですか" },
    },
  ],
  [
    "permission",
    {
      ...{ eng: "May I bring my dog to the office?", deu: "Darf ich meinen Hund ins Büro mitbringen?" },
      ...{ fra: "Puis-je amener mon chien au bureau ?", spa: "¿Puedo llevar mi perro a la oficina?" },
      ...{ ita: "Posso portare il cane in ufficio?", por: "Posso trazer o meu cão para o escritório?" },
      ...{ nld: "Mag ik mijn hond meenemen naar kantoor?", rus: "Можно ли привести собаку в офис?" },
      ...{ arb: "هل يمكنني إحضار كلبي إلى المكتب؟", cmn: "可以带狗来办公室吗？" },
      ...{ jpn: "犬を職場に連れてきてもいいですか" },
    },
  ],
  [
    "steps",
    {
      ...{ eng: "How do I request a badge?", deu: "Wie beantrage ich einen Ausweis?" },
      ...{ fra: "Comment demander un badge ?", spa: "¿Cómo solicito una tarjeta?" },
      ...{ ita: "Come richiedo un badge?", por: "Como peço um cartão?" },
      ...{ nld: "Hoe vraag ik een badge aan?", rus: "Как получить пропуск?" },
      ...{ arb: "كيف أطلب بطاقة؟", cmn: "怎么申请门禁卡？", jpn: "入館証はどうやって申請しますか" },
    },
  ],
  [
    "difference",
    {
      ...{ eng: "What is the difference between A and B?", deu: "Was ist der Unterschied zwischen A und B?" },
      ...{ fra: "Quelle est la différence entre A et B ?", spa: "¿Cuál es la diferencia entre A y B?" },
      ...{ ita: "Qual è la differenza tra A e B?", por: "Qual é a diferença entre A e B?" },
      ...{ nld: "Wat is het verschil tussen A en B?", rus: "В чём разница между А и Б?" },
      ...{ arb: "ما الفرق بين أ و ب؟", cmn: "A和B有什么区别？", jpn: "AとBの違いは何ですか" },
    },
  ],
];

describe("what a question asks for", () => {
  for (const [kind, questions] of ASKED) {
    test.each(Object.entries(questions))(`${kind}, in %s: %s`, (language, question) => {
      expect([...kindsAsked(question, [language])]).toContain(kind);
    });
  }

  test("is the narrower of two kinds", () => {
    expect([...kindsAsked("What is the deadline for expenses?", ["eng"])]).not.toContain("definition");
    expect([...kindsAsked("What is YMS?", ["eng"])]).toContain("definition");
  });

  test("is nothing for who only names a topic", () => {
    expect(kindsAsked("bicycle shed", ["eng"]).size).toBe(0);
  });

  test.each([
    ["eng", "I earn the full salary, who approves overtime", "person", "money"],
    ["deu", "Mein Gehalt fehlt, wer hilft mir", "person", "money"],
    ["fra", "mon salaire n'est pas arrivé, qui peut m'aider", "person", "money"],
    ["spa", "falta mi salario, quién me ayuda", "person", "money"],
    ["ita", "lo stipendio non è arrivato, chi mi aiuta", "person", "money"],
  ])(
    "is what the last part asks, not what is told before it, in %s: %s",
    (language, question, asked, told) => {
      const kinds: readonly string[] = [...kindsAsked(question, [language])];
      expect(kinds).toContain(asked);
      expect(kinds).not.toContain(told);
    },
  );

  test.each([
    ["eng", "is my leave paid when I quit"],
    ["fra", "puis-je garder le badge quand je pars"],
    ["spa", "puedo quedarme el portátil cuando me voy"],
    ["ita", "posso tenere il badge quando vado via"],
    ["rus", "можно ли оставить пропуск когда уволюсь"],
  ])("is no date where the question only says under which condition, in %s: %s", (language, question) => {
    expect([...kindsAsked(question, [language])]).toEqual(["permission"]);
  });

  test("is a date where it is asked for politely, and both where two things are asked", () => {
    expect([...kindsAsked("Can you tell me when the canteen opens?", ["eng"])]).toContain("time");
    const both = [...kindsAsked("Who approves it, and how long does it take?", ["eng"])];
    expect(both).toEqual(expect.arrayContaining(["person", "duration"]));
  });
});

describe("what a sentence holds", () => {
  test.each([
    ["eng", "Claims are made within six weeks.", "Claims are made with care."],
    ["deu", "Belege sind innerhalb von sechs Wochen einzureichen.", "Belege sind mit Sorgfalt einzureichen."],
    ["fra", "Les frais se déclarent dans les dix jours.", "Les frais se déclarent avec soin."],
    ["spa", "Los gastos se justifican en diez días.", "Los gastos se justifican con cuidado."],
    ["ita", "Le spese si dichiarano in dieci giorni.", "Le spese si dichiarano con cura."],
    ["por", "As despesas declaram-se em dez dias.", "As despesas declaram-se com cuidado."],
    ["nld", "Declaraties worden binnen tien dagen ingediend.", "Declaraties worden zorgvuldig ingediend."],
    ["rus", "Отчёт сдаётся за десять дней.", "Отчёт сдаётся аккуратно."],
    ["arb", "يقدم الطلب في عشرة أيام.", "يقدم الطلب بعناية."],
    ["cmn", "报销须在三十天内提交。", "报销须认真填写。"],
    ["jpn", "経費は三十日以内に精算します。", "経費は丁寧に精算します。"],
  ])("is a stretch of time, in %s", (language, with_, without) => {
    const held = (text: string) => HOLDS.duration?.(new Signs(text, [language])) ?? 0;
    expect(held(with_)).toBe(1);
    expect(held(without)).toBeLessThan(0.5);
  });
});

describe("a line of a table", () => {
  test("is cells with the names of their columns, whatever stands in them", () => {
    const lines = [
      "Site: Bern; Open: 07:00 to 12:00; Note: ring twice: once; then wait",
      "Site: Rome; Open: 08:00 to 13:00; Note: none",
    ];
    expect(cellsOf(lines)[0]).toEqual([
      { name: "Site", text: "Bern" },
      { name: "Open", text: "07:00 to 12:00" },
      { name: "Note", text: "ring twice: once; then wait" },
    ]);
  });

  test("without names is cells without", () => {
    expect(cellsOf(["Bern | 07:00"])[0]).toEqual([
      { name: "", text: "Bern" },
      { name: "", text: "07:00" },
    ]);
  });
});

describe("why a sentence was quoted", () => {
  const passage = (text: string, headingPath: string[] = []): Passage => ({
    ...{ n: 1, chunk: "chk_1" as ChunkId, source: "src_1" as SourceId, title: "Guide", page: null },
    ...{ headingPath, text, relevance: 0.9 },
  });

  test("is told by its words, its heading and what it tells", () => {
    const reason = explainAnswer("how long is parental leave", [
      passage("It lasts 26 weeks at full pay.", ["Parental leave"]),
    ]);
    expect(reason).toStartWith("“It lasts 26 weeks at full pay.” was quoted first:");
    expect(reason).toContain("under the heading “Parental leave”");
    expect(reason).toContain("tells how long, as asked");
  });

  test("is nothing where nothing is quoted", () => {
    expect(explainAnswer("how long is parental leave", [])).toBeNull();
  });
});

describe("questions as employees ask them, of handbooks in eleven languages", async () => {
  const corpora = await ownCorpora();

  test.each(corpora.map((corpus) => [corpus.language, corpus] as const))(
    "%s: seven in eight that the passages answer get the answer, in few words",
    (_, { corpus, questions }) => {
      const asked = questions.flatMap(({ q, a }) => {
        const passages = passagesFor(corpus, q);
        const canAnswer = a.every((string) => passages.some(({ text }) => holds(text, string)));
        return canAnswer ? [{ reply: extractAnswer(q, passages), answer: a }] : [];
      });
      const right = asked.filter(({ reply, answer }) => answer.every((string) => holds(reply, string)));
      expect(right.length / asked.length).toBeGreaterThanOrEqual(7 / 8);
      const lengths = asked.map(({ reply }) => reply.split(/\s+/).length).sort((left, right) => left - right);
      expect(lengths[lengths.length >> 1]).toBeLessThan(45);
    },
  );
});
