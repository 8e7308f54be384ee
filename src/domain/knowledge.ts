import type { DocumentErrorCode } from "../errors.ts";
import type { ChunkId, FileId, SourceId, TenantId, UnixMs } from "./ids.ts";

/** The job that reads a source. */
export const INGEST = "ingest";
/** The job that deletes a removed source for good. */
export const PURGE_SOURCE = "purge-source";

export type SourceStatus = "queued" | "processing" | "ready" | "failed";

/**
 * The name of an entry in the catalogue of formats (`rag/formats/catalog.ts`), which is asked wherever one is used:
 * the domain keeps names only, so that another format changes nothing here.
 */
export type DocumentFormat = string;

/** Signs for kinds of documents: several formats share one. */
export const DOCUMENT_ICONS = ["page", "text", "web", "table", "data"] as const;
export type DocumentIcon = (typeof DOCUMENT_ICONS)[number];

/** What an admin adds: here always one uploaded file. */
export type KnowledgeSource = {
  id: SourceId;
  tenantId: TenantId;
  title: string;
  filename: string;
  format: DocumentFormat | null;
  status: SourceStatus;
  /** 0 to 1 while processing, else null. */
  progress: number | null;
  /** What the ingestion is doing, in words for the admin: "Reading", "Page 3 of 12". Null when idle. */
  stage: string | null;
  errorCode: DocumentErrorCode | "INTERNAL" | "STORAGE_FULL" | null;
  errorMessage: string | null;
  /** Things worth knowing that did not stop ingestion, in sentences. */
  warnings: string[];
  chunkCount: number;
  pageCount: number | null;
  byteSize: number;
  /** SHA-256 of the bytes, hex; null for a refused upload. */
  contentHash: string | null;
  fileId: FileId | null;
  tags: string[];
  createdAt: UnixMs;
  updatedAt: UnixMs;
  /** Hidden since then; final when the purge job runs. */
  deletedAt: UnixMs | null;
};

/** What a parser makes of a document: its text in reading order, cut where its own structure cuts it. */
export type DocumentBlock = {
  kind: "heading" | "paragraph" | "list" | "table" | "code";
  text: string;
  /** Headings above the block, outermost first. */
  headingPath: string[];
  /** 1-based; null where the format has no pages. */
  page: number | null;
};

export type ParsedDocument = {
  format: DocumentFormat;
  blocks: DocumentBlock[];
  pageCount: number | null;
  /** Sentences for the admin: what was left out and why. */
  warnings: string[];
};

/** A piece of a document before it is stored. */
export type ChunkDraft = {
  /** 0-based place in the document. */
  ordinal: number;
  content: string;
  headingPath: string[];
  page: number | null;
  tokenCount: number;
};

/** A document in the pieces that are stored: what comes out of the parser child. */
export type ChunkedDocument = Omit<ParsedDocument, "blocks"> & { chunks: ChunkDraft[] };

/** A stored piece of a document. `content` is what people see; `searchText` is what is indexed. */
export type Chunk = {
  id: ChunkId;
  sourceId: SourceId;
  /** 0-based place in the document. */
  ordinal: number;
  content: string;
  headingPath: string[];
  page: number | null;
  /** ISO 639-3 as detected, "und" when unknown. */
  language: string;
  /** Estimated tokens of `content`. */
  tokenCount: number;
};

/** A chunk with what the lexical index stores for it, made by rag/text: terms separated by spaces. */
export type IndexedChunk = Chunk & { titleTerms: string; headingTerms: string; contentTerms: string };

/** A stored chunk with its source's title, as retrieval and the admin see it. */
export type FoundChunk = Chunk & { sourceTitle: string };

/** One candidate of an embedding index. */
export type VectorHit = {
  chunk: FoundChunk;
  /** Cosine of the question and the passage, -1 to 1. Comparable within one index. */
  similarity: number;
};
