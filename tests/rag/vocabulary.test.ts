import { describe, expect, test } from "bun:test";
import { rank as rankIn, toCorpus } from "../bench/question-sets.ts";

/** The passages that a question finds, best first, with why. */
function find(question: string, ...texts: string[]): { text: string; reason: string; relevance: number }[] {
  const pieces = texts.map((content, n) => ({
    ...{ document: String(n), ordinal: 0, title: "", headingPath: [], content },
  }));
  return rankIn(toCorpus(pieces), question).map(({ hit, reason, relevance }) => ({
    ...{ text: hit.chunk.content, reason, relevance },
  }));
}

const firstOf = (question: string, ...texts: string[]) => find(question, ...texts)[0]?.text;

describe("a question meets what the documents call otherwise", () => {
  test.each([
    [
      "English",
      "how much pto do I get",
      "Employees have 25 days of annual leave.",
      "The canteen opens at noon.",
    ],
    [
      "German",
      "wie viel verdiene ich im homeoffice",
      "Das Gehalt gilt auch bei Telearbeit.",
      "Die Kantine ist im Erdgeschoss.",
    ],
    [
      "French",
      "changer mon mdp",
      "Le mot de passe se change tous les ans.",
      "La cantine est au rez-de-chaussée.",
    ],
    [
      "Spanish",
      "¿quién es mi jefe?",
      "La supervisora responde por los permisos; el responsable firma.",
      "El comedor está abajo.",
    ],
    ["Italian", "quanti giorni di vacanze ho", "Le ferie sono di 26 giorni.", "La mensa è al piano terra."],
    ["Portuguese", "quem paga o avião", "O voo é pago pela empresa.", "A cantina fica no piso zero."],
    ["Dutch", "hoeveel vakantie heb ik", "Verlof is 25 dagen per jaar.", "De kantine is beneden."],
    ["Russian", "какая у меня зарплата", "Оклад выплачивается дважды в месяц.", "Столовая находится внизу."],
    ["Arabic", "كم الراتب", "يدفع الاجر في نهاية الشهر", "المطعم في الطابق الارضي"],
    ["Chinese", "薪水什么时候发", "工资每月十日发放。", "食堂在一楼。"],
  ])("in %s", (_, question, answer, other) => {
    expect(firstOf(question, other, answer)).toBe(answer);
  });

  test("by irregular forms, which no stemmer brings together", () => {
    expect(
      firstOf("I lost my key", "Losing a key must be reported.", "Whoever loses a key pays."),
    ).toBeDefined();
    expect(
      firstOf(
        "ich habe den Schlüssel verloren",
        "Die Kantine ist zu.",
        "Wer einen Schlüssel verliert, zahlt.",
      ),
    ).toContain("verliert");
    expect(firstOf("j'ai perdu mon badge", "La cantine ferme.", "Si vous perdez le badge, payez.")).toContain(
      "perdez",
    );
  });

  test("by several words that stand together, and not by the same words apart", () => {
    const found = find(
      "is pto paid out",
      "Paid time off is counted in hours.",
      "Off the coast, time was paid little heed.",
    );
    expect(found[0]?.text).toContain("Paid time off");
    expect(found[0]?.reason).toContain("another form");
  });

  test("by a word that several words of the question say together", () => {
    expect(firstOf("forgot to log in", "The canteen is open.", "A login is needed.")).toContain("login");
  });

  test("but the word itself, where documents have it, goes first", () => {
    const [first] = find("vacation days", "Annual leave days are many.", "Vacation days are many.");
    expect(first?.text).toBe("Vacation days are many.");
  });

  test("typed with marks or without", () => {
    for (const question of ["congés payés", "conges payes"]) {
      expect(
        firstOf(
          question,
          "La cantine est fermée le lundi et le mardi.",
          "Les vacances sont longues pour les agents.",
        ),
      ).toContain("vacances");
    }
  });
});

describe("how telling a word is", () => {
  test("is told by the documents that hold it, not by those that say something else for it", () => {
    const holidays = Array.from({ length: 40 }, (_, n) => `Leave ${n} is taken by the hour.`);
    const [first] = find("sabbatical after leave", "A sabbatical is granted.", ...holidays);
    expect(first?.text).toBe("A sabbatical is granted.");
  });
});

describe("a word that says how rather than what", () => {
  test("need not be in the documents", () => {
    const [without] = find("what happens to my hotel receipts later", "Hotel receipts are kept.");
    const [strange] = find("what happens to my hotel receipts in Wladiwostok", "Hotel receipts are kept.");
    expect(without?.relevance).toBeGreaterThan(strange?.relevance ?? 1);
  });
});

describe("a word that the language knows", () => {
  test("is never taken for a slip of another one", () => {
    expect(find("stuff", "The staff meets on Monday.")).toEqual([]);
    expect(find("sick", "The stick is in the drawer.")).toEqual([]);
    expect(find("un père", "Le prè est vert.")).toEqual([]);
  });

  test("and a short word is mended only where letters changed places or were doubled", () => {
    expect(find("blod", "The blog is new.", "Blood is given in May.").map(({ text }) => text)).toEqual([
      "Blood is given in May.",
    ]);
    expect(find("flor", "The floor is wet.")[0]?.text).toBe("The floor is wet.");
    expect(find("Genf", "The gent is waiting.")).toEqual([]);
  });

  test("while a real slip is still mended, surer where letters only changed places or were doubled", () => {
    expect(firstOf("awrad", "The award is given in May.")).toContain("award");
    const [swapped] = find("credti limits", "Credit limits are low.");
    const [replaced] = find("crexit limits", "Credit limits are low.");
    expect(swapped?.relevance).toBeGreaterThan(replaced?.relevance ?? 1);
  });
});
