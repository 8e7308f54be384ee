import { describe, expect, test } from "bun:test";
import { readQuestions, writeQuestions } from "../../src/rag/question-file.ts";

const read = (text: string) => readQuestions(new TextEncoder().encode(text));

const QUESTIONS = [
  { text: 'How long is "parental" leave?', relevant: [{ name: "Leave", passage: null }] },
  {
    text: "Was kostet das Mittagessen,\nund wann?",
    relevant: [
      { name: "Kantine", passage: "4,50 Euro" },
      { name: "Preise", passage: null },
    ],
  },
  { text: "Who won the cup in 1974?", relevant: [] },
  { text: "=1+1 or what?", relevant: [{ name: "@home", passage: null }] },
];

describe("golden questions as files", () => {
  test.each(["csv", "jsonl"] as const)("are read from %s as they were written", (format) => {
    const { questions, problems } = read(writeQuestions(QUESTIONS, format));

    expect(problems).toEqual([]);
    expect(questions.map(({ text, relevant }) => ({ text, relevant }))).toEqual(QUESTIONS);
  });

  test("row 53: are no formulas for a spreadsheet", () => {
    const dangerous = ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", " =1"];
    const table = writeQuestions(
      dangerous.map((text) => ({ text, relevant: [{ name: text, passage: text }] })),
      "csv",
    );

    for (const cell of table
      .split("\r\n")
      .slice(1)
      .join(",")
      .match(/"[^"]*"/g) ?? [])
      expect(cell).toMatch(/^"'/);
  });

  test("are read from the table of a spreadsheet with semicolons, whatever the order and capitals", () => {
    const { questions } = read("Relevant;Text\r\nLeave | Absence;How long?\r\n;Who won?\r\n");

    expect(questions).toEqual([
      {
        line: 2,
        text: "How long?",
        relevant: [
          { name: "Leave", passage: null },
          { name: "Absence", passage: null },
        ],
      },
      { line: 3, text: "Who won?", relevant: [] },
    ]);
  });

  test("are read in the encoding that the file is in", () => {
    const latin1 = Buffer.from("text,relevant\nWo ist der Müller-Flügel des Gebäudes?,Gebäude\n", "latin1");

    expect(readQuestions(latin1).questions[0]?.relevant).toEqual([{ name: "Gebäude", passage: null }]);
  });

  test("one text of a passage is for all sources of its row", () => {
    const { questions } = read("text,relevant,passage\nHow long?,a|b,26 weeks\n");

    expect(questions[0]?.relevant.map(({ passage }) => passage)).toEqual(["26 weeks", "26 weeks"]);
  });

  test.each([
    ["a line that is no JSON", '{"text":"a","relevant":[]}\n\nnot JSON\n', 3],
    ["a line without sources", '{"text":"a"}\n', 1],
    ["a source that is a number", '{"text":"a","relevant":[7]}', 1],
    ["a question that is a list", '{"text":["a"],"relevant":[]}', 1],
    ["a table without the columns", "question,source\na,b\n", 1],
    ["more passages than sources", "text,relevant,passage\na,b,c|d\n", 2],
    ["quotation marks that do not match", 'text,relevant\n"a,b\n', 2],
  ])("%s is told with its line", (_what, text, line) => {
    expect(read(text).problems.map((problem) => problem.line)).toEqual([line]);
  });

  test("an empty file has neither questions nor a table's columns", () => {
    expect(read("")).toMatchObject({ questions: [], problems: [{ line: 1 }] });
  });
});
