import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { TriedAnswer } from "../../src/protocol/admin-api/conversations.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, count } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const ANSWER = "/api/admin/knowledge/answer";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
});
afterAll(() => parley.remove());

const tryIt = (question: string) => owner.send<TriedAnswer>("POST", ANSWER, { question });
const KEPT = ["conversations", "messages", "turn_traces", "chat_sessions", "audit_log", "jobs"];
const kept = () => KEPT.map((table) => count(parley, table));

describe("trying a question", () => {
  test.each(["How long is parental leave?", "Who won the cup in 1974?", "hello", "what can you do"])(
    "%s is answered as a visitor would be, and nothing of it is kept",
    async (question) => {
      const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
      const visitor = await openVisitor(parley, embedKey);
      const told = await visitor.ask(question);
      const before = kept();

      const { answer, trace } = await tryIt(question);

      expect(answer.content).toBe(told.content);
      expect(answer.citations).toEqual(told.citations);
      expect(answer.followUps).toEqual(told.followUps ?? []);
      expect(answer.smallTalk !== null).toBe(told.smallTalk === true);
      expect(answer.abstained).toBe(told.nearest !== undefined || question.includes("1974"));
      expect(answer.status).toBe("complete");
      expect(trace.outcome.reason).not.toBeNull();
      expect(kept()).toEqual(before);
    },
  );

  test("asks the tenant's model, and says what became of one that fails", async () => {
    const provider = await startScriptedProvider();
    const model = { provider: "openai", baseUrl: provider.url("openai"), model: "scripted-small" };
    await owner.send("PUT", "/api/admin/llm/config", model);
    try {
      provider.answer({ text: "26 weeks at full pay [1]." });
      const { answer, trace } = await tryIt("How long is parental leave?");
      expect(answer).toMatchObject({ content: "26 weeks at full pay [1].", status: "complete" });
      expect(answer.citations).toMatchObject([{ title: "leave" }]);
      expect(trace.model).toBe("scripted-small");

      provider.answer({ status: 401 });
      const failed = await tryIt("How long is parental leave?");
      expect(failed.answer).toMatchObject({ status: "complete", errorCode: null });
      expect(failed.answer.content).toContain("The language model is not available at the moment.");
      expect(failed.trace.outcome).toMatchObject({
        ...{ code: "PROVIDER_REJECTED", reason: expect.stringContaining("No language model could answer.") },
      });
    } finally {
      await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
      await provider.close();
    }
  });

  test("is answered from the section and not from the table of contents that names it", async () => {
    const lines = ["Notice", "Car park permit renewal", "Sick leave", "Hotels"];
    const contents = lines.map((line, at) => `${at + 1}. ${line} ........ ${at * 7 + 3}`).join("\n\n");
    const section = "# Car park permit renewal\n\nIt is done at reception every January.";
    await owner.addDocument("rules.md", `# Contents\n\n${contents}\n\n${section}`);

    const { answer, trace } = await tryIt("How does car park permit renewal work?");

    expect(answer.content).toContain("at reception every January");
    expect(answer.content).not.toContain("....");
    expect(trace.candidates.at(-1)?.reason).toBe("below the threshold");
  });

  test("is answered for each case that it leaves open, with the choices to go on with", async () => {
    for (const [country, days] of [
      ["Norway", 25],
      ["Sweden", 28],
    ])
      await owner.addDocument(
        `${country}.md`,
        `# Employment in ${country}\n\n## Holiday\n\nThe holiday entitlement is ${days} days a year.`,
      );
    const question = "How many days is the holiday entitlement?";
    const { answer } = await tryIt(question);

    expect(answer.content).toContain("**Norway**: The holiday entitlement is 25 days a year.");
    expect(answer.content).toContain("**Sweden**: The holiday entitlement is 28 days a year.");
    expect(answer.citations).toHaveLength(2);
    expect(answer.followUps.toSorted()).toEqual([
      "How many days is the holiday entitlement (Norway)?",
      "How many days is the holiday entitlement (Sweden)?",
    ]);
    const chosen = await tryIt("How many days is the holiday entitlement (Sweden)?");
    expect(chosen.answer.content).toBe("The holiday entitlement is 28 days a year. [1]");
    expect(chosen.answer.followUps).toEqual([]);
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    expect((await (await openVisitor(parley, embedKey)).ask(question)).followUps).toEqual(answer.followUps);
  });

  test("is answered in the part that the documents know, and says of the other that they do not", async () => {
    const { answer } = await tryIt("How long is parental leave and who won the football cup in 1974?");

    expect(answer.content).toBe(
      "Parental leave is 26 weeks at full pay. [1]\n\nOn “who won the football cup in 1974?” I found nothing in the documents.",
    );
    expect(answer.abstained).toBe(false);
  });

  test("is for admins, and refuses what a visitor could not ask", async () => {
    const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
    const viewer = await addMember(parley, tenant?.id ?? "", "viewer");

    expect((await viewer.call("POST", ANSWER, { question: "How long is parental leave?" })).status).toBe(403);
    expect((await owner.call("POST", ANSWER, { question: "  " })).status).toBe(400);
    expect((await owner.call("POST", ANSWER, { question: "x".repeat(8_001) })).status).toBe(400);
    expect((await owner.call("POST", ANSWER, {})).status).toBe(400);
  });
});
