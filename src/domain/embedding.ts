import type { EmbeddingIndexId, UnixMs } from "./ids.ts";
import type { StoredKey } from "./secret.ts";

/** What people are told of a kind of server that makes vectors, and what it needs of them. */
export type EmbeddingServer = {
  /** Kept with every index; never "local". */
  name: string;
  label: string;
  hint: string;
  addressHelp: string;
  takesKey: boolean;
};

/** A folder below `<data>/models`, imported or packed into the binary. */
export type LocalEmbeddingModel = { source: "local"; name: string };

export type RemoteEmbeddingModel = StoredKey & {
  /** The name of an entry in the catalogue of servers, which is asked wherever one is used. */
  source: string;
  name: string;
  baseUrl: string;
  /** Put before each question and each passage, for models that were trained with such words. */
  queryPrefix: string;
  passagePrefix: string;
};

/** Where a model's vectors come from, with all that decides what they are. */
export type EmbeddingModel = LocalEmbeddingModel | RemoteEmbeddingModel;

export function isLocal(model: EmbeddingModel): model is LocalEmbeddingModel {
  return model.source === "local";
}

/** A model below `<data>/models`, as far as its manifest tells. */
export type LocalModel = {
  name: string;
  /** A reranker compares a question with a passage; an embedding model makes vectors for an index. */
  kind: "embedding" | "reranker";
  /** Null for a reranker, and like the licence when the manifest cannot be read. */
  dimension: number | null;
  licence: string | null;
  sizeBytes: number;
  /** Part of the binary, so it cannot be removed. */
  packed: boolean;
  /** Why it cannot be used, in a sentence; null when nothing is known against it. */
  problem: string | null;
};

/**
 * `building` is being filled; `ready` has a vector for every passage; `active` is what questions are compared
 * with, of which there is at most one; `retired` was active and can be again.
 */
export type EmbeddingIndexState = "building" | "ready" | "active" | "retired";

/**
 * Cosines of one model, or a reranker's scores, between questions and passages that answer them, and between
 * questions and the best passage that does not: between the two, similarity becomes evidence.
 */
export type SimilarityScale = { related: number; unrelated: number };

/** Of the cosines in one index, as its own passages have them. */
export type EmbeddingScale = SimilarityScale & {
  /** Between texts that have nothing to do with each other: many models give all texts a likeness. */
  background: number;
  /** How far those of either kind are from their mean. */
  deviation: number;
};

/** The vectors of one model for the passages of all tenants. Vectors of two indexes are never compared. */
export type EmbeddingIndex = {
  id: EmbeddingIndexId;
  model: EmbeddingModel;
  dimension: number;
  state: EmbeddingIndexState;
  scale: EmbeddingScale;
  /** How many passages it had when its scale was measured on them; null while that has not been done. */
  calibratedOn: number | null;
  createdAt: UnixMs;
  /** When it last became the active one; null for never. */
  activatedAt: UnixMs | null;
};

/** The reranker that puts the best passages in order, and what its scores mean. */
export type ActiveReranker = {
  /** A folder below `<data>/models`. */
  model: string;
  scale: SimilarityScale;
  chosenAt: UnixMs;
};
