import { z } from "zod";
import { addressText, keyText, linesText, lineText } from "../text.ts";
import { isoTime } from "./common.ts";
import { secretSchema } from "./llm.ts";

/** A model in the data directory, imported or packed into the binary. */
export const localModelSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(["embedding", "reranker"]),
  dimension: z.number().nullable(),
  licence: z.string().nullable(),
  sizeBytes: z.number(),
  /** Part of the binary: it cannot be removed. */
  packed: z.boolean(),
  /** Why it cannot be used; null when nothing is known against it. */
  problem: z.string().nullable(),
});

/** "local", or the name of one of the servers of `GET /api/admin/models`. */
const embeddingSource = lineText(40);

const errorSchema = z.strictObject({ code: z.string(), message: z.string() });

export const embeddingIndexSchema = z.strictObject({
  id: z.string(),
  source: embeddingSource,
  model: z.string(),
  baseUrl: z.string().nullable(),
  apiKey: secretSchema,
  queryPrefix: z.string(),
  passagePrefix: z.string(),
  dimension: z.number(),
  state: z.enum(["building", "ready", "active", "retired"]),
  /** Passages of all tenants, and how many of them have a vector. */
  chunks: z.number(),
  embedded: z.number(),
  /** Whether passages are being embedded now or next. */
  working: z.boolean(),
  /** Why the last work on it ended; null when it ended well or is going on. */
  error: errorSchema.nullable(),
  createdAt: isoTime,
  activatedAt: isoTime.nullable(),
});

/** `GET /api/admin/models` */
export const modelsSchema = z.strictObject({
  /** Kinds of servers that an index can be built with, beside this machine. */
  servers: z.array(
    z.strictObject({
      name: embeddingSource,
      label: z.string(),
      hint: z.string(),
      addressHelp: z.string(),
      takesKey: z.boolean(),
    }),
  ),
  models: z.array(localModelSchema),
  /** Oldest first. */
  indexes: z.array(embeddingIndexSchema),
  dense: z.strictObject({
    /** The index that questions are compared with; null while passages are found by words alone. */
    active: z.string().nullable(),
    /** Why the last question was answered without it. */
    problem: errorSchema.extend({ since: isoTime }).nullable(),
  }),
  reranker: z.strictObject({
    /** The local model that puts the best passages in order; null while they stay as they were found. */
    active: z.string().nullable(),
    /** Why the last question was answered without it. */
    problem: errorSchema.extend({ since: isoTime }).nullable(),
  }),
});

/** `PUT /api/admin/models/reranker`: a local model by name; null switches reranking off. */
export const chooseRerankerSchema = z.strictObject({
  model: lineText(200).nullable(),
});

const prefix = linesText(200).default("");

/**
 * `POST /api/admin/models/indexes`: the model that an index is to be built with, or gone on with. A local one has a
 * name only; any other needs the address of its server.
 */
export const buildIndexSchema = z
  .strictObject({
    source: embeddingSource,
    model: lineText(200),
    baseUrl: addressText(2000).nullable().default(null),
    apiKey: keyText(1000).nullable().default(null),
    /** Put before each question and each passage, for models that were trained with such words. */
    queryPrefix: prefix,
    passagePrefix: prefix,
  })
  .refine(({ source, baseUrl }) => (source === "local") === (baseUrl === null), {
    path: ["baseUrl"],
    message: "Give the address of the model's server, and none for a local model.",
  });

export type LocalModelView = z.infer<typeof localModelSchema>;
export type EmbeddingIndexView = z.infer<typeof embeddingIndexSchema>;
export type ModelsView = z.infer<typeof modelsSchema>;
export type BuildIndex = z.input<typeof buildIndexSchema>;
