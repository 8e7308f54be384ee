/** Look-ups without a model, over a whole turn: what is run, what is asked, and what documents say instead. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { CatalogueTool, ToolTable } from "../../src/domain/tool.ts";
import type { TurnEvent } from "../../src/domain/turn.ts";
import { AppError } from "../../src/errors.ts";
import { extractiveProvider } from "../../src/providers/extractive.ts";
import { extractAnswer } from "../../src/rag/extract.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { aCatalogueTool, aParameter } from "../helpers/catalogue-tools.ts";
import { removeTestStores } from "../helpers/sqlite.ts";
import { FACT, openTestChat, QUESTION, type TestChat } from "../helpers/test-chat.ts";

const STOCK = aCatalogueTool({
  name: "stock",
  label: "Stock in a city",
  parameters: [
    aParameter("product", { type: "enum", values: ["Laptop", "Monitor"] }),
    aParameter("city", { type: "enum", values: ["Berlin", "Hamburg"] }),
  ],
  answerTemplate: "There are {pieces} of {product} in {city}.",
  exampleQuestions: ["How many laptops are in stock in Berlin?"],
});
const PIECES: ToolTable["columns"] = [{ name: "pieces", label: "Pieces", type: "integer", unit: null }];

let chat: TestChat;
let ran: unknown[];

afterAll(removeTestStores);
beforeEach(() => {
  ran = [];
});

async function open(entry: CatalogueTool, rows: ToolTable["rows"] | AppError): Promise<void> {
  chat = await openTestChat(() => extractiveProvider(extractAnswer));
  const tool: Tool = {
    ...{ definition: { name: entry.name, description: "", parameters: {} }, label: entry.label, entry },
    async run(call) {
      ran.push(JSON.parse(call.arguments));
      if (rows instanceof AppError) throw rows;
      return { content: "", table: { columns: PIECES, rows, rowCount: rows.length, truncated: false } };
    },
  };
  chat.deps = { ...chat.deps, tools: { offered: async () => [tool] } };
}

const answerOf = (events: TurnEvent[]) => {
  const done = events.at(-1);
  if (done?.type !== "done") throw new Error("the turn did not end");
  return done.message;
};

test("a question that leaves no doubt is answered with the admin's sentence and its rows", async () => {
  await open(STOCK, [[12]]);

  const answer = answerOf(await chat.ask("How many laptops are in stock in Berlin?"));

  expect(ran).toEqual([{ product: "Laptop", city: "Berlin" }]);
  expect(answer.content).toBe("There are 12 of Laptop in Berlin. [1]");
  expect(answer.citations).toMatchObject([
    { kind: "tool", n: 1, tool: "stock", label: "Stock in a city", rows: [[12]] },
  ]);
  expect(answer).toMatchObject({ status: "complete", abstained: false, lookup: null });
  expect((await chat.savedTrace()).toolCalls).toMatchObject([{ name: "stock" }]);
});

test("what is not certain is asked for, with what is known filled in, and nothing is run", async () => {
  await open(STOCK, [[12]]);

  const events = await chat.ask("How many laptops are in stock?");

  expect(ran).toEqual([]);
  const types = events.map(({ type }) => type);
  expect(types.indexOf("lookup")).toBeLessThan(types.indexOf("done"));
  const answer = answerOf(events);
  expect(answer.content).toContain("Stock in a city");
  expect(answer.lookup).toMatchObject({
    tool: "stock",
    label: "Stock in a city",
    values: { product: "Laptop" },
  });
  expect(answer.lookup?.parameters.map(({ name }) => name)).toEqual(["product", "city"]);
  expect((await chat.savedAnswer())?.lookup).toEqual(answer.lookup);
});

test("a question about something else is answered from the documents", async () => {
  await open(STOCK, [[12]]);

  const answer = answerOf(await chat.ask(QUESTION));

  expect(ran).toEqual([]);
  expect(answer.content).toContain(FACT);
});

test("no rows are said to be none", async () => {
  await open(STOCK, []);
  expect(answerOf(await chat.ask("How many laptops are in stock in Berlin?")).content).toContain(
    "nothing on this",
  );

  await open({ ...STOCK, emptyTemplate: "No {product} in {city}." }, []);
  expect(answerOf(await chat.ask("How many laptops are in stock in Berlin?")).content).toBe(
    "No Laptop in Berlin. [1]",
  );
});

describe("a look-up that fails", () => {
  test("is told, where no document answers", async () => {
    await open(STOCK, new AppError("TOOL_UNAVAILABLE", "The database cannot be reached."));

    const answer = answerOf(await chat.ask("How many laptops are in stock in Berlin?"));

    expect(answer.content).toContain("could not look up");
    expect(answer.content).not.toContain("database");
    expect(answer.citations).toEqual([]);
    expect((await chat.savedTrace()).toolCalls).toMatchObject([{ error: "TOOL_UNAVAILABLE" }]);
  });
});

test("values of a database do not change how the chat looks", async () => {
  await open({ ...STOCK, answerTemplate: "It is {pieces}." }, [["**[x](javascript:alert(1))** | <b>"]]);

  const { content } = answerOf(await chat.ask("How many laptops are in stock in Berlin?"));

  expect(content).toBe(String.raw`It is \*\*\[x\](javascript:alert(1))\*\* \| \<b\>. [1]`);
});

test("what writes is never run without a model's call and a confirmation", async () => {
  await open({ ...STOCK, effect: "write" }, [[12]]);

  const answer = answerOf(await chat.ask("How many laptops are in stock in Berlin?"));

  expect(ran).toEqual([]);
  expect(answer.lookup).toBeNull();
});
