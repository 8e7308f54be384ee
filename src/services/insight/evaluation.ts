import type { Deps } from "../../deps.ts";
import { EVALUATION_DEPTH as DEPTH, type RetrievalMeasures } from "../../domain/evaluation.ts";
import { newId, type SourceId, type TenantId } from "../../domain/ids.ts";
import { newJob } from "../../domain/job.ts";
import {
  INGEST,
  type IndexedChunk,
  type KnowledgeDocument,
  newDocument,
  newFileSource,
} from "../../domain/knowledge.ts";
import { chunkDocument } from "../../rag/chunk.ts";
import { readingVersion, WRITTEN_TEXT } from "../../rag/formats/catalog.ts";
import type { FusedCandidate } from "../../rag/fuse.ts";
import { languageOfDocument } from "../../rag/language.ts";
import {
  discountedGainAt,
  type JudgedRanking,
  percentile,
  recallAt,
  reciprocalRankAt,
} from "../../rag/metrics.ts";
import { ABSTAIN_BELOW } from "../../rag/select.ts";
import { ANALYSIS_VERSION, analyzeChunk } from "../../rag/text.ts";
import { type RetrievalDeps, rankChunks } from "../retrieval/retrieve.ts";

export type EvaluationDocument = { id: string; title: string; text: string };
/** `relevant` is empty for a question that the documents cannot answer. */
export type EvaluationQuery = { id: string; text: string; relevant: string[] };

export type RetrievalEvaluation = { documents: number } & RetrievalMeasures;

export type EvaluationDeps = Pick<Deps, "store" | "now"> & RetrievalDeps & { monotonicNow: () => number };

/** Candidates asked for, as many as a turn reads: several passages of one document count once. */
const CANDIDATES = 16;

/** Makes each document a ready source of the tenant. Which source is which document. */
export async function indexDocuments(
  deps: EvaluationDeps,
  tenantId: TenantId,
  documents: readonly EvaluationDocument[],
  onProgress: (done: number) => void,
): Promise<Map<SourceId, string>> {
  const documentOf = new Map<SourceId, string>();
  for (const [index, document] of documents.entries()) {
    documentOf.set(await indexDocument(deps, tenantId, document), document.id);
    onProgress(index + 1);
  }
  return documentOf;
}

/** Asks every question the way a turn does, up to the ranking, and measures what comes back. */
export async function evaluateRetrieval(
  deps: EvaluationDeps,
  tenantId: TenantId,
  queries: readonly EvaluationQuery[],
  documentOf: ReadonlyMap<SourceId, string>,
): Promise<RetrievalEvaluation> {
  const asked: AskedQuestion[] = [];
  for (const { text, relevant } of queries) {
    const { candidates, refused, ms } = await askRetrieval(deps, tenantId, text);
    const ranked = [...new Set(candidates.flatMap(({ hit }) => documentOf.get(hit.chunk.sourceId) ?? []))];
    asked.push({ ranking: relevant.length === 0 ? null : { ranked, relevant }, refused, ms });
  }
  return { documents: documentOf.size, ...measureRetrieval(asked) };
}

/** One question's candidates, whether a turn would refuse it and for what relevance, and how long the search alone took. */
export async function askRetrieval(
  deps: RetrievalDeps & { monotonicNow: () => number },
  tenantId: TenantId,
  text: string,
): Promise<{ candidates: FusedCandidate[]; refused: boolean; relevance: number; ms: number }> {
  const startedAt = deps.monotonicNow();
  const { candidates, bestRelevance } = await rankChunks(deps, tenantId, text, CANDIDATES);
  const ms = deps.monotonicNow() - startedAt;
  return { candidates, refused: bestRelevance < ABSTAIN_BELOW, relevance: bestRelevance, ms };
}

/** What came of a question; `ranking` is null for one that cannot be answered. */
export type AskedQuestion = { ranking: JudgedRanking | null; refused: boolean; ms: number };

export function measureRetrieval(asked: readonly AskedQuestion[]): RetrievalMeasures {
  const rankings = asked.flatMap(({ ranking }) => ranking ?? []);
  const latencies = asked.map(({ ms }) => ms);
  return {
    queries: asked.length,
    recall1: recallAt(1, rankings),
    recall5: recallAt(5, rankings),
    recall10: recallAt(DEPTH, rankings),
    mrr10: reciprocalRankAt(DEPTH, rankings),
    ndcg10: discountedGainAt(DEPTH, rankings),
    latencyP50Ms: percentile(0.5, latencies),
    latencyP95Ms: percentile(0.95, latencies),
    abstention: measureAbstention(
      asked.map(({ ranking, refused }) => ({ answerable: ranking !== null, refused })),
    ),
  };
}

function measureAbstention(
  asked: readonly { answerable: boolean; refused: boolean }[],
): RetrievalMeasures["abstention"] {
  const count = (holds: (each: (typeof asked)[number]) => boolean) => asked.filter(holds).length;
  const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const answerable = count((each) => each.answerable);
  const unanswerable = asked.length - answerable;
  const rightlyRefused = count((each) => each.refused && !each.answerable);
  return {
    answerable,
    unanswerable,
    precision: ratio(
      rightlyRefused,
      count((each) => each.refused),
    ),
    recall: ratio(rightlyRefused, unanswerable),
    answered: ratio(
      count((each) => each.answerable && !each.refused),
      answerable,
    ),
  };
}

async function indexDocument(
  deps: EvaluationDeps,
  tenantId: TenantId,
  document: EvaluationDocument,
): Promise<SourceId> {
  const source = newFileSource(deps.now(), tenantId, document.id, document.title || document.id);
  const file: KnowledgeDocument = {
    ...newDocument(source, document.id, document.text.length),
    format: WRITTEN_TEXT,
  };
  const job = newJob(deps.now(), tenantId, INGEST, file.id);
  await deps.store.sources.create(source, [file], [job]);
  const bytes = new TextEncoder().encode(document.text);
  // Plain text reads the same as Markdown, and documentation usually is Markdown.
  // Only an evaluation reads in this process: parsers are no part of a start.
  const { parseDocument } = await import("../../rag/formats/parse.ts");
  const parsed = await parseDocument(bytes, document.id, WRITTEN_TEXT, () => {});
  const drafts = chunkDocument(parsed);
  const documentLanguage = languageOfDocument(drafts.map(({ content }) => content));
  const chunks: IndexedChunk[] = drafts.map((draft) => ({
    id: newId("chunk"),
    sourceId: source.id,
    documentId: file.id,
    ...draft,
    ...analyzeChunk({ title: document.title, documentLanguage, ...draft }),
  }));
  await deps.store.chunks.replaceForDocument(tenantId, file.id, chunks, {
    ...{ format: "text", pageCount: null, warnings: [], jobId: job.id, reading: readingVersion("text") },
    ...{ now: deps.now(), analysis: ANALYSIS_VERSION },
  });
  return source.id;
}
