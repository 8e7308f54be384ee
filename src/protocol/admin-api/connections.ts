import { z } from "zod";
import { DATABASE_KINDS, TLS_MODES } from "../../domain/connection.ts";
import { idPattern } from "../../domain/ids.ts";
import { exactText, linesText, lineText } from "../text.ts";
import { audienceSchema } from "./audience.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

const type = z.enum(DATABASE_KINDS).describe("MariaDB is `mysql`");
const tls = z
  .enum(TLS_MODES)
  .describe("`require` encrypts and believes any certificate, `verify` wants the right one");

const connectionCode = z.enum([
  "HOST_NOT_FOUND",
  "CONNECTION_REFUSED",
  "CONNECTION_TIMEOUT",
  "TLS_FAILED",
  "AUTHENTICATION_FAILED",
  "DATABASE_NOT_FOUND",
  "SERVER_TOO_OLD",
  "CREDENTIAL_NOT_READONLY",
  "EGRESS_DENIED",
]);

const maskSchema = z.strictObject({ schema: lineText(200), table: lineText(200), column: lineText(200) });

const accessTable = z.strictObject({ schema: lineText(200), table: lineText(200) });

/** Whether a model may write one SELECT over these tables, and for whom. */
const schemaAccessSchema = z.strictObject({
  enabled: z.boolean(),
  tables: z.array(accessTable).max(200),
  audience: audienceSchema,
});

export const connectionSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  type,
  host: z.string(),
  port: z.number(),
  database: z.string(),
  username: z.string(),
  /** Whether there is one; it is never shown. */
  password: z.strictObject({ set: z.boolean() }),
  /** Why the password that is set cannot be used; null when there is nothing wrong with it. */
  passwordProblem: z.string().nullable(),
  tls,
  ca: z.string().nullable(),
  /** Columns whose values are never shown among a table's first rows. */
  masks: z.array(maskSchema),
  /** Off at first. A MongoDB database has none. */
  schemaAccess: schemaAccessSchema,
  /** No tool uses one that is not `ready`: `unchecked` could not be reached yet, `failed` must not be used. */
  state: z.enum(["ready", "unchecked", "failed"]),
  /** Why the last check did not pass; null when it did. */
  problem: z.strictObject({ code: connectionCode, message: z.string() }).nullable(),
  serverVersion: z.string().nullable(),
  checkedAt: isoTime.nullable(),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export const connectionPageSchema = pageOf(connectionSchema);
export const listConnectionsQuery = z.strictObject(pageQuery);

const passwordText = exactText().max(1_000).nullable();
const settings = {
  name: lineText(80),
  host: lineText(253),
  port: z.number().int().min(1).max(65_535),
  database: lineText(200),
  username: lineText(200),
  password: passwordText,
  tls,
  ca: linesText(100_000)
    .nullable()
    .transform((text) => (text?.trim() ? text : null)),
};

export const createConnectionSchema = z.strictObject({
  ...settings,
  type,
  password: passwordText.default(null),
  ca: settings.ca.default(null),
});
/** What is left out stays. A stored password goes only to the host and port that it was entered for. */
export const updateConnectionSchema = z
  .strictObject({
    ...settings,
    masks: z.array(maskSchema).max(500),
    schemaAccess: schemaAccessSchema.partial(),
  })
  .partial();

/** Settings that are not saved, or `id` of those that are, with what is to be different. */
export const testConnectionSchema = z.union([
  createConnectionSchema.extend({ name: settings.name.optional() }),
  updateConnectionSchema
    .omit({ schemaAccess: true })
    .extend({ id: z.string().regex(idPattern("connection")), type: type.optional() }),
]);
export const testConnectionAnswerSchema = z.strictObject({
  ok: z.boolean(),
  code: connectionCode.optional(),
  message: z.string(),
  serverVersion: z.string().optional(),
  readOnly: z.boolean().optional(),
});

export const databaseSchemaSchema = z.strictObject({
  schemas: z.array(
    z.strictObject({
      name: z.string(),
      tables: z.array(
        z.strictObject({
          name: z.string(),
          comment: z.string().nullable(),
          rowEstimate: z.number().nullable(),
          columns: z.array(
            z.strictObject({ name: z.string(), type: z.string(), comment: z.string().nullable() }),
          ),
        }),
      ),
    }),
  ),
});

export const tableRowsBody = z.strictObject({ schema: lineText(200), table: lineText(200) });
export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const tableRowsSchema = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(cellSchema)),
  truncated: z.boolean(),
  /** Names of columns that an admin masked: they hold nothing here. */
  masked: z.array(z.string()),
});

/** A role that can only read: the commands that make it, with a password made for it. */
export const newRoleSchema = z.strictObject({
  type,
  database: lineText(200),
  username: lineText(60).default("parley_reader"),
  schemas: z.array(lineText(200)).max(50).default(["public"]),
});
export const newRoleAnswerSchema = z.strictObject({
  username: z.string(),
  password: z.string(),
  commands: z.string(),
});

export type ConnectionView = z.output<typeof connectionSchema>;
export type ConnectionPage = z.output<typeof connectionPageSchema>;
export type TestConnectionAnswer = z.output<typeof testConnectionAnswerSchema>;
export type DatabaseSchemaView = z.output<typeof databaseSchemaSchema>;
export type TableRowsView = z.output<typeof tableRowsSchema>;
export type NewRoleAnswer = z.output<typeof newRoleAnswerSchema>;
