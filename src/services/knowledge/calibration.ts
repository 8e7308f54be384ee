/** Measures what an index's cosines mean, on a sample of the passages that are in it and on pairs that are known. */
import type { Deps } from "../../deps.ts";
import type { EmbeddingIndex, EmbeddingScale } from "../../domain/embedding.ts";
import type { EmbeddingProvider } from "../../providers/provider.ts";
import { embeddingScale, type ProbedCosines, probeOf } from "../../rag/calibration.ts";
import { embeddedText } from "../../rag/embedded-text.ts";
import { cosine, KNOWN_PAIRS } from "../../rag/similarity.ts";
import type { SampledChunk } from "../../store/store.ts";

type CalibrationDeps = Pick<Deps, "store" | "embeddings">;

/** Up to two texts are embedded for each: seconds of most models, and enough that chance moves no mean by much. */
const SAMPLED = 128;
/** Texts embedded in one go, between which the work can be stopped. */
const TEXTS_AT_ONCE = 32;
/** As deep as a question looks; nearly always something of another document is among them. */
const DEPTH = 50;
/** An index that has grown or shrunk by this much has other best wrong passages. */
const GROWTH = 1.5;

type Probe = { chunk: SampledChunk; question: string; rest: string };
type Measured = { probed: ProbedCosines[]; background: number[] };

/** Measures an index anew, unless it has about as many passages as when that was last done. */
export async function calibrateIndex(
  deps: CalibrationDeps,
  index: EmbeddingIndex,
  signal: AbortSignal,
): Promise<void> {
  const { chunks } = await deps.store.embeddingIndexes.coverage(index.id);
  const before = index.calibratedOn;
  if (before !== null && chunks <= before * GROWTH && chunks * GROWTH >= before) return;
  const provider = await deps.embeddings.open(index.model, index.dimension);
  const pairs = await measurePairs(provider, signal);
  const passages = await measurePassages(deps, index, provider, signal);
  await deps.store.embeddingIndexes.calibrate(index.id, toScale([pairs, passages]), chunks);
}

/** What is known of a model before anything of the customer's was embedded with it. */
export async function firstScale(provider: EmbeddingProvider): Promise<EmbeddingScale> {
  return toScale([await measurePairs(provider, new AbortController().signal)]);
}

function toScale(measured: readonly Measured[]): EmbeddingScale {
  const background = measured.flatMap((each) => each.background);
  return embeddingScale(
    measured.flatMap(({ probed }) => probed),
    background.reduce((sum, each) => sum + each, 0) / Math.max(1, background.length),
  );
}

/** The known questions against each other's answers, which is all there is to an index that is still empty. */
async function measurePairs(provider: EmbeddingProvider, signal: AbortSignal): Promise<Measured> {
  const questions = await embedAll(
    provider,
    KNOWN_PAIRS.map(([question]) => question),
    "query",
    signal,
  );
  const answers = await embedAll(
    provider,
    KNOWN_PAIRS.map(([, answer]) => answer),
    "passage",
    signal,
  );
  const rows = questions.map((question) => answers.map((answer) => cosine(question, answer)));
  const wrong = rows.map((row, own) => row.filter((_, place) => place !== own));
  return {
    probed: rows.map((row, own) => ({ own: row[own] ?? 0, bestOther: Math.max(...(wrong[own] ?? [])) })),
    background: wrong.flat(),
  };
}

async function measurePassages(
  { store }: CalibrationDeps,
  index: EmbeddingIndex,
  provider: EmbeddingProvider,
  signal: AbortSignal,
): Promise<Measured> {
  const probes = (await store.embeddingIndexes.sampleChunks(SAMPLED)).flatMap(toProbe);
  const questions = await embedAll(
    provider,
    probes.map(({ question }) => question),
    "query",
    signal,
  );
  const rests = await embedAll(
    provider,
    probes.map(({ rest }) => rest),
    "passage",
    signal,
  );
  const measured: Measured = { probed: [], background: [] };
  for (const [place, probe] of probes.entries()) {
    const question = questions[place] as Float32Array;
    const bestOther = await bestOfOthers(store, index, probe, question);
    // An index of one document has nothing else to find.
    if (bestOther === null) continue;
    measured.probed.push({ own: cosine(question, rests[place] as Float32Array), bestOther });
    for (const [other, { chunk }] of probes.entries()) {
      if (chunk.document !== probe.chunk.document)
        measured.background.push(cosine(question, rests[other] as Float32Array));
    }
  }
  return measured;
}

function toProbe(chunk: SampledChunk): Probe[] {
  const probe = probeOf(chunk.content);
  if (probe === null) return [];
  return [
    { chunk, question: probe.question, rest: embeddedText(chunk.title, chunk.headingPath, probe.rest) },
  ];
}

/** The nearest passage of another document that does not hold the very sentence, as copies of a document do. */
async function bestOfOthers(
  store: CalibrationDeps["store"],
  { id }: EmbeddingIndex,
  { chunk, question }: Probe,
  vector: Float32Array,
): Promise<number | null> {
  const hits = await store.embeddingIndexes.searchByVector(chunk.tenantId, id, vector, DEPTH);
  const other = hits.find(
    ({ chunk: found }) => found.documentId !== chunk.document && !found.content.includes(question),
  );
  return other?.similarity ?? null;
}

async function embedAll(
  provider: EmbeddingProvider,
  texts: readonly string[],
  kind: "query" | "passage",
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
    vectors.push(...(await provider.embed(texts.slice(from, from + TEXTS_AT_ONCE), kind, signal)));
  }
  return vectors;
}
