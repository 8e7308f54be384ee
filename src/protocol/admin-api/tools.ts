import { z } from "zod";
import { idPattern } from "../../domain/ids.ts";
import {
  BINDINGS,
  COLUMN_TYPES,
  PARAMETER_PLACES,
  PARAMETER_TYPES,
  REST_METHODS,
} from "../../domain/tool.ts";
import { linesText, lineText } from "../text.ts";
import { audienceSchema } from "./audience.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";
import { cellSchema } from "./connections.ts";
import { remoteDefinitionSchema, TOOL_STATES } from "./mcp-servers.ts";
import { toolFiguresSchema } from "./tool-statistics.ts";

/** Absent and null are the same. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullable().default(null);
}

/** For what is left out of something new, or null there. */
function orElse<Schema extends z.ZodType>(schema: Schema, value: z.input<Schema>) {
  return schema
    .nullish()
    .transform((given): unknown => given ?? value)
    .pipe(schema);
}

/** Nothing but spaces is nothing. */
function someText(most: number) {
  return linesText(most)
    .nullable()
    .transform((text) => (text?.trim() ? text : null))
    .pipe(z.string().nullable());
}

const templateText = someText(2_000);

const givenValue = z.union([z.string().max(4_000), z.number(), z.boolean()]);

const parameterSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, "A name has letters, digits and underscores."),
  type: z.enum(PARAMETER_TYPES),
  description: linesText(1_000),
  required: orElse(z.boolean(), true),
  /** Taken where none is given. */
  default: optional(givenValue),
  /** Of an enum, just as they are in the database, with how people say them where that is something else. */
  values: orElse(
    z
      .array(z.union([lineText(200), z.strictObject({ value: lineText(200), label: lineText(200) })]))
      .max(1_000),
    [],
  ),
  /** Its first column gives an enum's values, its second their labels; they are fetched anew every ten minutes. */
  valuesQuery: orElse(someText(20_000), null),
  /** Smallest and largest number; of a text, its length. */
  min: optional(z.number()),
  max: optional(z.number()),
  /** A regular expression that a text matches whole. */
  pattern: optional(lineText(500)),
  example: optional(
    z
      .union([lineText(200), z.number(), z.boolean()])
      .transform(String)
      .pipe(z.string()),
  ),
  /** Set from the visitor's verified identity: neither a model nor the visitor sees or sets it. */
  boundTo: optional(z.enum(BINDINGS)),
  /** Of an API: where it goes. What is left out goes where its name stands, else into query or body. */
  in: optional(z.enum(PARAMETER_PLACES)),
});

/** Of an MCP server: what of it is the server's to say is taken from there. */
const remoteParameterSchema = parameterSchema.extend({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/, "A name has letters, digits, dots, hyphens and underscores."),
  /** JSON Schema of a list or an object. */
  schema: z.record(z.string(), z.unknown()).optional(),
});

const columnSchema = z.strictObject({
  name: lineText(200),
  label: optional(lineText(200)),
  unit: optional(lineText(40)),
  /** Shows ••• instead of values, to model and visitor alike. */
  mask: orElse(z.boolean(), false),
});

/** What a tool of any kind has. */
const toolFields = {
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9_]{0,62}$/,
      "A name begins with a small letter; small letters, digits and underscores follow.",
    ),
  label: lineText(100),
  description: linesText(2_000)
    .trim()
    .min(1, "Say what the tool tells, so that a model knows when to use it."),
  parameters: z.array(parameterSchema).max(30),
  columns: z.array(columnSchema).max(200),
  rowLimit: z.number().int().min(1).max(200),
  /** `{names}` are columns first, then parameters; null for a sentence of Parley's own. */
  answerTemplate: templateText,
  emptyTemplate: templateText,
  exampleQuestions: z.array(lineText(500)).max(20),
  audience: audienceSchema,
  /** `write` waits for the visitor's confirmation of the exact arguments. */
  effect: z.enum(["read", "write"]),
  /** Offered to programs at /mcp, too. */
  sharedOverMcp: z.boolean(),
  enabled: z.boolean(),
};

/** What is taken where a new tool does not say. */
const defaulted = {
  parameters: orElse(toolFields.parameters, []),
  columns: orElse(toolFields.columns, []),
  rowLimit: orElse(toolFields.rowLimit, 50),
  answerTemplate: orElse(toolFields.answerTemplate, null),
  emptyTemplate: orElse(toolFields.emptyTemplate, null),
  exampleQuestions: orElse(toolFields.exampleQuestions, []),
  audience: orElse(toolFields.audience, "everyone"),
  effect: orElse(toolFields.effect, "read"),
  sharedOverMcp: orElse(toolFields.sharedOverMcp, false),
  enabled: orElse(toolFields.enabled, true),
};

const databaseQueryFields = {
  type: z.literal("db_query"),
  connection: z.string().regex(idPattern("connection"), "This is no id of a connection."),
  /** SQL with `:parameters`, or MongoDB's find or aggregate as JSON. */
  query: linesText(20_000).trim().min(1, "Enter a query."),
};

const credentialId = z.string().regex(idPattern("credential"), "This is no id of a credential.");
const restFields = {
  type: z.literal("rest_api"),
  method: z.enum(REST_METHODS),
  /** With `{parameters}` in path and query. */
  url: linesText(2_000).trim().min(1, "Enter the address."),
  headers: z.record(lineText(100), linesText(1_000)),
  /** What the API wants to see; null where it wants nothing. */
  credential: credentialId.nullable(),
  /** JSONPath (RFC 9535) of the rows; null for the whole answer. */
  responsePath: lineText(500).nullable(),
};

