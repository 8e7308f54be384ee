import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type {
  CreateSynonym,
  MissingWords,
  SynonymImportAnswer,
  SynonymPage,
  SynonymView,
} from "../../src/protocol/admin-api/synonyms.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

const SYNONYMS = "/api/admin/synonyms";

let parley: Parley;
let owner: AdminClient;
let visitor: VisitorClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.addDocument(
    "leave.md",
    "# Leave\n\nParental leave is 26 weeks.\n\n# Absence\n\nEveryone has 25 days of annual leave a year.",
  );
  await owner.addDocument(
    "urlaub.md",
    "# Freistellung\n\nDie bezahlte Freistellung dauert zwölf Tage im Jahr.",
  );
  visitor = await openVisitor(parley, (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey);
});
afterAll(() => parley.remove());
afterEach(async () => {
  let { items, total } = await list();
  for (; total > 0; { items, total } = await list())
    await Promise.all(items.map(({ id }) => owner.send("DELETE", `${SYNONYMS}/${id}`)));
});

const list = (query = "") => owner.get<SynonymPage>(`${SYNONYMS}${query}`);
const add = (asked: string, written: string, more: Partial<CreateSynonym> = {}) =>
  owner.send<SynonymView>("POST", SYNONYMS, { asked: [asked], written: [written], ...more });
const paste = (text: string) => owner.call<SynonymImportAnswer>("POST", `${SYNONYMS}/import`, { text });

