/**
 * MongoDB. The layers that do not trust who wrote a query, strongest first: a user that may only read; find, aggregate
 * and count of stages and operators that only read, checked all the way down; scalar values bound as data; the server's
 * limit of time, with no room on its disk; then ours of time, rows and bytes.
 */
import { type Db, type Document, MongoServerError } from "mongodb";
import type { ConnectionSettings, DatabaseSchema, TableOutline } from "../domain/connection.ts";
import type { CellValue, ColumnType } from "../domain/tool.ts";
import type { Egress } from "../egress/egress.ts";
import { AppError } from "../errors.ts";
import { cappedRows } from "./capped-rows.ts";
import type { Connector, QueryLimits, QueryResult, RoleCheck } from "./connector.ts";
import { createClient, POOL_SIZE } from "./mongodb/client.ts";
import { isUnauthorized, toConnectionError, toPrepareError, toRunError } from "./mongodb/errors.ts";
import { compileQuery, type MongoQuery } from "./mongodb/query.ts";
import { roleStrength } from "./mongodb/role.ts";
import { told } from "./mongodb/values.ts";
import { connectionError, queryTimeout } from "./reach.ts";
import { within } from "./within.ts";

/** What checks, schema browser and plans may take. */
const ADMIN_MS = 10_000;
/** The server stops a query itself; only if it does not, nobody waits any longer. */
const GRACE_MS = 500;
const MAX_COLLECTIONS = 500;
/** Documents of a collection that are looked at for its fields. */
const LOOKED_AT = 20;
const OUTLINE_MS = 1_000;

