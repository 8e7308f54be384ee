/** What becomes of the replies that models and their servers give on bad days, over each vendor's protocol. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { manualClock } from "../helpers/manual-clock.ts";
import { connectTo } from "../helpers/provider-contract.ts";
import { type Reply, type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { removeTestStores } from "../helpers/sqlite.ts";
import { openTestChat, type TestChat } from "../helpers/test-chat.ts";
import { PROTOCOLS } from "../helpers/wire-protocols.ts";

let server: ScriptedProvider;

beforeAll(async () => {
  server = await startScriptedProvider();
});
afterAll(async () => {
  await server.close();
  removeTestStores();
});
beforeEach(() => {
  server.requests.length = 0;
});

describe.each(PROTOCOLS)("with a model that speaks %s", (protocol) => {
  /** The chat after one question that was answered with `reply`. */
  async function answered(reply: Reply): Promise<TestChat> {
    const provider = connectTo(server, protocol, manualClock({ skipBelowMs: 10_000 }));
    const chat = await openTestChat(() => provider);
    server.answer(reply);
    await chat.ask();
    server.answer({});
    return chat;
  }

  const whole: [what: string, reply: Reply][] = [
    ["that thinks aloud", { pieces: ["<th", "ink>\nhidden [7]", "</thi", "nk>\n\n26 weeks [1]."] }],
    [
      "that calls a tool without a name",
      { pieces: ["26 weeks [1]."], toolCalls: [{ name: "", arguments: "{}" }] },
    ],
    [
      "that calls a tool where there is none",
      { pieces: ["26 weeks [1]."], toolCalls: [{ name: "look", arguments: "{}" }] },
    ],
    ["that comes as a JSON document", { pieces: ["26 weeks [1]."], document: true }],
    ["that comes in parts", { pieces: [[{ type: "text", text: "26 weeks [1]." }]] }],
    ["with events that say nothing", { pieces: ["26 weeks ", "[1]."], keepAlives: true }],
  ];
  test.each(whole)("an answer %s is the answer, cited, asked for once", async (_what, reply) => {
    const chat = await answered(reply);

    expect(await chat.savedAnswer()).toMatchObject({
      ...{ content: "26 weeks [1].", status: "complete", abstained: false, errorCode: null },
      citations: [{ n: 1 }],
    });
    expect(server.requests).toHaveLength(1);
  });

  const empty: [what: string, reply: Reply, why: string][] = [
    ["at once", { pieces: [] }, "without a word"],
    ["after thoughts", { pieces: [], thoughts: ["hm"], finish: "length" }, "used up its tokens"],
    ["after thoughts aloud", { pieces: ["<think>hm"], finish: "length" }, "used up its tokens"],
    [
      "by a filter",
      { pieces: [], finish: "filtered" },
      protocol === "ollama" ? "without a word" : "content filter",
    ],
    ["with blanks", { pieces: [" ", "\n"] }, "without a word"],
  ];
  test.each(empty)(
    "a reply that ends %s with nothing in it is a failure that says why",
    async (_what, reply, why) => {
      const chat = await answered(reply);

      expect(await chat.savedAnswer()).toMatchObject({
        ...{ content: "", status: "failed", abstained: false, errorCode: "PROVIDER_NO_ANSWER" },
      });
      expect((await chat.savedTrace()).outcome.reason).toContain(why);
    },
  );

  test("an answer that is cut at the most tokens says so", async () => {
    const chat = await answered({ text: "26 weeks [1].", finish: "length" });

    expect((await chat.savedAnswer())?.content).toBe(
      "26 weeks [1].\n\nThe answer was cut off here because it got too long. Ask for a part of it to read on.",
    );
  });

  // Ollama has no filter.
  if (protocol === "ollama") return;
  test("an answer that a filter ends says so", async () => {
    const chat = await answered({ text: "26 weeks [1].", finish: "filtered" });

    expect(await chat.savedAnswer()).toMatchObject({
      ...{ status: "complete", citations: [{ n: 1 }] },
      content: expect.stringMatching(/^26 weeks \[1\]\.\n\nThe answer ends here because the content filter/),
    });
    expect((await chat.savedTrace()).outcome.reason).toContain("content filter");
  });
});
