/**
 * A query of the catalogue for MongoDB: JSON text of one find, aggregate or count, in which `":name"` as a whole value is
 * a parameter. A parameter is a scalar wherever it stands, and never a name: it is bound as what the place needs.
 */
import { Decimal128, Long, ObjectId } from "mongodb";
import { AppError } from "../../errors.ts";
import type { BoundParameter, CatalogueQuery } from "../connector.ts";
import { OPERATORS, STAGES } from "./allowed.ts";

export type Document = Record<string, unknown>;

/**
 * As the driver takes it. `columns` are those that the query names itself, null where only the documents can tell; then
 * it may add some to those of its collection.
 */
export type MongoQuery = { collection: string; columns: string[] | null; added: string[] } & (
  | {
      kind: "find";
      filter: Document;
      projection: Document | null;
      sort: Document | null;
      skip: number;
      limit: number | null;
    }
  | { kind: "aggregate"; pipeline: Document[] }
  | { kind: "count"; filter: Document }
);

const KEYS = {
  find: ["collection", "find", "projection", "sort", "skip", "limit"],
  aggregate: ["collection", "aggregate"],
  count: ["collection", "count"],
} as const;
type Kind = keyof typeof KEYS;

/** @throws AppError UNSAFE_PIPELINE with the path of what is not allowed · VALIDATION for what is no query */
export function compileQuery({ text, parameters }: CatalogueQuery): MongoQuery {
  const query = parsed(text);
  const kinds = (["find", "aggregate", "count"] as const).filter((kind) => kind in query);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    throw invalid('It needs exactly one of "find", "aggregate" and "count".');
  requireKeys(query, kind);
  const place = placing(parameters);
  const collection = collectionName(query.collection, "collection");
  if (kind === "count")
    return { kind, collection, columns: ["count"], added: [], filter: place.filter(query.count, "count") };
  if (kind === "aggregate") {
    const pipeline = place.pipeline(query.aggregate, "aggregate");
    return { kind, collection, columns: columnsOfPipeline(pipeline), added: addedBy(pipeline), pipeline };
  }
  const projection =
    query.projection === undefined ? null : place.expressions(query.projection, "projection");
  return {
    kind,
    collection,
    columns: projection === null ? null : projectedColumns(projection),
    added: [],
    filter: place.filter(query.find, "find"),
    projection,
    sort: query.sort === undefined ? null : place.sort(query.sort, "sort"),
    skip: query.skip === undefined ? 0 : place.number(query.skip, "skip"),
    limit: query.limit === undefined ? null : place.number(query.limit, "limit"),
  };
}

function parsed(text: string): Document {
  let query: unknown;
  try {
    query = JSON.parse(text);
  } catch (cause) {
    throw invalid(`It is not valid JSON. ${cause instanceof Error ? cause.message : ""}`, cause);
  }
  if (isDocument(query)) return query;
  throw invalid('It is a JSON object, such as {"collection": "orders", "find": {"number": ":number"}}.');
}

function requireKeys(query: Document, kind: Kind): void {
  const known: readonly string[] = KEYS[kind];
  const unknown = Object.keys(query).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalid(`“${unknown}” is nothing that goes with ${kind}. There are ${known.join(", ")}.`);
}

function collectionName(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw invalid(`${path} is the name of a collection.`);
  if (isParameter(value)) throw notAParameter(path);
  if (/^system\.|[$\0]/.test(value)) throw unsafe(path, `the collection ${value} belongs to the server`);
  return value;
}

/** Where a value stands decides what it can do there. */
type Place = "filter" | "expression";

