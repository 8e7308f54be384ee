import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { newId } from "../domain/ids.ts";
import { AppError } from "../errors.ts";
import { installNativeParts } from "../native/native.ts";
import { openSecrets } from "../secrets/seal.ts";
import { createTokens } from "../secrets/tokens.ts";
import { newTenant } from "../services/access/tenants.ts";
import {
  evaluateRetrieval,
  indexDocuments,
  type RetrievalEvaluation,
} from "../services/insight/evaluation.ts";
import { LEXICAL_ONLY } from "../services/retrieval/dense.ts";
import { NO_RERANKING } from "../services/retrieval/reranking.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";

const documentLine = z.object({ id: z.string(), title: z.string().default(""), text: z.string() });
const queryLine = z.object({ id: z.string(), text: z.string(), relevant: z.array(z.string()) });

/** A document a second would be slow; this often shows that it moves. */
const REPORT_EVERY = 500;

/** Asked before the clock counts, as a server that has just started is no measure of one that runs. */
const WARM_UP_QUESTIONS = 500;

/**
 * `parley eval retrieval`: indexes a corpus in a data folder of its own, which is removed afterwards, asks
 * every question of a file and measures what is found. Nothing of an existing installation is touched.
 *
 * @param corpusFile lines of `{id, title?, text}`
 * @param queriesFile lines of `{id, text, relevant: [id]}`; no relevant id means that nothing answers it
 * @throws AppError USAGE naming the file and line that is not of that form
 */
export async function evalRetrieval(
  corpusFile: string,
  queriesFile: string,
  report: (line: string) => void,
): Promise<RetrievalEvaluation> {
  const documents = readLines(corpusFile, documentLine);
  const queries = readLines(queriesFile, queryLine);
  const folder = mkdtempSync(join(tmpdir(), "parley-eval-"));
  const store = await openTemporaryStore(folder);
  const searches = { dense: LEXICAL_ONLY, reranking: NO_RERANKING };
  const deps = { store, ...searches, now: Date.now, monotonicNow: () => performance.now() };
  try {
    const tenantId = await createTenant(store);
    const documentOf = await indexDocuments(deps, tenantId, documents, (done) => {
      if (done % REPORT_EVERY === 0) report(`indexed ${done} of ${documents.length} documents`);
    });
    // What a server has done long before it is asked.
    await store.warm();
    // The remains of indexing would otherwise be cleared away while the clock runs.
    Bun.gc(true);
    await evaluateRetrieval(deps, tenantId, warmUpQuestions(queries), documentOf);
    report(`asking ${queries.length} questions`);
    return await evaluateRetrieval(deps, tenantId, queries, documentOf);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first ones, again from the beginning where there are not enough. */
function warmUpQuestions<Query>(queries: readonly Query[]): Query[] {
  if (queries.length === 0) return [];
  return Array.from({ length: WARM_UP_QUESTIONS }, (_, n) => queries[n % queries.length] as Query);
}

/** The one line of `--json`, or the same for people. */
export function formatEvaluation(evaluation: RetrievalEvaluation, json: boolean): string {
  const { abstention, ...measures } = evaluation;
  if (json) return JSON.stringify(measures);
  const percent = (share: number | null) => (share === null ? "–" : `${(share * 100).toFixed(1)} %`);
  const rows: [string, string][] = [
    ["Documents", String(measures.documents)],
    ["Questions", String(measures.queries)],
    ["Recall@1", percent(measures.recall1)],
    ["Recall@5", percent(measures.recall5)],
    ["Recall@10", percent(measures.recall10)],
    ["MRR@10", percent(measures.mrr10)],
    ["nDCG@10", percent(measures.ndcg10)],
    ["Answerable questions answered", percent(abstention.answered)],
    ["Unanswerable questions refused", percent(abstention.recall)],
    ["Refusals that were right", percent(abstention.precision)],
    ["Latency p50", `${measures.latencyP50Ms.toFixed(2)} ms`],
    ["Latency p95", `${measures.latencyP95Ms.toFixed(2)} ms`],
  ];
  return rows.map(([what, value]) => `${what.padEnd(32)} ${value.padStart(10)}`).join("\n");
}

function readLines<Line extends z.ZodType>(path: string, schema: Line): z.output<Line>[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("USAGE", `The file ${path} cannot be read.`, { cause });
  }
  return text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [parseLine(line, schema, path, index + 1)]));
}

function parseLine<Line extends z.ZodType>(
  line: string,
  schema: Line,
  path: string,
  number: number,
): z.output<Line> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new AppError(
      "USAGE",
      `Line ${number} of ${path} is not an object of the expected form. See parley --help.`,
      { cause },
    );
  }
}

async function openTemporaryStore(folder: string): Promise<Store> {
  return await openStore({
    ...{ url: null, dataDirectory: folder, native: await installNativeParts(folder), now: Date.now },
    secrets: await openSecrets(crypto.getRandomValues(new Uint8Array(32))),
  });
}

async function createTenant(store: Store) {
  const tokens = createTokens(crypto.getRandomValues(new Uint8Array(32)));
  const { tenant, widget, llm } = newTenant({ tokens, now: Date.now }, "Evaluation");
  const user = {
    id: newId("user"),
    email: "evaluation@parley.invalid",
    name: "",
    operator: true,
    disabled: true,
    createdAt: Date.now(),
  };
  await store.instance.initialise({ tenant, user, passwordHash: "", widget, llm });
  return tenant.id;
}
