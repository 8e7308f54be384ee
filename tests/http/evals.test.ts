import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type {
  EvaluationRunView,
  GoldenQuestionPage,
  GoldenQuestionView,
  ImportAnswer,
  OutcomeView,
  RunComparisonView,
} from "../../src/protocol/admin-api/evals.ts";
import type { SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

const QUESTIONS = "/api/admin/evals/questions";
const RUNS = "/api/admin/evals/runs";

let parley: Parley;
let owner: AdminClient;
let leave: SourceView;
let canteen: SourceView;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  leave = await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  canteen = await owner.addDocument("canteen.txt", "The canteen opens at noon and serves soup.");
});
afterAll(() => parley.remove());
afterEach(async () => {
  for (const { id } of (await list()).items) await owner.send("DELETE", `${QUESTIONS}/${id}`);
});

const list = (query = "") => owner.get<GoldenQuestionPage>(`${QUESTIONS}${query}`);
const add = (text: string, ...expected: { source: string; passage?: string }[]) =>
  owner.send<GoldenQuestionView>("POST", QUESTIONS, { text, expected });
const importFile = (name: string, content: string) =>
  owner.call<ImportAnswer>("POST", `${QUESTIONS}/import`, formOf([{ name, content }]));

/** Runs all questions and resolves with the run once it is over. */
async function measure(): Promise<EvaluationRunView> {
  const socket = await owner.live();
  const { id } = await owner.send<EvaluationRunView>("POST", RUNS);
  let run = await owner.get<EvaluationRunView>(`${RUNS}/${id}`);
  while (run.state === "queued" || run.state === "running") {
    await socket.next("job");
    run = await owner.get<EvaluationRunView>(`${RUNS}/${id}`);
  }
  await socket.close();
  return run;
}

