import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentParser } from "../../src/deps.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import type { ChunkedDocument, KnowledgeDocument } from "../../src/domain/knowledge.ts";
import { AppError } from "../../src/errors.ts";
import { JOB_HANDLERS } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { openFiles } from "../../src/store/files.ts";
import type { Store } from "../../src/store/store.ts";
import { aFile, aFirstAdmin } from "../helpers/builders.ts";
import { fakeEmbeddings } from "../helpers/fake-embeddings.ts";
import { noTools } from "../helpers/no-tools.ts";
import { openTestStore } from "../helpers/sqlite.ts";

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const PARSED: ChunkedDocument = {
  format: "text",
  chunks: [{ ordinal: 0, content: "The canteen opens at noon.", headingPath: [], page: null, tokenCount: 7 }],
  pageCount: null,
  warnings: [],
};

let now: number;
let store: Store;
let tenantId: TenantId;
let folder: string;
let queue: JobQueue | null;
let parse: (attempt: number) => Promise<ChunkedDocument>;
let attempts: number;
let announced: (sourceId: string) => void;

beforeEach(async () => {
  now = 1_000_000;
  attempts = 0;
  queue = null;
  store = await openTestStore({ now: () => now });
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  folder = await mkdtemp(join(tmpdir(), "parley-ingestion-"));
  announced = () => {};
});
afterEach(async () => {
  await queue?.stop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  const parser: DocumentParser = {
    parse: () => {
      attempts += 1;
      return parse(attempts);
    },
    close: async () => {},
  };
  queue = await startQueue(
    {
      store,
      parser,
      embeddings: fakeEmbeddings(),
      ...noTools,
      ...{
        dense: LEXICAL_ONLY,
        reranking: NO_RERANKING,
        monotonicNow: () => now,
        settings: { version: "0.0.0" },
      },
      files: await openFiles(folder),
      // Time that passes whenever it is looked at, so that waiting for a second attempt takes no time.
      now: () => (now += 10_000),
      log: QUIET,
      live: {
        publish: (event) => event.type === "source" && announced(event.sourceId),
        subscribe: () => () => {},
      },
    },
    JOB_HANDLERS,
  );
}

async function enqueue(): Promise<KnowledgeDocument> {
  const { source, document, job } = aFile({ tenantId }, { format: "text" });
  await store.sources.create(source, [document], [{ ...job, runAt: 0 }]);
  return document;
}

/** Resolves with the document once it has ended. */
function ended({ id, sourceId }: KnowledgeDocument): Promise<KnowledgeDocument> {
  return new Promise((resolve) => {
    announced = async (announcedId) => {
      if (announcedId !== sourceId) return;
      const current = await store.documents.get(tenantId, id);
      if (current.status === "ready" || current.status === "failed") resolve(current);
    };
  });
}

describe("reading a document", () => {
  test("makes a document searchable", async () => {
    parse = async () => PARSED;
    const document = await enqueue();
    const end = ended(document);
    await start();

    expect(await end).toMatchObject({ status: "ready", chunkCount: 1, errorCode: null });
  });

  test("gives up at once on a document that is to blame itself, with its reason", async () => {
    parse = async () => {
      throw new AppError("ENCRYPTED", "This PDF has a password.");
    };
    const document = await enqueue();
    const end = ended(document);
    await start();

    expect(await end).toMatchObject({
      status: "failed",
      errorCode: "ENCRYPTED",
      errorMessage: "This PDF has a password.",
    });
    expect(attempts).toBe(1);
  });

  test("tries again after a crash of the parser, and succeeds when it can", async () => {
    parse = async (attempt) => {
      if (attempt < 3) throw new AppError("PARSER_CRASHED", "The parser died.");
      return PARSED;
    };
    const document = await enqueue();
    const end = ended(document);
    await start();

    expect(await end).toMatchObject({ status: "ready" });
    expect(attempts).toBe(3);
  });

  test("row R1: a document that always fails is tried three times and blocks nobody", async () => {
    parse = async (attempt) => {
      if (attempt <= 3) throw new Error("out of luck");
      return PARSED;
    };
    const poison = await enqueue();
    const end = ended(poison);
    await start();
    const failed = await end;
    expect(failed).toMatchObject({ status: "failed", errorCode: "POISON" });
    expect(failed.errorMessage).not.toContain("out of luck");
    expect(attempts).toBe(3);

    const next = await enqueue();
    const nextEnd = ended(next);
    queue?.wake();
    expect(await nextEnd).toMatchObject({ status: "ready" });
  });

  test("being stopped in the middle is no attempt", async () => {
    const began = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<never>();
    parse = () => {
      began.resolve();
      return ending.promise;
    };
    await start();
    const document = await enqueue();
    queue?.wake();
    await began.promise;

    const stopped = queue?.stop();
    ending.reject(new Error("The parser was closed."));
    await stopped;

    expect(await store.jobs.findLatest("ingest", document.id)).toMatchObject({
      state: "queued",
      attempts: 0,
    });
  });

  test("a document without any text is an empty one", async () => {
    parse = async () => ({ ...PARSED, chunks: [] });
    const document = await enqueue();
    const end = ended(document);
    await start();

    expect(await end).toMatchObject({ status: "failed", errorCode: "EMPTY_DOCUMENT" });
  });
});
