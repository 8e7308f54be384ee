import { describe, expect, test } from "bun:test";
import { partNotFound, partsOf } from "../../src/rag/parts.ts";

describe("a double question", () => {
  test.each([
    ["How long is parental leave and when does the canteen open?", "when does the canteen open?"],
    ["How long is parental leave? When does the canteen open?", "When does the canteen open?"],
    ["Wie lange ist die Elternzeit und wann öffnet die Kantine?", "wann öffnet die Kantine?"],
    ["Combien de temps dure le congé parental et quand ouvre la cantine ?", "quand ouvre la cantine ?"],
    ["¿Cuánto dura el permiso parental y cuándo abre el comedor?", "cuándo abre el comedor?"],
    ["Quanto dura il congedo e quando apre la mensa?", "quando apre la mensa?"],
    ["Quanto tempo dura a licença e quando abre a cantina?", "quando abre a cantina?"],
    ["Hoe lang is ouderschapsverlof en wanneer opent de kantine?", "wanneer opent de kantine?"],
    ["Сколько длится отпуск по уходу и когда открывается столовая?", "когда открывается столовая?"],
    ["育儿假有多长？食堂几点开门？", "食堂几点开门？"],
    ["育児休暇はどのくらいですか？食堂は何時に開きますか？", "食堂は何時に開きますか？"],
    ["كم مدة إجازة الوالدين و متى يفتح المطعم؟", "متى يفتح المطعم؟"],
  ])("%s has two parts", (question, second) => {
    expect(partsOf(question)).toEqual([expect.any(String), second]);
  });

  test.each([
    "When does the canteen open and close?",
    "What is the notice period for managers and workers?",
    "What is PTO and how do I request it?",
    "How do I apply for leave and who do I tell?",
    "How long is parental leave? And for fathers?",
    "Where is the car park?",
  ])("%s is one", (question) => {
    expect(partsOf(question)).toEqual([question]);
  });

  test("says of a part that nothing was found for it, in the language of the question", () => {
    expect(partNotFound("wer gewann?", "deu")).toStartWith("Zu „wer gewann?“");
    expect(partNotFound("kto wygrał?", "pol")).toStartWith("On “kto wygrał?”");
  });
});
