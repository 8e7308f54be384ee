import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { SourceId, TenantId } from "../../src/domain/ids.ts";
import { analyzeChunk } from "../../src/rag/text.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { rankChunks, retrieve } from "../../src/services/retrieval/retrieve.ts";
import type { Store } from "../../src/store/store.ts";
import { aChunk, aFile, aFirstAdmin, aJob, firstDocument, NOW } from "../helpers/builders.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const BUDGET = { maxPassages: 4, tokenBudget: 1000 };

let store: Store;
let tenantId: TenantId;

beforeEach(async () => {
  store = await openTestStore();
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
});

async function add(...contents: string[]): Promise<SourceId> {
  const { source, document, job } = aFile({ tenantId });
  await store.sources.create(source, [document], [job]);
  await read(source.id, contents);
  return source.id;
}

async function read(sourceId: SourceId, contents: string[]): Promise<void> {
  const chunks = contents.map((content, ordinal) =>
    aChunk({
      ...{ sourceId, ordinal, content, headingPath: [] },
      ...analyzeChunk({ title: "", headingPath: [], content }),
    }),
  );
  const outcome = {
    format: "text" as const,
    pageCount: null,
    warnings: [],
    now: NOW,
    analysis: 1,
    reading: 1,
  };
  await store.chunks.replaceForDocument(tenantId, firstDocument(sourceId), chunks, {
    ...outcome,
    jobId: aJob({ tenantId }).id,
  });
}

const contentsOf = async (deps: Parameters<typeof rankChunks>[0], question: string) =>
  (await rankChunks(deps, tenantId, question, 10)).candidates.map(({ hit }) => hit.chunk.content);

/** The same store, in which something happens each time between finding and reading. */
function whileReading(change: () => Promise<void>) {
  const chunks = {
    ...store.chunks,
    async findByRows(...asked: Parameters<Store["chunks"]["findByRows"]>) {
      await change();
      return store.chunks.findByRows(...asked);
    },
  };
  return { store: { ...store, chunks }, dense: LEXICAL_ONLY, reranking: NO_RERANKING };
}

describe("between finding and reading", () => {
  test("a source that is read anew is found where it is now", async () => {
    const sourceId = await add("The walrus sleeps.");
    let changes = 0;
    const deps = whileReading(async () => {
      if (changes++ === 0) await read(sourceId, ["The walrus sleeps.", "The seal swims."]);
    });

    expect(await contentsOf(deps, "Where is the walrus?")).toEqual(["The walrus sleeps."]);
  });

  test("a source that is removed is not shown", async () => {
    const sourceId = await add("The walrus sleeps.");
    await add("A walrus is large.");
    const purge = aJob({ tenantId, kind: "purge-source", subject: sourceId });
    let changes = 0;
    const deps = whileReading(async () => {
      if (changes++ === 0) await store.sources.remove(tenantId, sourceId, NOW, purge);
    });

    expect(await contentsOf(deps, "Where is the walrus?")).toEqual(["A walrus is large."]);
  });

  test("changes that do not end do not hold a question up", async () => {
    const sourceId = await add("The walrus sleeps.");
    const deps = whileReading(() => read(sourceId, ["The walrus sleeps."]));

    expect(await contentsOf(deps, "Where is the walrus?")).toEqual([]);
  });
});

test("every candidate is told of, with why it was kept or dropped", async () => {
  for (let n = 0; n < 20; n++) await add(`Walrus number ${n} sleeps on the ice of the northern sea.`);

  const { candidates } = await retrieve(
    { store, dense: LEXICAL_ONLY, reranking: NO_RERANKING },
    tenantId,
    "Which walrus sleeps on the ice?",
    BUDGET,
  );

  expect(candidates).toHaveLength(16);
  expect(candidates.filter(({ kept }) => kept).length).toBeLessThanOrEqual(BUDGET.maxPassages);
  for (const { reason, lexical, fused } of candidates) {
    expect([reason.length > 0, lexical !== null, fused > 0]).toEqual([true, true, true]);
  }
});

test("passages that follow each other are one for the model, and each is told of by itself", async () => {
  await add("The walrus sleeps on the ice.", "The walrus eats clams from the ice.", "Seals swim.");

  const { passages, candidates } = await retrieve(
    { store, dense: LEXICAL_ONLY, reranking: NO_RERANKING },
    tenantId,
    "Does the walrus sleep and eat on the ice?",
    BUDGET,
  );

  expect(passages.map(({ n, text }) => [n, text])).toEqual([
    [1, "The walrus sleeps on the ice.\nThe walrus eats clams from the ice."],
  ]);
  expect(candidates.filter(({ kept }) => kept)).toHaveLength(2);
});