function placing(parameters: readonly BoundParameter[]) {
  /** A parameter without a value: nothing compares with it, as in SQL. */
  const isMissing = (value: unknown) => isParameter(value) && givenFor(value, parameters) === null;

  function value(given: unknown, path: string, place: Place): unknown {
    if (isParameter(given)) {
      const bound = toBson(parameterOf(given, parameters));
      // A text that begins with $ would be the name of a field in an expression.
      return place === "expression" ? { $literal: bound } : bound;
    }
    if (Array.isArray(given))
      return given
        .filter((each) => place === "expression" || !isMissing(each))
        .map((each, index) => value(each, `${path}[${index}]`, place));
    const typed = typedValue(given, path);
    if (typed !== null) return typed;
    if (isDocument(given)) return place === "filter" ? condition(given, path) : expression(given, path);
    return given;
  }

  /** What a field is compared with. */
  function condition(given: Document, path: string): unknown {
    if (Object.values(given).some(isMissing)) return NOTHING;
    return mapKeys(given, path, (key, each, at) => {
      if (key.startsWith("$")) requireOperator(key, at);
      return operand(key, each, at);
    });
  }

  function operand(key: string, each: unknown, path: string): unknown {
    if (key === "$expr") return value(each, path, "expression");
    if (!key.startsWith("$") && isMissing(each)) return NOTHING;
    return value(each, path, "filter");
  }

  function expression(given: Document, path: string): Document {
    return mapKeys(given, path, (key, each, at) => {
      if (key === "$literal") return constant(each, at);
      if (key.startsWith("$")) requireOperator(key, at);
      return value(each, at, "expression");
    });
  }

  function filter(given: unknown, path: string): Document {
    return mapKeys(requireDocument(given, path), path, (key, each, at) => {
      if (key.startsWith("$")) requireOperator(key, at);
      return operand(key, each, at);
    });
  }

  function expressions(given: unknown, path: string): Document {
    return mapKeys(requireDocument(given, path), path, (key, each, at) => {
      if (key.startsWith("$")) throw unsafe(at, `${key} is no field`);
      return value(each, at, "expression");
    });
  }

  function sort(given: unknown, path: string): Document {
    return mapKeys(requireDocument(given, path), path, (key, each, at) => {
      if (key.startsWith("$")) throw unsafe(at, `${key} is no field`);
      if (
        each !== 1 &&
        each !== -1 &&
        !(isDocument(each) && JSON.stringify(each) === '{"$meta":"textScore"}')
      )
        throw invalid(`${at} is 1 or -1.`);
      return each;
    });
  }

  function number(given: unknown, path: string): number {
    const whole = isParameter(given) ? givenFor(given, parameters) : given;
    // A query that is only looked at has no values yet.
    if (isParameter(given) && whole === null) return 0;
    if (typeof whole === "number" && Number.isSafeInteger(whole) && whole >= 0) return whole;
    throw invalid(`${path} is a whole number, or a parameter that is one.`);
  }

  function pipeline(given: unknown, path: string): Document[] {
    if (!Array.isArray(given)) throw invalid(`${path} is a list of stages.`);
    return given.map((stage, index) =>
      stageAt(requireDocument(stage, `${path}[${index}]`), `${path}[${index}]`),
    );
  }

  function stageAt(stage: Document, path: string): Document {
    const [name = "", ...others] = Object.keys(stage);
    if (others.length > 0 || !name.startsWith("$"))
      throw invalid(`${path} is one stage, such as {"$match": …}.`);
    if (!STAGES.has(name)) throw unsafe(`${path}.${name}`, `${name} is not among the stages that only read`);
    return { [name]: body(name, stage[name], `${path}.${name}`) };
  }

  function body(name: string, given: unknown, path: string): unknown {
    switch (name) {
      case "$match":
        return filter(given, path);
      case "$sort":
        return sort(given, path);
      case "$limit":
        return Math.max(1, number(given, path));
      case "$skip":
        return number(given, path);
      case "$facet":
        return mapKeys(requireDocument(given, path), path, (_, each, at) => pipeline(each, at));
      case "$lookup":
        return lookup(requireDocument(given, path), path);
      case "$count":
      case "$unset":
      case "$unwind":
        return constant(given, path);
      default:
        return value(given, path, "expression");
    }
  }

  function lookup(given: Document, path: string): Document {
    return mapKeys(given, path, (key, each, at) => {
      if (key === "from") return collectionName(each, at);
      if (key === "pipeline") return pipeline(each, at);
      if (key === "let") return expressions(each, at);
      if (["localField", "foreignField", "as"].includes(key)) return constant(each, at);
      throw unsafe(at, `${key} is no part of $lookup`);
    });
  }

  return { filter, expressions, sort, number, pipeline };
}

/** A condition that holds for no document. */
const NOTHING = { $in: [] };

/** What stands for names and settings: taken as it is, and no place for a parameter. */
function constant(given: unknown, path: string): unknown {
  if (isParameter(given)) throw notAParameter(path);
  if (Array.isArray(given)) return given.map((each, index) => constant(each, `${path}[${index}]`));
  const typed = typedValue(given, path);
  if (typed !== null) return typed;
  if (isDocument(given))
    return mapKeys(given, path, (key, each, at) => {
      if (key.startsWith("$")) requireOperator(key, at);
      return constant(each, at);
    });
  return given;
}

function mapKeys(
  given: Document,
  path: string,
  change: (key: string, value: unknown, path: string) => unknown,
): Document {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const at = `${path}.${key}`;
      if (key === "__proto__" || key.includes("\0")) throw unsafe(at, "that is no name of a field");
      return [key, change(key, value, at)];
    }),
  );
}

function requireOperator(key: string, path: string): void {
  if (!OPERATORS.has(key)) throw unsafe(path, `${key} is not among the operators that only read`);
}

function requireDocument(value: unknown, path: string): Document {
  if (isDocument(value)) return value;
  if (isParameter(value)) throw notAParameter(path);
  throw invalid(`${path} is an object.`);
}

