import { z } from "zod";
import { idPattern } from "../../domain/ids.ts";
import { DOCUMENT_ICONS } from "../../domain/knowledge.ts";
import { lineText, looseText } from "../text.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

export const sourceStatusSchema = z.enum(["queued", "processing", "ready", "failed"]);

/** The state of a source follows from its documents; fields that only a document has are its only document's. */
export const sourceSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  filename: z.string(),
  /** The name of its format; null for a file that was refused, and where there are several documents. */
  sourceType: z.string().nullable(),
  status: sourceStatusSchema,
  progress: z.number().nullable(),
  /** What is being done, e.g. "Reading page 3 of 12". */
  stage: z.string().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  warnings: z.array(z.string()),
  documentCount: z.number(),
  /** Of its documents, those that could not be read. */
  failedCount: z.number(),
  chunkCount: z.number(),
  pageCount: z.number().nullable(),
  byteSize: z.number(),
  tags: z.array(z.string()),
  createdAt: isoTime,
  updatedAt: isoTime,
});

export const documentSchema = z.strictObject({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  filename: z.string(),
  /** The name of its format; null for a file that was refused. */
  format: z.string().nullable(),
  status: sourceStatusSchema,
  progress: z.number().nullable(),
  stage: z.string().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  warnings: z.array(z.string()),
  chunkCount: z.number(),
  pageCount: z.number().nullable(),
  byteSize: z.number(),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export const documentPageSchema = pageOf(documentSchema);
export const listDocumentsQuery = z.strictObject({ ...pageQuery, status: sourceStatusSchema.optional() });

export const formatSchema = z.strictObject({
  /** A source's `sourceType`. */
  name: z.string(),
  label: z.string(),
  icon: z.enum(DOCUMENT_ICONS),
  /** What file names end with, without the dot. */
  extensions: z.array(z.string()),
});
/** `GET /formats`: all that Parley reads. */
export const formatListSchema = z.strictObject({ items: z.array(formatSchema) });

export const sourcePageSchema = pageOf(sourceSchema).extend({
  /** How many sources there are by status, whatever the filter. */
  counts: z.strictObject({
    all: z.number(),
    queued: z.number(),
    processing: z.number(),
    ready: z.number(),
    failed: z.number(),
  }),
});

export const listSourcesQuery = z.strictObject({
  ...pageQuery,
  status: sourceStatusSchema.optional(),
  q: looseText(200).optional(),
  sort: z.enum(["newest", "oldest", "title", "size"]).default("newest"),
});

export const updateSourceSchema = z
  .strictObject({
    title: lineText(300),
    tags: z.array(lineText(40)).max(20),
  })
  .partial();

export const chunkSchema = z.strictObject({
  id: z.string(),
  document: z.string(),
  /** Place in the document. */
  ordinal: z.number(),
  content: z.string(),
  headingPath: z.array(z.string()),
  page: z.number().nullable(),
  language: z.string(),
  tokenCount: z.number(),
});
export const chunkPageSchema = pageOf(chunkSchema);
export const listChunksQuery = z.strictObject({
  ...pageQuery,
  /** Those of one document only. */
  document: z.string().regex(idPattern("document"), "This is no id of a document.").optional(),
});

/** `POST /upload` and `POST /samples`: one item a file, in order; a refused file is a failed item. */
export const uploadAnswerSchema = z.strictObject({ items: z.array(sourceSchema) });

export const searchRequestSchema = z.strictObject({
  query: looseText(10_000),
  limit: z.number().int().min(1).max(50).default(10),
});
export const searchHitSchema = z.strictObject({
  chunk: z.string(),
  source: z.string(),
  document: z.string(),
  title: z.string(),
  headingPath: z.array(z.string()),
  page: z.number().nullable(),
  text: z.string(),
  score: z.number(),
  lexical: z.number().nullable(),
  dense: z.number().nullable(),
  fused: z.number(),
  rerank: z.number().nullable(),
  /** Whether an answer would be made from it, and why or why not. */
  kept: z.boolean(),
  reason: z.string(),
});
export const searchAnswerSchema = z.strictObject({ items: z.array(searchHitSchema) });

export const jobSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  /** Name of what it works on. */
  title: z.string(),
  /** Whether people wait for it. Other work is told of for the pages that it concerns. */
  shown: z.boolean(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  progress: z.number(),
  stage: z.string().nullable(),
  errorMessage: z.string().nullable(),
  createdAt: isoTime,
  updatedAt: isoTime,
});
/** `GET /api/admin/jobs`: what waits or runs now and people wait for, oldest first. */
export const jobListSchema = pageOf(jobSchema);

export type SourceView = z.infer<typeof sourceSchema>;
export type FormatView = z.infer<typeof formatSchema>;
export type SourcePage = z.infer<typeof sourcePageSchema>;
export type DocumentView = z.infer<typeof documentSchema>;
export type ChunkView = z.infer<typeof chunkSchema>;
export type SearchHitView = z.infer<typeof searchHitSchema>;
export type JobView = z.infer<typeof jobSchema>;
