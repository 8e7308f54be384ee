/** What every storage engine promises about golden questions and the runs over them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { EvaluationRun, GoldenQuestion } from "../../src/domain/evaluation.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import type { NewSource } from "../../src/domain/knowledge.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aFile,
  aFirstAdmin,
  aGoldenQuestion,
  aJob,
  anEvaluationRun,
  anLlmConfig,
  anOutcome,
  aTenant,
  aWidget,
  NOW,
} from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const FIRST_PAGE = { cursor: null, limit: 50 };
const MANY = 100;

export function goldenQuestionContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of golden questions`, () => {
    let database: StoreUnderTest;
    let store: Store;
    let tenantId: TenantId;
    let otherTenant: TenantId;

    beforeEach(async () => {
      database = await makeDatabase();
      store = await database.open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      tenantId = first.tenant.id;
      const other = aTenant();
      await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
      otherTenant = other.id;
    });
    afterEach(() => store.close());

    async function addSource(tenant = tenantId): Promise<NewSource> {
      const { source, document } = aFile({ tenantId: tenant });
      await store.sources.create(source, [document], []);
      return source;
    }

    async function addQuestion(changes: Partial<GoldenQuestion> = {}): Promise<GoldenQuestion> {
      const question = aGoldenQuestion({ tenantId, ...changes });
      await store.goldenQuestions.save(question.tenantId, [question], MANY);
      return question;
    }

    const expecting = ({ id, title }: NewSource, passage: string | null = null) => ({
      ...{ source: id, title, passage },
    });
    const jobOf = (subject: string, kind: "evaluate" | "purge-golden-question" = "evaluate") =>
      aJob({ tenantId, kind, subject });

    async function beginRun(changes: Partial<EvaluationRun> = {}): Promise<EvaluationRun> {
      const run = anEvaluationRun({ tenantId, state: "running", ...changes });
      await store.evaluations.createRun(run, { ...jobOf(run.id), tenantId: run.tenantId }, MANY);
      return run;
    }

    const end = (run: EvaluationRun) =>
      store.evaluations.changeRun(run.tenantId, run.id, ["running"], { state: "done", finishedAt: NOW + 1 });

    describe("golden questions", () => {
      test("come back as they were saved, newest first, page by page", async () => {
        const source = await addSource();
        const [first, second, third] = [
          await addQuestion({ expected: [expecting(source, "26 weeks")] }),
          await addQuestion(),
          await addQuestion(),
        ];

        const page = await store.goldenQuestions.list(tenantId, {}, { cursor: null, limit: 2 });
        const rest = await store.goldenQuestions.list(tenantId, {}, { cursor: page.nextCursor, limit: 2 });

        expect(page.items.map(({ id }) => id)).toEqual([third?.id, second?.id] as never);
        expect(rest.items).toEqual([{ ...(first as GoldenQuestion), lacking: [], outcome: null }]);
        expect(rest.nextCursor).toBeNull();
        expect((await store.goldenQuestions.all(tenantId)).map(({ id }) => id)).toEqual(
          [first, second, third].map((each) => each?.id) as never,
        );
      });

      test("are found by part of their text, whatever the capitals", async () => {
        const { id } = await addQuestion({
          text: "Wie lange ist die Elternzeit für Öffentlich Bedienstete?",
        });
        await addQuestion();

        const found = await store.goldenQuestions.list(tenantId, { textContains: "ÖFFENTLICH" }, FIRST_PAGE);

        expect(found.items.map((each) => each.id)).toEqual([id]);
      });

      test("need attention once an expected source is removed, and no more when it is restored", async () => {
        const [kept, removed] = [await addSource(), await addSource()];
        const question = await addQuestion({ expected: [expecting(kept), expecting(removed)] });
        await addQuestion({ expected: [expecting(kept)] });
        const purge = aJob({ tenantId, kind: "purge-source", subject: removed.id });

        await store.sources.remove(tenantId, removed.id, NOW, purge);

        const attention = await store.goldenQuestions.list(tenantId, { state: "attention" }, FIRST_PAGE);
        expect(attention.items.map(({ id, lacking }) => [id, lacking])).toEqual([
          [question.id, [removed.id]],
        ]);
        expect(attention.items[0]?.expected[1]).toEqual(expecting(removed));
        expect(await store.goldenQuestions.counts(tenantId)).toEqual({ all: 2, failing: 0, attention: 1 });
        await store.sources.restore(tenantId, removed.id, NOW);
        expect((await store.goldenQuestions.get(tenantId, question.id)).lacking).toEqual([]);
      });

      test("stay when their source is gone for good, with the title that it had", async () => {
        const source = await addSource();
        const question = await addQuestion({ expected: [expecting(source)] });
        await store.sources.remove(
          tenantId,
          source.id,
          NOW,
          aJob({ tenantId, kind: "purge-source", subject: source.id }),
        );

        await store.sources.purge(tenantId, source.id);

        expect(await store.goldenQuestions.get(tenantId, question.id)).toMatchObject({
          expected: [{ title: source.title }],
          lacking: [source.id],
        });
      });

      test("another tenant's source does not stand in for one that is expected", async () => {
        const foreign = await addSource(otherTenant);
        const question = await addQuestion({ expected: [expecting(foreign)] });

        expect((await store.goldenQuestions.get(tenantId, question.id)).lacking).toEqual([foreign.id]);
      });

      test("are replaced under the same id, with what they expect", async () => {
        const [before, after] = [await addSource(), await addSource()];
        const question = await addQuestion({ expected: [expecting(before)] });
        const changed = { ...question, text: "Changed?", expected: [expecting(after)], updatedAt: NOW + 5 };

        await store.goldenQuestions.save(tenantId, [changed], MANY);

        expect(await store.goldenQuestions.all(tenantId)).toEqual([changed]);
      });

      test("that would be too many are all refused", async () => {
        await addQuestion();
        const more = [aGoldenQuestion({ tenantId }), aGoldenQuestion({ tenantId })];

        expect(await rejection(store.goldenQuestions.save(tenantId, more, 2))).toMatchObject({
          code: "RESOURCE_LIMIT",
        });
        expect((await store.goldenQuestions.counts(tenantId)).all).toBe(1);
        await store.goldenQuestions.save(tenantId, more.slice(1), 2);
      });

      test("are hidden when removed, back when restored, and gone when purged", async () => {
        const question = await addQuestion();
        const purge = jobOf(question.id, "purge-golden-question");

        await store.goldenQuestions.remove(tenantId, question.id, NOW, purge);
        expect((await store.goldenQuestions.list(tenantId, {}, FIRST_PAGE)).items).toEqual([]);
        expect(await rejection(store.goldenQuestions.get(tenantId, question.id))).toMatchObject({
          code: "NOT_FOUND",
        });
        await store.goldenQuestions.save(tenantId, [{ ...question, text: "Too late?" }], MANY);
        expect((await store.goldenQuestions.counts(tenantId)).all).toBe(0);

        expect(await store.goldenQuestions.restore(tenantId, question.id, NOW)).toMatchObject({
          id: question.id,
          text: question.text,
        });
        await store.goldenQuestions.purge(tenantId, question.id);
        expect((await store.goldenQuestions.counts(tenantId)).all).toBe(1);

        const again = { ...purge, id: jobOf("x").id };
        await store.goldenQuestions.remove(tenantId, question.id, NOW, again);
        await store.goldenQuestions.purge(tenantId, question.id);
        expect(await rejection(store.goldenQuestions.restore(tenantId, question.id, NOW))).toMatchObject({
          code: "NOT_FOUND",
        });
      });

      test("of another tenant are misses, whatever is done", async () => {
        const { id } = await addQuestion();
        const { goldenQuestions } = store;
        const purge = jobOf(id, "purge-golden-question");

        expect((await goldenQuestions.list(otherTenant, {}, FIRST_PAGE)).items).toEqual([]);
        expect((await goldenQuestions.counts(otherTenant)).all).toBe(0);
        expect(await goldenQuestions.all(otherTenant)).toEqual([]);
        for (const attempt of [
          () => goldenQuestions.get(otherTenant, id),
          () => goldenQuestions.remove(otherTenant, id, NOW, purge),
          () => goldenQuestions.restore(otherTenant, id, NOW),
        ])
          expect(await rejection(attempt())).toMatchObject({ code: "NOT_FOUND" });
        await goldenQuestions.purge(otherTenant, id);
        expect((await goldenQuestions.get(tenantId, id)).id).toBe(id);
      });
    });

    describe("runs over golden questions", () => {
      test("go on one at a time for each tenant", async () => {
        const run = await beginRun({ state: "queued" });

        expect(await rejection(beginRun())).toMatchObject({ code: "CONFLICT" });
        await beginRun({ tenantId: otherTenant });
        await store.evaluations.changeRun(tenantId, run.id, ["queued"], { state: "cancelled" });
        await beginRun();
      });

      test("that were cancelled meanwhile are not changed", async () => {
        const run = await beginRun();
        await store.evaluations.changeRun(tenantId, run.id, ["running"], { state: "cancelled" });

        expect(await end(run)).toBeNull();
        expect((await store.evaluations.getRun(tenantId, run.id)).state).toBe("cancelled");
      });

      test("ask each question once, over a restart, and count what they have", async () => {
        const questions = [await addQuestion(), await addQuestion(), await addQuestion()];
        const run = await beginRun();
        const [first, second, third] = questions as [GoldenQuestion, GoldenQuestion, GoldenQuestion];
        await store.evaluations.saveOutcomes(tenantId, [anOutcome(run, first), anOutcome(run, first)]);
        await store.evaluations.saveOutcomes(tenantId, [anOutcome(run, third, { verdict: "skipped" })]);
        await store.close();
        store = await database.open();

        const left = await store.evaluations.unasked(tenantId, run.id, 10);

        expect(left.map(({ id }) => id)).toEqual([second.id]);
        expect(await store.evaluations.getRun(tenantId, run.id)).toMatchObject({ asked: 2, skipped: 1 });
      });

      test("give each question its outcome once they are done, until the question changes", async () => {
        const question = await addQuestion();
        const run = await beginRun();
        const outcome = anOutcome(run, question, {
          verdict: "missed",
          ranks: [],
          top: [{ source: (await addSource()).id, title: "Handbook", relevance: 0.4, right: false }],
        });
        await store.evaluations.saveOutcomes(tenantId, [outcome]);
        expect((await store.goldenQuestions.get(tenantId, question.id)).outcome).toBeNull();

        await end(run);

        expect((await store.goldenQuestions.get(tenantId, question.id)).outcome).toEqual(outcome);
        const failing = await store.goldenQuestions.list(tenantId, { state: "failing" }, FIRST_PAGE);
        expect(failing.items.map(({ id }) => id)).toEqual([question.id]);
        expect((await store.goldenQuestions.counts(tenantId)).failing).toBe(1);
        await store.goldenQuestions.save(
          tenantId,
          [{ ...question, text: "Other?", updatedAt: NOW + 9 }],
          MANY,
        );
        expect((await store.goldenQuestions.get(tenantId, question.id)).outcome).toBeNull();
      });

      test("forget what they say of a question that is purged, and keep their numbers", async () => {
        const question = await addQuestion();
        const run = await beginRun();
        await store.evaluations.saveOutcomes(tenantId, [anOutcome(run, question)]);
        await end(run);
        await store.goldenQuestions.remove(
          tenantId,
          question.id,
          NOW,
          jobOf(question.id, "purge-golden-question"),
        );

        await store.goldenQuestions.purge(tenantId, question.id);

        expect(await store.evaluations.allOutcomes(tenantId, run.id)).toEqual([]);
        expect((await store.evaluations.getRun(tenantId, run.id)).asked).toBe(1);
      });

      test("are kept up to a number, the oldest go with their outcomes", async () => {
        const question = await addQuestion();
        const runs: EvaluationRun[] = [];
        for (let n = 0; n < 4; n++) {
          const run = anEvaluationRun({ tenantId, state: "running" });
          await store.evaluations.createRun(run, jobOf(run.id), 3);
          await store.evaluations.saveOutcomes(tenantId, [anOutcome(run, question)]);
          await end(run);
          runs.push(run);
        }
        const [oldest, second, third, newest] = runs as [
          EvaluationRun,
          EvaluationRun,
          EvaluationRun,
          EvaluationRun,
        ];

        const { items } = await store.evaluations.listRuns(tenantId, FIRST_PAGE);

        expect(items.map(({ id }) => id)).toEqual([newest.id, third.id, second.id]);
        expect(await store.evaluations.allOutcomes(tenantId, oldest.id)).toEqual([]);
        expect((await store.evaluations.findRunBefore(tenantId, newest.id))?.id).toBe(third.id);
        expect(await store.evaluations.findRunBefore(tenantId, second.id)).toBeNull();
      });

      test("are compared with the finished one before, and list their outcomes page by page", async () => {
        const questions = [await addQuestion(), await addQuestion(), await addQuestion()];
        const first = await beginRun();
        await end(first);
        const failed = await beginRun();
        await store.evaluations.changeRun(tenantId, failed.id, ["running"], { state: "failed" });
        const last = await beginRun();
        await store.evaluations.saveOutcomes(
          tenantId,
          questions.map((question) => anOutcome(last, question)),
        );

        const page = await store.evaluations.outcomes(tenantId, last.id, { cursor: null, limit: 2 });
        const rest = await store.evaluations.outcomes(tenantId, last.id, {
          cursor: page.nextCursor,
          limit: 2,
        });

        expect((await store.evaluations.findRunBefore(tenantId, last.id))?.id).toBe(first.id);
        expect([...page.items, ...rest.items].map(({ question }) => question)).toEqual(
          questions.map(({ id }) => id),
        );
      });

      test("of another tenant are misses, whatever is done", async () => {
        const question = await addQuestion();
        const run = await beginRun();
        const { evaluations } = store;

        expect((await evaluations.listRuns(otherTenant, FIRST_PAGE)).items).toEqual([]);
        expect(await rejection(evaluations.getRun(otherTenant, run.id))).toMatchObject({ code: "NOT_FOUND" });
        expect(await rejection(evaluations.outcomes(otherTenant, run.id, FIRST_PAGE))).toMatchObject({
          code: "NOT_FOUND",
        });
        expect(await evaluations.changeRun(otherTenant, run.id, ["running"], { state: "done" })).toBeNull();
        expect(await evaluations.unasked(otherTenant, run.id, 10)).toEqual([]);
        await evaluations.saveOutcomes(otherTenant, [anOutcome(run, question)]);
        expect(await evaluations.allOutcomes(tenantId, run.id)).toEqual([]);
        expect(await evaluations.findRunBefore(otherTenant, run.id)).toBeNull();
      });
    });
  });
}