/** Values that JSON has no words for, as MongoDB's extended JSON writes them. */
const TYPED: Record<string, (text: string) => unknown> = {
  $oid: (text) => ObjectId.createFromHexString(text),
  $date: (text) => {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) throw new RangeError("that is no date");
    return date;
  },
  $numberLong: (text) => Long.fromStringStrict(text),
  $numberDecimal: (text) => Decimal128.fromString(text),
};

/** Null for what is none of them. */
function typedValue(given: unknown, path: string): unknown {
  const [key = "", ...others] = isDocument(given) ? Object.keys(given) : [];
  const read = TYPED[key];
  if (!isDocument(given) || !read || others.length > 0) return null;
  try {
    return read(String(given[key]));
  } catch (cause) {
    throw invalid(`${path}.${key} cannot be read: ${cause instanceof Error ? cause.message : ""}.`, cause);
  }
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const PARAMETER = /^:[A-Za-z_]\w*$/;

function isParameter(value: unknown): value is string {
  return typeof value === "string" && PARAMETER.test(value);
}

function parameterOf(text: string, parameters: readonly BoundParameter[]): BoundParameter {
  const found = parameters.find(({ name }) => name === text.slice(1));
  if (found) return found;
  throw new AppError(
    "VALIDATION",
    `The query uses ${text}, and there is no parameter of that name. Add it, or correct the name.`,
  );
}

function givenFor(text: string, parameters: readonly BoundParameter[]): unknown {
  return parameterOf(text, parameters).value;
}

/** A text list comes from the visitor's groups alone, and stays a list of texts. */
function toBson({ type, value }: BoundParameter): unknown {
  if (value === null) return null;
  if (typeof value === "object") return value.map(String);
  if (type === "integer")
    return Number.isSafeInteger(Number(value)) ? Number(value) : wholeNumber(String(value));
  if (type === "decimal") return Decimal128.fromString(String(value));
  if (type === "date") return new Date(`${value}T00:00:00Z`);
  if (type === "datetime") return instant(String(value));
  return type === "boolean" ? value === true : String(value);
}

const MAX_LONG = 2n ** 63n - 1n;

function wholeNumber(text: string): Long | Decimal128 {
  const value = BigInt(text);
  return value <= MAX_LONG && value >= -MAX_LONG - 1n ? Long.fromBigInt(value) : Decimal128.fromString(text);
}

/** MongoDB's times are instants; one that is given without a zone is meant in UTC, as it stores them. */
function instant(iso: string): Date {
  return new Date(/(Z|[+-]\d{2}:?\d{2})$/i.test(iso) ? iso : `${iso}Z`);
}

const RESHAPING = ["$project", "$group", "$count", "$sortByCount", "$bucket", "$facet"];
const KEEPING = ["$match", "$sort", "$skip", "$limit"];

/** What the last stage that gives documents a new shape calls its fields; null where it cannot be told. */
function columnsOfPipeline(pipeline: readonly Document[]): string[] | null {
  const stages = pipeline.flatMap((stage) => Object.entries(stage));
  const last = stages.findLast(([name]) => !KEEPING.includes(name));
  if (!last || !RESHAPING.includes(last[0])) return null;
  const [name, body] = last;
  if (name === "$count") return [String(body)];
  if (name === "$sortByCount") return ["_id", "count"];
  if (!isDocument(body)) return null;
  if (name === "$project") return projectedColumns(body);
  if (name === "$bucket") return null;
  return Object.keys(body);
}

/** Fields that stages add to the documents that they are given. */
function addedBy(pipeline: readonly Document[]): string[] {
  return pipeline
    .flatMap((stage) => Object.entries(stage))
    .flatMap(([name, body]) => {
      if (!isDocument(body)) return [];
      if (name === "$set" || name === "$addFields") return Object.keys(body);
      return name === "$lookup" ? [String(body.as)] : [];
    });
}

/** Null for a projection that only leaves out. */
function projectedColumns(projection: Document): string[] | null {
  const isLeftOut = (value: unknown) => value === 0 || value === false;
  const shown = Object.keys(projection).filter((key) => !isLeftOut(projection[key]));
  if (shown.length === 0 || shown.some((key) => key.includes("."))) return null;
  return "_id" in projection ? shown : ["_id", ...shown];
}

function invalid(problem: string, cause?: unknown): AppError {
  return new AppError("VALIDATION", `The query cannot be used. ${problem}`, { cause });
}

function notAParameter(path: string): AppError {
  return unsafe(path, "a parameter stands for a value and never for a name");
}

function unsafe(path: string, why: string): AppError {
  return new AppError("UNSAFE_PIPELINE", `The query is not accepted: at ${path}, ${why}.`, {
    details: { path },
  });
}