describe("synonyms", () => {
  test("are added, read, changed, removed and brought back", async () => {
    const added = await add(" FlexiPot ", "annual leave");
    expect(added).toMatchObject({ asked: ["FlexiPot"], bothWays: true, line: "FlexiPot = annual leave" });

    const changed = await owner.send<SynonymView>("PATCH", `${SYNONYMS}/${added.id}`, { bothWays: false });
    expect(changed).toMatchObject({ asked: ["FlexiPot"], line: "FlexiPot > annual leave" });
    expect(await owner.get<SynonymView>(`${SYNONYMS}/${added.id}`)).toEqual(changed);

    expect((await owner.call("DELETE", `${SYNONYMS}/${added.id}`)).status).toBe(204);
    expect(await list()).toMatchObject({ items: [], total: 0, most: 500 });
    await owner.send("POST", `${SYNONYMS}/${added.id}/restore`);
    expect((await list()).total).toBe(1);
  });

  test("count for the next question, and no more once they are removed", async () => {
    const question = "How many days of FlexiPot do I get?";
    expect((await visitor.ask(question)).content).not.toContain("25 days");

    const { id } = await add("FlexiPot", "annual leave");
    const answer = await visitor.ask(question);
    expect(answer.content).toContain("25 days of annual leave");
    expect(answer.citations).toHaveLength(1);

    await owner.send("DELETE", `${SYNONYMS}/${id}`);
    expect((await visitor.ask(question)).content).not.toContain("25 days");
  });

  test("are asked with in the tenant's language, and shown in why this answer", async () => {
    await add("FlexiPot", "bezahlte Freistellung");

    const answer = await visitor.ask("Wie lange dauert der FlexiPot?");

    expect(answer.content).toContain("zwölf Tage");
    const { conversation } = await visitor.history();
    const trace = await owner.get<{ synonyms?: string[] }>(
      `/api/admin/conversations/${conversation}/messages/${answer.id}/trace`,
    );
    expect(trace.synonyms).toEqual(["FlexiPot = bezahlte Freistellung"]);
  });

  test("make a question of what would be taken for a hand on the keyboard, and of no greeting", async () => {
    await add("sdfghj", "annual leave");
    await add("hello", "annual leave");

    expect((await visitor.ask("sdfghj")).content).toContain("annual leave");
    expect(await visitor.ask("hello")).toMatchObject({ smallTalk: true });
  });

  test("are of one tenant alone", async () => {
    const other = await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: "Other" });
    const member = await addMember(parley, other.id, "owner");
    await member.send("POST", SYNONYMS, { asked: ["FlexiPot"], written: ["annual leave"] });

    expect((await list()).items).toEqual([]);
    expect((await visitor.ask("How many days of FlexiPot do I get?")).content).not.toContain("25 days");
  });

  test("come as text and go as text, all lines or none", async () => {
    const pasted = await paste("# our words\nFlexiPot = annual leave\n\nKVP > improvement, suggestion\n");
    expect(pasted.body).toEqual({ added: 2, unchanged: 0 });

    const exported = await (await owner.fetch("GET", `${SYNONYMS}/export`)).text();
    expect(exported).toBe("FlexiPot = annual leave\nKVP > improvement, suggestion\n");
    expect((await paste(`${exported}Blau = blue`)).body).toEqual({ added: 1, unchanged: 2 });

    const refused = await owner.call<{ error: { message: string; details: { lines: unknown[] } } }>(
      "POST",
      `${SYNONYMS}/import`,
      { text: "Rot = red\nnonsense\nGelb = gelb" },
    );
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toStartWith("Nothing was added. Line 2: Write what people say");
    expect(refused.body.error.details.lines).toHaveLength(2);
    expect((await list()).total).toBe(3);
  });

  test("that are there already are not added twice", async () => {
    await add("FlexiPot", "annual leave");
    const again = await owner.call("POST", SYNONYMS, { asked: ["annual  LEAVE"], written: ["flexipot"] });
    expect(again.status).toBe(409);
    expect((await list()).total).toBe(1);
  });

  test("there are 500 at most", async () => {
    const lines = Array.from({ length: 501 }, (_, at) => `word${at} = meaning${at}`);
    expect((await paste(lines.join("\n"))).status).toBe(422);
    expect((await list()).total).toBe(0);
    expect((await paste(lines.slice(1).join("\n"))).body).toEqual({ added: 500, unchanged: 0 });
    expect((await owner.call("POST", SYNONYMS, { asked: ["one"], written: ["more"] })).status).toBe(422);
  });

  test.each([
    ["no word", { asked: [], written: ["leave"] }, "asked"],
    ["a word without a letter", { asked: ["…"], written: ["leave"] }, "asked.0"],
    ["a word with a comma", { asked: ["a"], written: ["leave, holiday"] }, "written.0"],
    ["a word of 81 characters", { asked: ["x".repeat(81)], written: ["leave"] }, "asked.0"],
    ["eleven words", { asked: Array.from({ length: 11 }, (_, at) => `w${at}`), written: ["leave"] }, "asked"],
    ["the same word twice", { asked: ["Leave"], written: ["leave"] }, "written"],
    ["an unknown key", { asked: ["a"], written: ["b"], weight: 2 }, "weight"],
  ])("with %s are refused by name, and nothing is kept", async (_, body, field) => {
    const answer = await owner.call<{ error: { code: string; details: { fields: Record<string, string> } } }>(
      "POST",
      SYNONYMS,
      body,
    );
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.error.details.fields)).toEqual([field]);
    expect((await list()).total).toBe(0);
  });

  test("are suggested by the words of unanswered questions that no document has", async () => {
    await visitor.ask("Where do I find the Zettelbox?");
    await visitor.ask("Is the Zettelbox open today?");

    const { items } = await owner.get<MissingWords>(`${SYNONYMS}/missing`);

    expect(items.find(({ word }) => word === "zettelbox")).toEqual({
      ...{ word: "zettelbox", questions: 2, question: "Is the Zettelbox open today?" },
      conversation: (await visitor.history()).conversation,
    });
    expect(items.map(({ word }) => word)).not.toContain("leave");
    await add("Zettelbox", "annual leave");
    const after = await owner.get<MissingWords>(`${SYNONYMS}/missing`);
    expect(after.items.map(({ word }) => word)).not.toContain("zettelbox");
  });

  test("are changed by admins, and each change is in the audit log", async () => {
    const { id } = await add("FlexiPot", "annual leave");
    await owner.send("PATCH", `${SYNONYMS}/${id}`, { bothWays: false });
    await owner.send("DELETE", `${SYNONYMS}/${id}`);

    const log = rows(
      parley,
      "select action, target from audit_log where action like '%/synonyms%' order by id desc",
    );
    const last = log.slice(0, 3).map(({ action }) => action);
    expect(last).toEqual(["DELETE", "PATCH", "POST"].map((method) => expect.stringContaining(method)));
    expect(log[0]?.target).toBe(id);
  });
});