export function createMongoConnector(
  settings: ConnectionSettings,
  egress: Pick<Egress, "vettedHost">,
): Connector {
  const client = createClient(settings, egress);

  async function limited<Value>(
    ms: number,
    signal: AbortSignal,
    toError: (thrown: unknown) => unknown,
    work: (db: Db, signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const late = () => queryTimeout(ms);
    try {
      return await client.use(signal, (db) => within(ms + GRACE_MS, signal, late, (stop) => work(db, stop)));
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      throw toError(thrown);
    }
  }
  const running =
    (ms: number, change = toRunError) =>
    (thrown: unknown) =>
      change(thrown, settings, ms);
  const ask = (query: MongoQuery, limits: QueryLimits, signal: AbortSignal) =>
    limited(limits.ms, signal, running(limits.ms), (db, stop) => rowsOf(db, query, limits, stop));

  return {
    check: (signal) =>
      limited(
        ADMIN_MS,
        signal,
        (thrown) => toConnectionError(thrown, settings) ?? thrown,
        (db, stop) => checkOn(db, settings, stop),
      ),
    schema: (signal) => limited(ADMIN_MS, signal, running(ADMIN_MS), readSchema),
    prepare: async (query, signal) => {
      const compiled = compileQuery(query);
      const columns = await limited(ADMIN_MS, signal, running(ADMIN_MS, toPrepareError), async (db, stop) => {
        await planOf(db, compiled, stop);
        return columnsOf(compiled, await fieldsIn(db, compiled.collection, stop));
      });
      return { columns };
    },
    run: async (query, limits, signal) => ask(compileQuery(query), limits, signal),
    select: async () => {
      throw new AppError(
        "UNSAFE_QUERY",
        "no model writes queries for MongoDB. Ask it with the queries of the catalogue.",
      );
    },
    explain: async (query, signal) => {
      const compiled = compileQuery(query);
      const plan = await limited(ADMIN_MS, signal, running(ADMIN_MS), (db, stop) =>
        planOf(db, compiled, stop),
      );
      return JSON.stringify(plan.queryPlanner ?? plan.stages ?? plan, null, 2);
    },
    sample: async (_, table, limits, signal) =>
      ask(
        compileQuery({ text: JSON.stringify({ collection: table, find: {} }), parameters: [] }),
        limits,
        signal,
      ),
    close: () => client.close(),
  };
}

/** Values come as they are, and become ours in one place. */
const AS_THEY_ARE = { promoteValues: false, promoteBuffers: false };

/** One row more than is shown, to know whether there is one; never more of the server than a read may take. */
function cursorOf(db: Db, query: MongoQuery, rows: number, ms: number, signal: AbortSignal) {
  const collection = db.collection(query.collection);
  const options = { maxTimeMS: ms, allowDiskUse: false, batchSize: rows + 1, signal, ...AS_THEY_ARE };
  if (query.kind === "aggregate")
    return collection.aggregate([...query.pipeline, { $limit: rows + 1 }], options);
  if (query.kind === "count")
    return collection.aggregate(
      [{ $match: query.filter }, { $group: { _id: null, count: { $sum: 1 } } }],
      options,
    );
  const found = collection
    .find(query.filter, options)
    .skip(query.skip)
    .limit(Math.min(rows + 1, query.limit === null || query.limit === 0 ? rows + 1 : query.limit));
  if (query.projection !== null) found.project(query.projection);
  return query.sort === null ? found : found.sort(toSort(query.sort));
}

function toSort(sort: Document): Map<string, 1 | -1> {
  return new Map(Object.entries(sort));
}

async function rowsOf(
  db: Db,
  query: MongoQuery,
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<QueryResult> {
  const cursor = cursorOf(db, query, limits.rows, limits.ms, signal);
  const table = newTable(query.columns, limits);
  try {
    for await (const document of cursor) if (!table.add(document)) break;
  } finally {
    await cursor.close();
  }
  const result = table.result();
  if (query.kind !== "count") return result;
  const count = result.rows[0]?.[0] ?? 0;
  return { columns: [{ name: "count", type: "integer" }], rows: [[count]], truncated: false };
}

/** Documents as a table: a column for each field that one of them has, in the order in which they come. */
function newTable(columns: string[] | null, limits: QueryLimits) {
  const names = [...(columns ?? [])];
  const types = new Map<string, Set<ColumnType>>();
  const capped = cappedRows(limits);
  return {
    add(document: Document): boolean {
      for (const key of Object.keys(document)) if (columns === null && !names.includes(key)) names.push(key);
      const cells = names.map((name): CellValue => {
        const value = told(document[name]);
        if (value) types.set(name, (types.get(name) ?? new Set()).add(value.type));
        return value?.cell ?? null;
      });
      return capped.add(cells);
    },
    result(): QueryResult {
      const shown = names.map((name) => ({ name, type: commonType(types.get(name)) }));
      // Earlier documents had none of the fields that came later.
      const rows = capped.rows.map((row) => names.map((_, index) => row[index] ?? null));
      return { columns: shown, rows, truncated: capped.truncated };
    },
  };
}

/** Whole and other numbers are numbers; whatever else is mixed can only be told as text. */
function commonType(types: ReadonlySet<ColumnType> = new Set()): ColumnType {
  const [first, ...others] = [...types];
  if (first === undefined) return "text";
  if (others.length === 0) return first;
  return [...types].every((type) => type === "integer" || type === "decimal") ? "decimal" : "text";
}

type Field = { name: string; types: ReadonlySet<ColumnType> };

/** What a query will give, as far as it and the first documents of its collection tell. */
function columnsOf({ kind, columns, added }: MongoQuery, fields: readonly Field[]): QueryResult["columns"] {
  if (kind === "count") return [{ name: "count", type: "integer" }];
  const names = columns ?? [...new Set([...fields.map(({ name }) => name), ...added])];
  return names.map((name) => ({
    name,
    type: commonType(fields.find((field) => field.name === name)?.types),
  }));
}

/** The server parses the whole query for its plan and runs none of it. */
function planOf(db: Db, query: MongoQuery, signal: AbortSignal): Promise<Document> {
  return cursorOf(db, query, 1, ADMIN_MS, signal).explain("queryPlanner");
}

async function checkOn(db: Db, settings: ConnectionSettings, signal: AbortSignal): Promise<RoleCheck> {
  const { version } = await db.command({ buildInfo: 1 }, { signal });
  const status = await db.command({ connectionStatus: 1, showPrivileges: true }, { signal });
  const strength = roleStrength(status);
  if ((await collectionsOf(db, signal)).length === 0 && strength === null)
    throw connectionError("DATABASE_NOT_FOUND", settings, "it has no collection that the user may see");
  return { serverVersion: String(version), strength };
}

type Collection = { name: string; type: string };

async function collectionsOf(db: Db, signal: AbortSignal): Promise<Collection[]> {
  try {
    const listed = db.listCollections({}, { nameOnly: true, authorizedCollections: true, signal });
    const found: Collection[] = [];
    for await (const { name, type = "collection" } of listed) {
      if (!name.startsWith("system.")) found.push({ name, type });
      if (found.length >= MAX_COLLECTIONS) break;
    }
    return found.sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (thrown) {
    // Without any right in it, a database is as good as none.
    if (isUnauthorized(thrown)) return [];
    throw thrown;
  }
}

async function readSchema(db: Db, signal: AbortSignal): Promise<DatabaseSchema> {
  const waiting = await collectionsOf(db, signal);
  const tables = new Map(waiting.map((collection) => [collection.name, nothingOf(collection)]));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      tables.set(next.name, await outlineOf(db, next, signal));
  };
  await Promise.all(Array.from({ length: POOL_SIZE }, work));
  return { schemas: [{ name: db.databaseName, tables: [...tables.values()] }] };
}

function nothingOf({ name }: Collection): TableOutline {
  return { name, comment: null, rowEstimate: null, columns: [] };
}

/** Of a view that takes long, only the name is told. */
async function outlineOf(db: Db, { name, type }: Collection, signal: AbortSignal): Promise<TableOutline> {
  try {
    const fields = await fieldsIn(db, name, signal);
    const columns = fields.map(({ name: field, types }) => ({
      name: field,
      type: [...types].join(" | ") || "null",
      comment: null,
    }));
    const rowEstimate =
      type === "view" ? null : await db.collection(name).estimatedDocumentCount({ maxTimeMS: OUTLINE_MS });
    return { name, comment: null, rowEstimate, columns };
  } catch (thrown) {
    if (thrown instanceof MongoServerError) return nothingOf({ name, type });
    throw thrown;
  }
}

/** What the first documents of a collection have: there is no schema but them. */
async function fieldsIn(db: Db, collection: string, signal: AbortSignal): Promise<Field[]> {
  const options = { limit: LOOKED_AT, maxTimeMS: OUTLINE_MS, signal, ...AS_THEY_ARE };
  const types = new Map<string, Set<ColumnType>>();
  for await (const document of db.collection(collection).find({}, options))
    for (const [name, value] of Object.entries(document)) {
      const found = types.get(name) ?? new Set();
      const type = told(value)?.type;
      types.set(name, type === undefined ? found : found.add(type));
    }
  return [...types].map(([name, found]) => ({ name, types: found }));
}
