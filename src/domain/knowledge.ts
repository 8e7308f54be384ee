import type { DocumentErrorCode } from "../errors.ts";
import {
  type ChunkId,
  type DocumentId,
  type FileId,
  newId,
  type SourceId,
  type TenantId,
  type UnixMs,
} from "./ids.ts";

/** The job that reads a document. */
export const INGEST = "ingest";
/** The job that deletes a removed source for good. */
export const PURGE_SOURCE = "purge-source";

/** Of a document; of a source it is what its documents are: see `KnowledgeSource`. */
export type DocumentStatus = "queued" | "processing" | "ready" | "failed";

/**
 * The name of an entry in the catalogue of formats (`rag/formats/catalog.ts`), which is asked wherever one is used:
 * the domain keeps names only, so that another format changes nothing here.
 */
export type DocumentFormat = string;

/** Signs for kinds of documents: several formats share one. */
export const DOCUMENT_ICONS = ["page", "text", "web", "table", "data"] as const;
export type DocumentIcon = (typeof DOCUMENT_ICONS)[number];

/** What an admin adds. Here always a file. */
export type SourceKind = "file";

/** A source as it is added; everything else about it is what its documents are. */
export type NewSource = {
  id: SourceId;
  tenantId: TenantId;
  kind: SourceKind;
  /** Where it comes from: for a file its name. Null for what has none. */
  address: string | null;
  /** When it is read again by itself; null when only a person asks for it. */
  schedule: string | null;
  title: string;
  tags: string[];
  createdAt: UnixMs;
  /** Of the source, and of what was changed last in it. */
  updatedAt: UnixMs;
  /** Hidden since then; final when the purge job runs. */
  deletedAt: UnixMs | null;
};

/** What an admin added, with the state of the documents in it. */
export type KnowledgeSource = NewSource & {
  /** `processing` or `queued` while any document is, `failed` when all of them are, else `ready`. */
  status: DocumentStatus;
  /** The mean over its documents, 0 to 1, while the source is processing; else null. */
  progress: number | null;
  documentCount: number;
  failedCount: number;
  chunkCount: number;
  byteSize: number;
  /** Null when there are several, or none. */
  onlyDocument: KnowledgeDocument | null;
};

/** One file or page of a source. It has the source's title while it is the only one. */
export type KnowledgeDocument = {
  id: DocumentId;
  tenantId: TenantId;
  sourceId: SourceId;
  title: string;
  filename: string;
  format: DocumentFormat | null;
  status: DocumentStatus;
  /** 0 to 1 while processing, else null. */
  progress: number | null;
  /** What the ingestion is doing, in words for the admin: "Reading", "Page 3 of 12". Null when idle. */
  stage: string | null;
  errorCode: DocumentErrorCode | "INTERNAL" | "STORAGE_FULL" | "STORAGE_UNAVAILABLE" | null;
  errorMessage: string | null;
  /** Things worth knowing that did not stop ingestion, in sentences. */
  warnings: string[];
  chunkCount: number;
  pageCount: number | null;
  byteSize: number;
  /** SHA-256 of the bytes, hex; null for a refused upload. */
  contentHash: string | null;
  fileId: FileId | null;
  createdAt: UnixMs;
  updatedAt: UnixMs;
};

/** A source that is one file, without documents yet. */
export function newFileSource(now: UnixMs, tenantId: TenantId, filename: string, title: string): NewSource {
  return {
    ...{ id: newId("source"), tenantId, kind: "file", address: filename, schedule: null },
    ...{ title, tags: [], createdAt: now, updatedAt: now, deletedAt: null },
  };
}

/** A document that nobody has read yet, with its source's title. */
export function newDocument(source: NewSource, filename: string, byteSize: number): KnowledgeDocument {
  return {
    ...{
      id: newId("document"),
      tenantId: source.tenantId,
      sourceId: source.id,
      title: source.title,
      filename,
    },
    ...{ format: null, status: "queued", progress: null, stage: null, errorCode: null, errorMessage: null },
    ...{ warnings: [], chunkCount: 0, pageCount: null, byteSize, contentHash: null, fileId: null },
    ...{ createdAt: source.createdAt, updatedAt: source.createdAt },
  };
}

/** The file that people know a source by. */
export function filenameOf({ onlyDocument, address, title }: KnowledgeSource): string {
  return onlyDocument?.filename ?? address ?? title;
}

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
  documentId: DocumentId;
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

/** A stored chunk with the titles that it stands under, as retrieval and the admin see it. */
export type FoundChunk = Chunk & { sourceTitle: string; documentTitle: string };

/** One candidate of an embedding index. */
export type VectorHit = {
  chunk: FoundChunk;
  /** Cosine of the question and the passage, -1 to 1. Comparable within one index. */
  similarity: number;
};

/** What a document is about: its title, and its headings in order, each with those above it. */
export type DocumentOutline = { title: string; source: SourceId; headingPaths: string[][] };

/** What a passage lacks of a question, by its words. */
export type Gaps = {
  /** Share of what the question's words tell that the passage, its headings and its title hold nowhere. */
  unheld: number;
  /** Share that stands in no two sentences together, by words of the question: of few, one that is apart matters more. */
  apart: number;
  /** How telling a missing word is that says what is wanted: the "code" of the door, which "model"; 0 to 1. */
  head: number;
  /** 1 when a number or a year of the question is not there. */
  number: number;
};
