import { describe, expect, test } from "bun:test";
import { detectLanguage, languageOfDocument, languageOfPiece } from "../../src/rag/language.ts";
import { analyzeChunk, contentWords, foldWord, indexTerms, toLexicalQuery } from "../../src/rag/text.ts";

function termsOf(content: string): string[] {
  return analyzeChunk({ title: "", headingPath: [], content }).contentTerms.split(" ");
}

/** Whether a question about `word` reaches a chunk that says `content`. */
function meets(question: string, content: string): boolean {
  const chunk = analyzeChunk({ title: "", headingPath: [], content });
  const terms = new Set(chunk.contentTerms.split(" "));
  const { words } = toLexicalQuery(question, [chunk.language]);
  return words.every((alternatives) => alternatives.some((term) => terms.has(term)));
}

describe("index terms", () => {
  test("an inflected word meets its other forms in each language", () => {
    expect(meets("approved expense", "All expenses are approved by the manager of the team.")).toBe(true);
    expect(meets("Übernachtung", "Die Übernachtungen werden von der Firma in Euro bezahlt.")).toBe(true);
    expect(meets("nationalités", "La nationalité de la personne est dans le dossier.")).toBe(true);
    expect(meets("работник", "Все работники компании были на собрании и не ушли.")).toBe(true);
    expect(meets("الموظف", "على الموظفين في الشركة ان يقدموا الطلب الى المدير")).toBe(true);
  });

  test("marks, case and width make no difference", () => {
    expect(foldWord("ＺÜRICH")).toBe("zurich");
    expect(foldWord("Straße")).toBe("strasse");
    expect(foldWord("Łódź")).toBe("lodz");
    expect(meets("zurich", "Zürich")).toBe(true);
  });

  test("Chinese, Japanese and Thai are found by pairs of characters", () => {
    expect(termsOf("差旅报销")).toEqual(["差旅", "旅报", "报销"]);
    expect(meets("报销", "员工的差旅报销标准")).toBe(true);
    expect(meets("ソフトウェア", "新しいソフトウェアを使う")).toBe(true);
    expect(meets("พนักงาน", "สำหรับพนักงานใหม่")).toBe(true);
  });

  test("part numbers stay whole enough to be found", () => {
    expect(meets("E-4471", "Error E-4471 means that the scanner is offline.")).toBe(true);
    expect(termsOf("l'hôtel and the company's 3.5 kg")).toEqual([
      "hotel",
      "and",
      "the",
      "company",
      "3",
      "5",
      "kg",
    ]);
  });

  test("terms are letters and digits whatever the text holds", () => {
    const nasty = `a"b OR NEAR(x*) ^c:d \ud800 😀 \u0000 {col}: -z ﬁne ½ ${"'".repeat(9)}`;
    for (const term of termsOf(nasty)) expect(term).toMatch(/^[\p{L}\p{N}]+$/u);
    for (const term of toLexicalQuery(nasty, ["eng", "deu"]).words.flat()) {
      expect(term).toMatch(/^[\p{L}\p{N}]+$/u);
    }
  });

  test("text without a word gives no terms", () => {
    expect(analyzeChunk({ title: "😀", headingPath: [], content: " \u200b…—" })).toEqual({
      language: "und",
      titleTerms: "",
      headingTerms: "",
      contentTerms: "",
    });
    expect(toLexicalQuery("😀 ?!", ["eng"])).toMatchObject({ words: [] });
  });

  test("a megabyte of one word is cut, not chewed", () => {
    expect(toLexicalQuery("a".repeat(1_000_000), ["eng"]).words.flat().join("").length).toBeLessThan(200);
    expect(toLexicalQuery("你好".repeat(500_000), ["cmn"]).words.length).toBeLessThanOrEqual(48);
    expect(termsOf("你".repeat(1_000_000)).length).toBeLessThanOrEqual(200_000);
  });
});

describe("questions", () => {
  test("words that only ask are dropped, in the language of the question", () => {
    expect(contentWords("What is the hotel limit in Zurich?")).toEqual(["hotel", "limit", "zurich"]);
    expect(contentWords("Wie viele Urlaubstage hat man?")).toEqual(["urlaubstage"]);
    expect(contentWords("Quelle est la limite de l’hôtel ?")).toEqual(["limite", "hôtel"]);
    expect(contentWords("¿Cuánto cuesta el hotel?")).toEqual(["cuesta", "hotel"]);
    expect(contentWords("Какой лимит на отель?")).toEqual(["лимит", "отель"]);
  });

  test("a question of nothing but such words keeps them", () => {
    expect(contentWords("Who is who?")).toEqual(["who", "is", "who"]);
  });

  test("every word comes once, with its terms in all languages of the corpus", () => {
    expect(toLexicalQuery("Übernachtungen, Übernachtungen", ["deu", "eng"]).words).toEqual([
      ["ubernacht", "ubernachtungen"],
    ]);
  });
});

