/** A data directory with as many chunks as wanted, of made-up words and, if wanted, with vectors. */
import { existsSync } from "node:fs";
import { type EmbeddingIndexId, newId, type TenantId } from "../../src/domain/ids.ts";
import { newJob } from "../../src/domain/job.ts";
import {
  type IndexedChunk,
  type KnowledgeDocument,
  newDocument,
  newFileSource,
} from "../../src/domain/knowledge.ts";
import type { LlmConfig } from "../../src/domain/llm.ts";
import type { User } from "../../src/domain/user.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { ANALYSIS_VERSION } from "../../src/rag/text.ts";
import { openMasterKey } from "../../src/secrets/key-file.ts";
import { openSecrets } from "../../src/secrets/seal.ts";
import { createTokens } from "../../src/secrets/tokens.ts";
import { newTenant } from "../../src/services/access/tenants.ts";
import { databasePath, openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";

export type Filling = {
  chunks: number;
  /** Of the owner, owner@example.org; without one nobody can sign in. */
  password?: string;
  llm?: Partial<LlmConfig>;
  /** One vector for each chunk, of a model behind a server that speaks OpenAI's embeddings; active. */
  vectors?: { all: Float32Array; dimension: number; baseUrl: string };
};

export const OWNER_EMAIL = "owner@example.org";
const CHUNKS_PER_SOURCE = 5_000;
const WORDS_PER_CHUNK = 60;

const now = Date.now;

/** Written through the store. The tenant's embed key. */
export async function fillFolder(data: string, filling: Filling): Promise<string> {
  const masterKey = openMasterKey({
    dataDirectory: data,
    given: null,
    isNeeded: () => existsSync(databasePath(data)),
  });
  const tokens = createTokens(masterKey);
  const store = await openStore({
    ...{ url: null, dataDirectory: data, native: await installNativeParts(data), now },
    secrets: await openSecrets(masterKey),
  });
  const { tenant, widget, llm } = newTenant({ tokens, now }, "Bench");
  const passwordHash = filling.password === undefined ? "-" : await tokens.hashPassword(filling.password);
  await store.instance.initialise({
    ...{ tenant, widget, passwordHash, user: owner() },
    llm: { ...llm, ...filling.llm },
  });
  const index = filling.vectors ? await addIndex(store, filling.vectors) : null;
  for (let first = 0; first < filling.chunks; first += CHUNKS_PER_SOURCE) {
    await addSource(store, tenant.id, first, Math.min(CHUNKS_PER_SOURCE, filling.chunks - first), {
      index,
      vectors: filling.vectors,
    });
  }
  await store.close();
  return tenant.embedKey;
}

function owner(): User {
  return {
    ...{ id: newId("user"), email: OWNER_EMAIL, name: "Owner" },
    ...{ operator: true, disabled: false, createdAt: now() },
  };
}

async function addIndex(
  store: Store,
  { dimension, baseUrl }: NonNullable<Filling["vectors"]>,
): Promise<EmbeddingIndexId> {
  const id = newId("embedding-index");
  await store.embeddingIndexes.create({
    ...{ id, dimension, state: "building", createdAt: now(), activatedAt: null },
    model: { source: "openai", name: "bench", baseUrl, apiKey: null, queryPrefix: "", passagePrefix: "" },
    scale: { related: 0.6, unrelated: 0.1, background: 0, deviation: 0.1 },
    calibratedOn: 0,
  });
  await store.embeddingIndexes.markReady(id);
  await store.embeddingIndexes.activate(id, now());
  return id;
}

async function addSource(
  store: Store,
  tenantId: TenantId,
  first: number,
  count: number,
  { index, vectors }: { index: EmbeddingIndexId | null; vectors: Filling["vectors"] },
): Promise<void> {
  const source = newFileSource(now(), tenantId, "manual.txt", `Manual ${first}`);
  const document = newDocument(source, "manual.txt", 1);
  const job = newJob(now(), tenantId, "ingest", document.id);
  await store.sources.create(source, [document], [job]);
  const chunks = Array.from({ length: count }, (_, ordinal) => madeUpChunk(document, ordinal));
  await store.chunks.replaceForDocument(tenantId, document.id, chunks, {
    ...{ format: "text", pageCount: null, warnings: [], jobId: job.id },
    ...{ now: now(), analysis: ANALYSIS_VERSION, reading: 1 },
  });
  if (index === null || vectors === undefined) return;
  const { all, dimension } = vectors;
  const vectorAt = (place: number) =>
    all.subarray((first + place) * dimension, (first + place + 1) * dimension);
  await store.embeddingIndexes.write(
    index,
    chunks.map(({ id }, place) => ({ chunk: id, vector: vectorAt(place) })),
  );
}

function madeUpChunk({ id, sourceId }: KnowledgeDocument, ordinal: number): IndexedChunk {
  const words = Array.from({ length: WORDS_PER_CHUNK }, madeUpWord).join(" ");
  return {
    ...{ id: newId("chunk"), sourceId, documentId: id, ordinal, content: words, headingPath: [], page: null },
    ...{ language: "eng", tokenCount: 80, titleTerms: "manual", headingTerms: "", contentTerms: words },
  };
}

let seed = 42;
const SYLLABLES = ["ba", "co", "du", "fe", "gi", "la", "mo", "nu", "pe", "ri", "sa", "to", "ve", "wi"];
const VOCABULARY = 20_000;

/** Few words are frequent and many are rare, as in a language. */
export function madeUpWord(): string {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
  let rank = Math.floor(VOCABULARY * (seed / 0x7fffffff) ** 3);
  let word = "";
  do {
    word += SYLLABLES[rank % SYLLABLES.length];
    rank = Math.floor(rank / SYLLABLES.length);
  } while (rank > 0);
  return `${word}x`;
}
