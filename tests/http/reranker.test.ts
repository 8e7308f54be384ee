import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import type { ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { NOT_A_NUMBER } from "../helpers/model-folder.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";
import { writeTinyReranker } from "../helpers/tiny-reranker.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const RERANKER = "/api/admin/models/reranker";
/** Found first by its words, because it is all about rules. */
const RULES = "# Rules\n\nThe rules for a holiday: rules, rules and holiday rules are on the wall.";
/** Found second by its words, and said to answer by the tiny reranker. */
const ABSENCE =
  "# Absence\n\nRules: a holiday is leave. Vacation is leave, leave is vacation, and leave is leave.";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.addDocument("rules.md", RULES);
  await owner.addDocument("absence.md", ABSENCE);
  await writeTinyReranker(folderOf("tiny-reranker"));
});
afterAll(() => parley.remove());
beforeEach(() => owner.send("PUT", RERANKER, { model: null }));

const folderOf = (name: string) => join(parley.dataDirectory, "models", name);
const models = () => owner.get<ModelsView>("/api/admin/models");
const choose = (model: string | null) => owner.call<ModelsView>("PUT", RERANKER, { model });
const search = async (query: string) =>
  (await owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query })).items;
const titles = (items: SearchHitView[]) => items.map(({ title }) => title);

describe("the reranker", () => {
  test("puts passages in another order once it is chosen, and no longer once it is switched off", async () => {
    const before = await search("holiday rules");
    expect(titles(before)).toEqual(["rules", "absence"]);
    expect(before[0]?.rerank).toBeNull();

    const chosen = await choose("tiny-reranker");

    expect(chosen).toMatchObject({ status: 200 });
    expect(chosen.body.reranker).toEqual({ active: "tiny-reranker", problem: null });
    expect(chosen.body.models).toMatchObject([{ name: "tiny-reranker", kind: "reranker", dimension: null }]);
    const after = await search("holiday rules");
    expect(titles(after)).toEqual(["absence", "rules"]);
    const [best, second] = after.map(({ rerank }) => rerank ?? 0);
    expect(best).toBeGreaterThan(second ?? 0);

    expect((await choose(null)).body.reranker).toEqual({ active: null, problem: null });
    expect(await search("holiday rules")).toEqual(before);
  });

  test("is in use again after a restart, and the trace of a turn has its scores and its order", async () => {
    await choose("tiny-reranker");
    await parley.restart();
    await owner.signIn();

    const trace = await answered("holiday rules");

    expect((await models()).reranker).toEqual({ active: "tiny-reranker", problem: null });
    expect(trace.candidates.map(({ title }) => title)).toEqual(["absence", "rules"]);
    const [first, second] = trace.candidates;
    expect(first?.rerank).toBeGreaterThan(second?.rerank ?? Number.POSITIVE_INFINITY);
    expect(first?.fused).toBeLessThan(second?.fused ?? 0);
    expect(first?.reason).toContain(`reranked ${first?.rerank?.toFixed(2)}`);
  });

  test("that fails leaves the order as it was found, and the admins are told once", async () => {
    await owner.addDocument("broken.md", `# Broken\n\nThe ${NOT_A_NUMBER} of elevators.`);
    const before = await search("elevators");
    await choose("tiny-reranker");
    const socket = await owner.live();

    expect(await search("elevators")).toEqual(before);
    const notice = await socket.next("notice");
    expect(notice).toMatchObject({ level: "warn", code: "MODEL_NOT_AVAILABLE" });
    expect(String(notice.text)).toStartWith("Passages are not reranked for now: ");
    expect((await models()).reranker).toMatchObject({
      active: "tiny-reranker",
      problem: { code: "MODEL_NOT_AVAILABLE", message: expect.stringContaining("not numbers") },
    });
    expect((await answered("elevators")).candidates[0]).toMatchObject({ title: "broken", rerank: null });

    expect(titles(await search("holiday rules"))).toEqual(["absence", "rules"]);
    expect((await models()).reranker.problem).toBeNull();
    await socket.close();
  });

  test("whose files were altered is left out after the next start, and the turn answers", async () => {
    await choose("tiny-reranker");
    const weights = join(folderOf("tiny-reranker"), "onnx/model.onnx");
    await rename(weights, `${weights}.kept`);
    await writeFile(weights, "other weights");
    await parley.restart();
    await owner.signIn();

    const trace = await answered("holiday rules");

    expect(trace.candidates[0]).toMatchObject({ title: "rules", rerank: null, kept: true });
    expect((await models()).reranker.problem).toMatchObject({
      message: expect.stringContaining("onnx/model.onnx is not the one"),
    });
    await rename(`${weights}.kept`, weights);
    expect(titles(await search("holiday rules"))).toEqual(["absence", "rules"]);
  });
});