describe("golden questions", () => {
  test("are added, read, changed, removed and brought back", async () => {
    const added = await add("  How long is parental leave? ", { source: leave.id, passage: "26 weeks" });
    expect(added).toMatchObject({
      text: "How long is parental leave?",
      expected: [{ source: leave.id, title: "leave", passage: "26 weeks", gone: false }],
      outcome: null,
    });

    const changed = await owner.send<GoldenQuestionView>("PATCH", `${QUESTIONS}/${added.id}`, {
      expected: [],
    });
    expect(changed).toMatchObject({ text: added.text, expected: [] });
    expect(await owner.get<GoldenQuestionView>(`${QUESTIONS}/${added.id}`)).toEqual(changed);

    expect((await owner.call("DELETE", `${QUESTIONS}/${added.id}`)).status).toBe(204);
    expect((await list()).items).toEqual([]);
    expect((await owner.call("GET", `${QUESTIONS}/${added.id}`)).status).toBe(404);
    await owner.send("POST", `${QUESTIONS}/${added.id}/restore`);
    expect((await list()).counts).toEqual({ all: 1, failing: 0, attention: 0 });
  });

  test("come page by page, found by their words", async () => {
    for (const word of ["one", "two", "three"]) await add(`Where is number ${word}?`);

    const first = await list("?limit=2");
    const rest = await list(`?limit=2&cursor=${first.nextCursor}`);

    expect([...first.items, ...rest.items].map(({ text }) => text.split(" ").at(-1))).toEqual([
      "three?",
      "two?",
      "one?",
    ]);
    expect((await list("?q=TWO")).items).toHaveLength(1);
    expect((await owner.call("GET", `${QUESTIONS}?cursor=x`)).status).toBe(400);
    expect((await owner.call("GET", `${QUESTIONS}?state=other`)).status).toBe(400);
  });

  test("that are there already are not added twice", async () => {
    await add("How long is parental leave?");
    const second = await add("When does the canteen open?");

    const again = await owner.call("POST", QUESTIONS, { text: "how long is  PARENTAL leave?", expected: [] });
    const renamed = await owner.call("PATCH", `${QUESTIONS}/${second.id}`, {
      text: "How long is parental leave?",
    });

    expect([again.status, renamed.status]).toEqual([409, 409]);
    expect((await list()).counts.all).toBe(2);
  });

  test("that are added five times at once are there once, also when they are renamed to it", async () => {
    const others = [await add("When does the canteen open?"), await add("Who won the cup in 1974?")];
    const once = async (requests: Promise<{ status: number }>[], done: number) => {
      const statuses = (await Promise.all(requests)).map(({ status }) => status);
      expect(statuses.filter((status) => status === done)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(requests.length - 1);
    };
    const leaveQuestion = { text: "How long is parental leave?", expected: [] };

    await once(
      Array.from({ length: 5 }, () => owner.call("POST", QUESTIONS, leaveQuestion)),
      201,
    );
    await once(
      others.map(({ id }) => owner.call("PATCH", `${QUESTIONS}/${id}`, { text: "May I work from home?" })),
      200,
    );

    expect((await list()).counts.all).toBe(3);
  });

  test("that were removed and added again are not brought back beside themselves", async () => {
    const removed = await add("How long is parental leave?");
    await owner.call("DELETE", `${QUESTIONS}/${removed.id}`);
    await add("How long is  parental leave?");

    const restored = await owner.call("POST", `${QUESTIONS}/${removed.id}/restore`);

    expect(restored.status).toBe(409);
    expect((await list()).counts.all).toBe(1);
  });

  test.each([
    ["no text", { text: "  ", expected: [] }, "text"],
    ["a text of 1,001 characters", { text: "x".repeat(1001), expected: [] }, "text"],
    ["nothing expected and nothing said of it", { text: "Why?" }, "expected"],
    ["a source that is no id", { text: "Why?", expected: [{ source: "leave.md" }] }, "expected.0.source"],
    [
      "a source that does not exist",
      { text: "Why?", expected: [{ source: `src_${"0".repeat(26)}` }] },
      "expected",
    ],
    [
      "21 sources",
      { text: "Why?", expected: Array(21).fill({ source: `src_${"0".repeat(26)}` }) },
      "expected",
    ],
    ["a field that is not known", { text: "Why?", expected: [], answer: "x" }, "answer"],
  ])("%s is refused by its field", async (_what, body, field) => {
    const { status, body: answer } = await expectNothingPersisted(parley, () =>
      owner.call<{ error: { code: string; details: { fields: object } } }>("POST", QUESTIONS, body),
    );

    expect([status, answer.error.code]).toEqual([400, "VALIDATION"]);
    expect(Object.keys(answer.error.details.fields)).toContain(field);
  });

  test("a source named twice is refused", async () => {
    const body = { text: "Why?", expected: [{ source: leave.id }, { source: leave.id }] };

    expect((await owner.call("POST", QUESTIONS, body)).status).toBe(400);
  });

  test("of a removed source need attention, can still be saved, and are well once it is back", async () => {
    const { id } = await add("When does the canteen open?", { source: canteen.id });
    await owner.send("DELETE", `/api/admin/knowledge/${canteen.id}`);

    const { items, counts } = await list("?state=attention");
    const saved = await owner.call("PATCH", `${QUESTIONS}/${id}`, {
      text: "When does the canteen open on Mondays?",
      expected: [{ source: canteen.id }, { source: leave.id }],
    });

    expect(items).toMatchObject([{ id, expected: [{ title: "canteen", gone: true }] }]);
    expect(counts.attention).toBe(1);
    expect(saved.status).toBe(200);
    await owner.send("POST", `/api/admin/knowledge/${canteen.id}/restore`);
    expect((await list()).counts.attention).toBe(0);
  });

  test("are not changed by those who may only read", async () => {
    const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
    const agent = await addMember(parley, tenant?.id ?? "", "agent");

    expect((await agent.call("GET", QUESTIONS)).status).toBe(200);
    expect((await agent.call("POST", QUESTIONS, { text: "Why?", expected: [] })).status).toBe(403);
    expect((await agent.call("POST", RUNS)).status).toBe(403);
  });
});

describe("a file of golden questions", () => {
  const FILE = [
    { text: "How long is parental leave?", relevant: ["leave"] },
    { text: "When does the canteen open?", relevant: [{ source: "canteen.txt", passage: "noon" }] },
    { text: "Who won the cup in 1974?", relevant: [] },
  ];
  const lines = (questions: unknown[]) => questions.map((each) => JSON.stringify(each)).join("\n");

  test("is added as a whole, and what stands in it already is replaced or left as it is", async () => {
    const first = await importFile("q.jsonl", lines(FILE));
    const again = await importFile("q.jsonl", lines([FILE[0], { text: FILE[2]?.text, relevant: ["leave"] }]));

    expect(first).toMatchObject({ status: 200, body: { added: 3, replaced: 0, unchanged: 0 } });
    expect(again.body).toEqual({ added: 0, replaced: 1, unchanged: 1 });
    const { items } = await list();
    expect(items.map(({ expected }) => expected.map(({ title }) => title))).toEqual([
      ["leave"],
      ["canteen"],
      ["leave"],
    ]);
    expect(items[1]?.expected[0]?.passage).toBe("noon");
  });

  test("that is taken in three times at once is added once", async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => importFile("q.jsonl", lines(FILE))));

    expect(answers.map(({ body }) => body.added).sort()).toEqual([0, 0, 3]);
    expect((await list()).counts.all).toBe(3);
  });

  test.each(["csv", "jsonl"])("comes out as %s, and goes in again unchanged", async (format) => {
    await importFile("q.jsonl", lines(FILE));

    const exported = await owner.fetch("GET", `${QUESTIONS}/export?format=${format}`);

    expect(exported.headers.get("content-disposition")).toContain(`golden-questions.${format}`);
    const { body } = await importFile(`q.${format}`, await exported.text());
    expect(body).toEqual({ added: 0, replaced: 0, unchanged: 3 });
  });

  test.each([
    ["a source that is not known", lines([FILE[0], { text: "Why?", relevant: ["nothing"] }]), [2]],
    ["a line that is no JSON", `${lines(FILE)}\n{"text":`, [4]],
    ["a question twice", lines([FILE[0], FILE[1], FILE[0]]), [3]],
    [
      "an empty and an endless question",
      lines([
        { text: " ", relevant: [] },
        { text: "x".repeat(1001), relevant: [] },
      ]),
      [1, 2],
    ],
    ["a table without its columns", "a,b\n1,2\n", [1]],
  ])("with %s adds nothing, and names the lines", async (_what, content, wrong) => {
    const { status, body } = await expectNothingPersisted(parley, () =>
      owner.call<{ error: { message: string; details: { lines: { line: number }[] } } }>(
        "POST",
        `${QUESTIONS}/import`,
        formOf([{ name: "q.txt", content }]),
      ),
    );

    expect(status).toBe(400);
    expect(body.error.message).toContain(`Nothing was imported. Line ${wrong[0]}:`);
    expect(body.error.details.lines.map(({ line }) => line)).toEqual(wrong);
  });

  test("with a name that two sources have asks for the file name", async () => {
    const second = await owner.addDocument("other.md", "Something else entirely.");
    await owner.send("PATCH", `/api/admin/knowledge/${second.id}`, { title: "Canteen" });

    const { status, body } = await importFile("q.csv", "text,relevant\nWhy?,canteen\n");

    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain("2 sources are called");
    expect((await importFile("q.csv", "text,relevant\nWhy?,canteen.txt\n")).status).toBe(200);
    await owner.send("DELETE", `/api/admin/knowledge/${second.id}`);
  });

  test("with more questions than there may be adds none of them", async () => {
    const many = Array.from({ length: 2_001 }, (_, at) => ({ text: `Question ${at}?`, relevant: [] }));

    const { status, body } = await importFile("q.jsonl", lines(many));

    expect([status, body]).toMatchObject([422, { error: { code: "RESOURCE_LIMIT" } }]);
    expect((await list()).counts.all).toBe(0);
  });

  test("is one file", async () => {
    const form = formOf([
      { name: "a.csv", content: "text,relevant\na,\n" },
      { name: "b.csv", content: "text,relevant\nb,\n" },
    ]);

    expect((await owner.call("POST", `${QUESTIONS}/import`, form)).status).toBe(400);
  });
});