const mcpFields = {
  type: z.literal("mcp"),
  server: z.string().regex(idPattern("mcp-server"), "This is no id of an MCP server."),
  /** As the server calls it. */
  remoteName: lineText(128),
  parameters: z.array(remoteParameterSchema).max(30),
};
/** Of what was looked at: should the server say something else by then, nothing is allowed. */
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/, "This is no fingerprint.");

export const createToolSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...toolFields, ...defaulted, ...databaseQueryFields }),
  z.strictObject({
    ...toolFields,
    ...defaulted,
    ...restFields,
    headers: orElse(restFields.headers, {}),
    credential: orElse(restFields.credential, null),
    responsePath: orElse(restFields.responsePath, null),
    /** `write` unless the method only reads. */
    effect: toolFields.effect.nullish(),
  }),
  z.strictObject({
    ...toolFields,
    ...defaulted,
    ...mcpFields,
    /** What is left out is taken from what the server says. */
    name: toolFields.name.nullish(),
    label: toolFields.label.nullish(),
    description: toolFields.description.nullish(),
    parameters: orElse(mcpFields.parameters, []),
    /** `write` unless an admin says that it only reads. */
    effect: orElse(toolFields.effect, "write"),
    fingerprint: fingerprint.nullish(),
  }),
]);

/** What is left out stays. A field that its kind does not have is refused. */
export const updateToolSchema = z
  .strictObject({
    ...toolFields,
    ...databaseQueryFields,
    ...restFields,
    ...mcpFields,
    fingerprint,
    type: z.enum(["db_query", "rest_api", "mcp"]),
  })
  .partial();

const shownFields = {
  id: z.string(),
  ...toolFields,
  createdAt: isoTime,
  updatedAt: isoTime,
  /** Of the last 30 days, in lists. */
  statistics: toolFiguresSchema.optional(),
};

/** As a tool is shown: just what can be sent, with what Parley knows of it. */
export const toolSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...shownFields, ...databaseQueryFields }),
  z.strictObject({ ...shownFields, ...restFields }),
  z.strictObject({
    ...shownFields,
    ...mcpFields,
    fingerprint,
    /** `changed`: the server says something else than was allowed, and it is off until an admin looks at it. */
    state: z.enum(TOOL_STATES),
    allowed: remoteDefinitionSchema,
    /** What the server says now, where that is something else; null otherwise. */
    found: remoteDefinitionSchema.nullable(),
  }),
]);
export const toolPageSchema = pageOf(toolSchema);
export const listToolsQuery = z.strictObject(pageQuery);

/** One of both: where the OpenAPI 3 document is, or the document itself, as text (JSON or YAML) or as JSON. */
export const importApiSchema = z
  .strictObject({
    url: lineText(2_000).optional(),
    document: z.union([z.string().max(8_000_000), z.record(z.string(), z.unknown())]).optional(),
  })
  .refine(({ url, document }) => (url === undefined) !== (document === undefined), {
    message: "Give either the address of the document or the document.",
  });
export const apiDescriptionSchema = z.strictObject({
  title: z.string(),
  version: z.string(),
  operations: z.array(
    z.strictObject({
      method: z.string(),
      path: z.string(),
      summary: z.string(),
      /** Why it cannot be a tool as it is; null when it can. */
      problem: z.string().nullable(),
      /** What POST /api/admin/tools takes. */
      tool: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** Whom something is tried as. */
export const triedVisitorSchema = z.strictObject({
  id: lineText(200),
  name: optional(lineText(200)),
  email: optional(lineText(320)),
  groups: z.array(lineText(100)).max(100).default([]),
});
const argumentsSchema = z.record(z.string(), z.unknown()).default({});

/** `visitor` is whom the tool is tried as, where it is bound to an identity. */
export const runToolSchema = z.strictObject({
  arguments: argumentsSchema,
  visitor: optional(triedVisitorSchema),
});
export const runToolAnswerSchema = z.strictObject({
  columns: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string(),
      type: z.enum(COLUMN_TYPES),
      unit: z.string().optional(),
    }),
  ),
  rows: z.array(z.array(cellSchema)),
  rowCount: z.number(),
  /** There is more than the limits let through. */
  truncated: z.boolean(),
  ms: z.number(),
});

/** A tool before it is saved, run once. */
export const previewToolSchema = z.strictObject({
  tool: createToolSchema,
  arguments: argumentsSchema,
  visitor: optional(triedVisitorSchema),
  /** Only how it would be gone about: an API is not called, and there are no rows. */
  dryRun: z.boolean().default(false),
});
export const previewToolAnswerSchema = runToolAnswerSchema.extend({
  /** How the database goes about it; null where it does not tell. */
  plan: z.string().nullable(),
});

export type ApiDescription = z.output<typeof apiDescriptionSchema>;
export type ToolView = z.output<typeof toolSchema>;
export type ToolPage = z.output<typeof toolPageSchema>;
export type NewTool = z.output<typeof createToolSchema>;
export type ToolChanges = z.output<typeof updateToolSchema>;
export type RunToolAnswer = z.output<typeof runToolAnswerSchema>;
export type PreviewToolAnswer = z.output<typeof previewToolAnswerSchema>;