describe("a reranker that cannot be used changes nothing", () => {
  test.each([
    ["is not there", async () => {}, "no model named bad"],
    ["embeds", () => writeTinyModel(folderOf("bad"), { name: "bad" }), "is an embedding model"],
    ["gives no number", () => writeBad("never a number"), "not numbers"],
    ["gives several", () => writeBad("several numbers"), "where a reranker gives one"],
    ["tells nothing apart", () => writeBad("no difference"), "wrong answers as high as right ones"],
  ])("when it %s", async (_what, write, reason) => {
    await choose("tiny-reranker");
    await write();

    const answer = await choose("bad");

    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.body).toMatchObject({
      error: { code: "MODEL_NOT_AVAILABLE", message: expect.stringContaining(reason) },
    });
    expect((await models()).reranker).toEqual({ active: "tiny-reranker", problem: null });
    expect(titles(await search("holiday rules"))).toEqual(["absence", "rules"]);
  });

  test.each([{}, { model: "" }, { model: 3 }, { model: null, force: true }])(
    "when the body is %j",
    async (body) => {
      const answer = await owner.call("PUT", RERANKER, body);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "VALIDATION" } } });
    },
  );

  test("when an index is asked of it", async () => {
    const answer = await owner.call("POST", "/api/admin/models/indexes", {
      source: "local",
      model: "tiny-reranker",
    });

    expect(answer.body).toMatchObject({
      error: { code: "MODEL_NOT_AVAILABLE", message: expect.stringContaining("is a reranker") },
    });
    expect((await models()).indexes).toEqual([]);
  });

  test("and while it is in use it is not removed", async () => {
    const remove = () => runParley(["model", "remove", "tiny-reranker", "--data", parley.dataDirectory]);
    await choose("tiny-reranker");

    const refused = await remove();
    expect(refused.exitCode).toBe(73);
    expect(refused.stderr).toContain("It is the reranker in use");
    expect(await owner.call("DELETE", "/api/admin/models/local/tiny-reranker")).toMatchObject({
      status: 409,
      body: { error: { code: "CONFLICT", message: expect.stringContaining("the reranker in use") } },
    });

    await choose(null);
    expect(await remove()).toMatchObject({ exitCode: 0 });
    await writeTinyReranker(folderOf("tiny-reranker"));
  });
});

const writeBad = (fault: NonNullable<Parameters<typeof writeTinyReranker>[1]>["fault"]) =>
  writeTinyReranker(folderOf("bad"), { name: "bad", ...(fault && { fault }) });

type Trace = {
  candidates: { title: string; fused: number; rerank: number | null; kept: boolean; reason: string }[];
};

/** Asks as a visitor; how the answer came about. */
async function answered(text: string): Promise<Trace> {
  const { items: tenants } = await owner.get<{ items: { embedKey: string }[] }>("/api/admin/tenants");
  const visitor = await openVisitor(parley, tenants[0]?.embedKey ?? "");
  const message = await visitor.ask(text);
  expect(message).toMatchObject({ status: "complete" });
  const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/conversations");
  return owner.get(`/api/admin/conversations/${items[0]?.id}/messages/${message.id}/trace`);
}