describe("a run", () => {
  test("measures what visitors would find, and says it of every question", async () => {
    await add("How long is parental leave?", { source: leave.id });
    await add("When does the canteen open?", { source: leave.id });
    await add("Which planet has the most moons?");

    const run = await measure();

    expect(run).toMatchObject({ state: "done", total: 3, asked: 3, skipped: 0, error: null });
    expect(run.active).toEqual({ version: expect.any(String), embedding: null, reranker: null });
    expect(run.measures).toMatchObject({
      ...{ questions: 3, answerable: 2, unanswerable: 1, recall1: 0.5, recall5: 0.5, mrr10: 0.5 },
      ...{ abstentionPrecision: 1, abstentionRecall: 1, answered: 1 },
    });
    const failing = await list("?state=failing");
    expect(failing.items.map(({ text, outcome }) => [text, outcome?.verdict])).toEqual([
      ["When does the canteen open?", "missed"],
    ]);
    expect(failing.items[0]?.outcome?.top[0]).toMatchObject({ title: "canteen", right: false });
    const outcomes = await owner.get<{ items: OutcomeView[] }>(`${RUNS}/${run.id}/outcomes`);
    expect(outcomes.items.map(({ verdict }) => verdict)).toEqual(["first", "missed", "rightly-refused"]);
  });

  test("has no share of what was not asked", async () => {
    await add("Which planet has the most moons?");

    expect((await measure()).measures).toMatchObject({ recall1: null, answered: null, abstentionRecall: 1 });
  });

  test("needs a question, is the only one, and can be stopped while it goes on", async () => {
    expect((await owner.call("POST", RUNS)).status).toBe(409);
    const many = Array.from(
      { length: 1_500 },
      (_, at) => `{"text":"Is leave ${at} paid?","relevant":["leave"]}`,
    );
    await importFile("q.jsonl", many.join("\n"));
    const { id } = await owner.send<EvaluationRunView>("POST", RUNS);

    expect((await owner.call("POST", RUNS)).status).toBe(409);
    expect(await owner.send<EvaluationRunView>("POST", `${RUNS}/${id}/cancel`)).toMatchObject({
      state: "cancelled",
    });
    expect((await owner.call("POST", `${RUNS}/${id}/cancel`)).status).toBe(409);
    for (const { text } of rows(parley, "select text from golden_questions where deleted_at is null"))
      expect(String(text)).toContain("leave");
  });

  test("goes on after the process was killed in the middle", async () => {
    const many = Array.from(
      { length: 400 },
      (_, at) => `{"text":"Is leave ${at} paid?","relevant":["leave"]}`,
    );
    await importFile("q.jsonl", many.join("\n"));
    const before = (await list()).counts.all;
    const socket = await owner.live();
    const { id } = await owner.send<EvaluationRunView>("POST", RUNS);
    await socket.until(({ type, job }) => type === "job" && (job as { progress: number }).progress > 0);
    await parley.kill9();
    await parley.restart();
    await owner.signIn();
    const again = await owner.live();
    let run = await owner.get<EvaluationRunView>(`${RUNS}/${id}`);
    while (run.state === "queued" || run.state === "running") {
      await again.next("job");
      run = await owner.get<EvaluationRunView>(`${RUNS}/${id}`);
    }
    await again.close();

    expect(run).toMatchObject({ state: "done", asked: before, measures: { questions: before } });
  });

  test("is compared with the one before", async () => {
    await add("How long is parental leave?", { source: leave.id });
    const former = await measure();
    const decoy = await owner.addDocument(
      "decoy.txt",
      "How long is parental leave? How long is parental leave?",
    );
    const run = await measure();
    await owner.send("DELETE", `/api/admin/knowledge/${decoy.id}`);

    const comparison = await owner.get<RunComparisonView>(`${RUNS}/${run.id}/comparison`);

    expect(comparison).toMatchObject({
      run: { id: run.id },
      former: { id: former.id },
      better: { total: 0 },
    });
    expect(comparison.worse.items).toMatchObject([{ before: { rank: 1 }, after: { rank: 2 } }]);
    const unknown = `${RUNS}/${run.id}/comparison?with=evr_${"0".repeat(26)}`;
    expect((await owner.call("GET", unknown)).status).toBe(404);
    expect(
      (await owner.get<{ items: EvaluationRunView[] }>(RUNS)).items.map(({ id }) => id).slice(0, 2),
    ).toEqual([run.id, former.id]);
  });
});