describe("the language of a text", () => {
  test.each([
    ["eng", "What is the hotel limit in Zurich?"],
    ["deu", "Wie hoch ist das Limit für Hotels in Zürich?"],
    ["fra", "Quelle est la limite pour un hôtel à Zurich ?"],
    ["spa", "¿Cuál es el límite para un hotel en Zúrich?"],
    ["rus", "Какой лимит на гостиницу в Цюрихе?"],
    ["arb", "ما هو الحد الأقصى لسعر الفندق في زيورخ؟"],
    ["cmn", "苏黎世酒店的限额是多少？"],
    ["jpn", "チューリッヒのホテルの上限はいくらですか"],
    [
      "swe",
      "Anställda som reser i tjänsten får ersättning för hotell och måltider enligt reglerna som gäller från första januari.",
    ],
    ["und", "E-4471 😀"],
  ])("is %s", (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });
});

describe("what only asks", () => {
  test.each([
    ["什么时候可以休假？", "可以 以休 休假"],
    ["ノートパソコンはどこですか", "ノー ート トパ パソ ソコ コン ンは"],
    ["휴가는 며칠인가요?", "휴가 가는 며칠"],
    ["ลาพักร้อนได้กี่วัน", "ลา าพ พก กร รอ อน นไ ได วน"],
    ["Když mám dovolenou?", "dovolenou"],
    ["Izin ne zaman verilir?", "izin verilir"],
    ["Πότε κλείνει το σχολείο;", "κλείνει σχολείο"],
  ])("is left out of %s", (question, words) => {
    expect(contentWords(question).map(foldWord).join(" ")).toBe(words.split(" ").map(foldWord).join(" "));
  });
});

describe("folding", () => {
  test("removes accents, and keeps the vowels of scripts that write them as marks", () => {
    expect(foldWord("Größe")).toBe("grosse");
    expect(foldWord("الكُتُب")).toBe("الكتب");
    expect(foldWord("किताब")).not.toBe(foldWord("कतब"));
  });

  test("of languages without a stemmer leaves what their forms share", () => {
    expect(indexTerms("σχολεία σχολείο", "ell")).toEqual(["σχολει", "σχολει"]);
    expect(indexTerms("लड़का लड़कों", "hin")).toEqual(["लडक", "लडक"]);
  });
});

test("a word is one word, whatever unseen signs stand in it", () => {
  expect(indexTerms("Donau\u00addampf\u00adschiff na\u200bme", "und")).toEqual(["donaudampfschiff", "name"]);
});

describe("the language of a document", () => {
  const prose =
    "Every employee has thirty days of holiday, which are asked for in the portal two weeks before.";

  test("counts for pieces that are too short to tell", () => {
    const document = languageOfDocument([
      prose,
      "Serviette, table, restaurant, dessert, café, menu, orange, raisin, poivre, huile.",
    ]);
    expect(document).toBe("eng");
    expect(
      languageOfPiece("Serviette, table, restaurant, dessert, café, menu, orange, raisin, poivre.", document),
    ).toBe("eng");
    expect(
      languageOfPiece("Der Urlaub wird in dem Portal für die nächsten zwei Wochen beantragt.", document),
    ).toBe("deu");
  });

  test("is not guessed from names and numbers in tables", () => {
    const rows = Array.from(
      { length: 20 },
      (_, n) => `Name: Marco Bianchi ${n}; Depot: Lisboa; Code: Santa Clara ${n}`,
    );
    expect(languageOfDocument([rows.join("\n")])).toBe("und");
    expect(languageOfDocument([rows.join("\n"), prose])).toBe("eng");
  });

  test("an address behind a link is no word of it", () => {
    const { language, contentTerms } = analyzeChunk({
      title: "",
      headingPath: [],
      content: "Das Formular (https://forms.example/the/request/of/leave) ist für den Urlaub da.",
    });
    expect(language).toBe("deu");
    expect(contentTerms).not.toContain("forms");
  });
});
