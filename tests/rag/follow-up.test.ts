import { describe, expect, test } from "bun:test";
import { dragsAlong, keepsQuestion, readingsOf, withoutSmallTalk } from "../../src/rag/follow-up.ts";

const after = (...asked: string[]) => asked.map((content) => ({ role: "user" as const, content }));

describe("a question that leans on the one before it", () => {
  test.each([
    ["What is the hotel limit in Zurich?", "And in Basel?", "What is the hotel limit in Basel?"],
    ["vacation days in Colorado", "what about Texas", "vacation days in Texas"],
    ["leave after 2 years", "and after 5?", "leave after 5?"],
    ["What may I spend on a hotel?", "with breakfast?", "What may I spend on a hotel with breakfast?"],
    ["how much parental leave do we get", "can I split it up?", "parental leave: can I split it up?"],
    ["How long is parental leave?", "who approves it?", "parental leave: who approves it?"],
    ["How long is parental leave?", "why?", "parental leave: why?"],
    [
      "Wie viele Urlaubstage habe ich?",
      "Danke, und für Teilzeit?",
      "Wie viele Urlaubstage habe ich für Teilzeit?",
    ],
    ["Was darf ein Hotel in Zürich kosten?", "und in Basel?", "Was darf ein Hotel in Basel?"],
    ["tjm d'un développeur débutant ?", "et un designer ?", "tjm d' un designer ?"],
    [
      "combien de temps pour le congé ?",
      "et pour le père ?",
      "combien de temps pour le congé pour le père ?",
    ],
    [
      "¿cuántos días de vacaciones tengo?",
      "¿y para el padre?",
      "¿cuántos días de vacaciones tengo para el padre?",
    ],
    ["Сколько дней отпуска?", "а для стажёров?", "Сколько дней отпуска для стажёров?"],
    ["كم يوم إجازة لدي؟", "وللأب؟", "كم يوم إجازة لدي وللأب؟"],
    ["我有几天年假？", "那兼职呢", "我有几天年假 那兼职呢"],
  ])("after %j, %j is searched as %j", (before, asked, joined) => {
    expect(readingsOf(after(before), asked)).toEqual({ leaning: "yes", readings: [joined] });
  });

  test("leans on what its predecessor leaned on", () => {
    const { readings } = readingsOf(after("hotel limit in Zurich", "and in Basel?"), "and in Bern?");
    expect(readings).toEqual(["hotel limit in Bern?"]);
  });

  test("does not lean on what another topic has ended", () => {
    const asked = after(
      "How long is parental leave for adopted children?",
      "Where do I park my bicycle in Hamburg when it rains?",
    );
    expect(readingsOf(asked, "and in Bern?").readings[0]).toStartWith("Where do I park my bicycle");
  });
});

describe("a question that may be whole", () => {
  test.each([
    ["How long is parental leave?", "What is the dress code?"],
    ["Wie viele Urlaubstage habe ich?", "Wo ist die Kantine?"],
    ["my work phone was stolen", "do I call the cops as well?"],
    ["How long is parental leave?", "and how long is the notice period?"],
    ["How long is parental leave?", "is it allowed to bring a dog?"],
    ["How long is parental leave?", "is there a swimming pool?"],
  ])("after %j, %j is first searched as it stands", (before, asked) => {
    const { leaning, readings } = readingsOf(after(before), asked);
    expect({ leaning, first: readings[0], count: readings.length }).toEqual({
      leaning: "maybe",
      first: asked,
      count: 2,
    });
  });

  test("of a few words is first taken for a part of the one before", () => {
    expect(readingsOf(after("How long is parental leave?"), "adopted children")).toEqual({
      leaning: "maybe",
      readings: ["How long is parental leave adopted children", "adopted children"],
    });
  });
});

test.each([
  "How long is parental leave for children who were adopted abroad?",
  "Where do employees park their bicycles in Hamburg during building works?",
])("%j stands alone", (question) => {
  expect(readingsOf(after("What is the hotel limit in Zurich?"), question)).toEqual({
    leaning: "no",
    readings: [question],
  });
});

test("without a question before it nothing leans on anything", () => {
  expect(readingsOf([], "And in London?")).toEqual({ leaning: "no", readings: ["And in London?"] });
});

test.each([
  ["Hi there, how long is leave? Thanks!", "how long is leave?"],
  ["Guten Morgen! Wo ist die Kantine?", "Wo ist die Kantine?"],
  ["ok, and for part-time?", "and for part-time?"],
  ["谢谢，那兼职呢？", "那兼职呢？"],
  ["How long is leave, in days?", "How long is leave, in days?"],
  ["Thanks!", "Thanks!"],
])("%j asks %j", (typed, asked) => {
  expect(withoutSmallTalk(typed)).toBe(asked);
});

test("what takes the place of something is noticed where a model drags that along", () => {
  const history = after("What is the hotel limit in Zurich?");
  const joined = readingsOf(history, "and in Basel?").readings[0] ?? "";
  expect(dragsAlong(history, joined, "What is the hotel limit in Zurich and in Basel?")).toBe(true);
  expect(dragsAlong(history, joined, "What is the hotel limit in Basel?")).toBe(false);
});

test("a model's rewriting has to ask the same", () => {
  expect(keepsQuestion("What is the hotel limit in Basel?", "and in Basel?")).toBe(true);
  expect(keepsQuestion("Can parental leave be split up?", "can I split it up?")).toBe(true);
  expect(keepsQuestion("How long is parental leave?", "why?")).toBe(true);
  expect(keepsQuestion("Parental leave is 26 weeks.", "where do I park my bicycle?")).toBe(false);
});
