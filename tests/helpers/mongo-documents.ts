/** As much of MongoDB's query language as the tests ask in, over documents in memory. */
import { Decimal128, Double, Int32, Long, ObjectId } from "mongodb";

export type Doc = Record<string, unknown>;

/** What a server answers to a command that it does not carry out. */
export class MongoFailure extends Error {
  readonly code: number;
  readonly codeName: string;

  constructor(code: number, codeName: string, message: string) {
    super(message);
    this.code = code;
    this.codeName = codeName;
  }
}

const bad = (message: string) => new MongoFailure(2, "BadValue", message);

export function isDoc(value: unknown): value is Doc {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A value by which two can be compared, whatever kind of number each is. */
function plain(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double || value instanceof Decimal128)
    return Number(value.toString());
  if (Long.isLong(value)) return Number(value.toString());
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId) return value.toHexString();
  return value ?? null;
}

const RANKS = ["undefined", "number", "string", "object", "boolean"];
const rankOf = (value: unknown) => (value === null ? -1 : RANKS.indexOf(typeof value));

/** Negative, zero or positive; values of different kinds are ordered by their kind. */
export function compare(left: unknown, right: unknown): number {
  const [a, b] = [plain(left), plain(right)];
  if (rankOf(a) !== rankOf(b)) return rankOf(a) - rankOf(b);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  if (typeof a === "object" && a !== null) return JSON.stringify(a) === JSON.stringify(b) ? 0 : 1;
  return Number(a) - Number(b);
}

const isSame = (left: unknown, right: unknown) => compare(left, right) === 0;

/** Every value at a path, through lists. */
function valuesAt(document: unknown, path: string): unknown[] {
  const [first = "", ...rest] = path.split(".");
  if (Array.isArray(document)) return document.flatMap((each) => valuesAt(each, path));
  if (!isDoc(document)) return [];
  const value = document[first];
  if (rest.length > 0) return valuesAt(value, rest.join("."));
  return Array.isArray(value) ? [value, ...value] : [value];
}

type Test = (values: unknown[], operand: unknown) => boolean;
const ordered =
  (holds: (order: number) => boolean): Test =>
  (values, operand) =>
    values.some((value) => rankOf(plain(value)) === rankOf(plain(operand)) && holds(compare(value, operand)));
const listOf = (operand: unknown): unknown[] => {
  if (!Array.isArray(operand)) throw bad("$in needs an array");
  return operand;
};

const TESTS: Record<string, Test> = {
  $eq: (values, operand) => values.some((value) => isSame(value, operand)),
  $ne: (values, operand) => !values.some((value) => isSame(value, operand)),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $in: (values, operand) => listOf(operand).some((each) => values.some((value) => isSame(value, each))),
  $nin: (values, operand) => !listOf(operand).some((each) => values.some((value) => isSame(value, each))),
  $exists: (values, operand) => values.some((value) => value !== undefined) === Boolean(plain(operand)),
  $regex: (values, operand) =>
    values.some((value) => typeof value === "string" && new RegExp(String(operand)).test(value)),
  $options: () => true,
};

export function matches(document: Doc, filter: Doc): boolean {
  return Object.entries(filter).every(([key, condition]) => {
    if (key === "$and") return listOf(condition).every((each) => matches(document, each as Doc));
    if (key === "$or") return listOf(condition).some((each) => matches(document, each as Doc));
    if (key === "$nor") return !listOf(condition).some((each) => matches(document, each as Doc));
    if (key === "$expr") return Boolean(plain(evaluate(document, condition)));
    if (key.startsWith("$")) throw bad(`unknown top level operator: ${key}`);
    const values = valuesAt(document, key);
    const found = values.length === 0 ? [undefined] : values;
    if (!isDoc(condition) || !Object.keys(condition).some((each) => each.startsWith("$")))
      return TESTS.$eq?.(found, condition) ?? false;
    return Object.entries(condition).every(([operator, operand]) => {
      const test = TESTS[operator];
      if (!test) throw bad(`unknown operator: ${operator}`);
      return test(found, operand);
    });
  });
}

type Operator = (args: unknown[], document: Doc) => unknown;
const numbers = (args: unknown[]) => args.map((each) => Number(plain(each)));

const OPERATORS: Record<string, Operator> = {
  $eq: ([a, b]) => isSame(a, b),
  $ne: ([a, b]) => !isSame(a, b),
  $gt: ([a, b]) => compare(a, b) > 0,
  $gte: ([a, b]) => compare(a, b) >= 0,
  $lt: ([a, b]) => compare(a, b) < 0,
  $lte: ([a, b]) => compare(a, b) <= 0,
  $and: (args) => args.every((each) => Boolean(plain(each))),
  $or: (args) => args.some((each) => Boolean(plain(each))),
  $not: ([a]) => !plain(a),
  $add: (args) => numbers(args).reduce((sum, each) => sum + each, 0),
  $subtract: (args) => numbers(args).reduce((left, right) => left - right),
  $multiply: (args) => numbers(args).reduce((product, each) => product * each, 1),
  $divide: (args) => numbers(args).reduce((left, right) => left / right),
  $concat: (args) => args.map(String).join(""),
  $ifNull: ([value, other]) => value ?? other,
  $toUpper: ([text]) => String(text).toUpperCase(),
  $toLower: ([text]) => String(text).toLowerCase(),
  $size: ([list]) => (Array.isArray(list) ? list.length : 0),
  $round: ([value, places]) => Number(Number(plain(value)).toFixed(Number(plain(places) ?? 0))),
  $year: ([date]) => (date instanceof Date ? date.getUTCFullYear() : null),
  $month: ([date]) => (date instanceof Date ? date.getUTCMonth() + 1 : null),
  $toObjectId: ([id]) => {
    if (/^[0-9a-f]{24}$/i.test(String(id))) return new ObjectId(String(id));
    throw new MongoFailure(241, "ConversionFailure", `Failed to parse objectId '${id}'`);
  },
};

export function evaluate(document: Doc, expression: unknown): unknown {
  if (typeof expression === "string" && expression.startsWith("$$ROOT")) return document;
  if (typeof expression === "string" && expression.startsWith("$"))
    return valuesAt(document, expression.slice(1))[0];
  if (Array.isArray(expression)) return expression.map((each) => evaluate(document, each));
  if (!isDoc(expression)) return expression;
  const [operator = ""] = Object.keys(expression);
  if (!operator.startsWith("$"))
    return Object.fromEntries(
      Object.entries(expression).map(([key, each]) => [key, evaluate(document, each)]),
    );
  if (operator === "$literal") return expression.$literal;
  const apply = OPERATORS[operator];
  if (!apply) throw new MongoFailure(168, "InvalidPipelineOperator", `Unrecognized expression '${operator}'`);
  const given = expression[operator];
  return apply(
    (Array.isArray(given) ? given : [given]).map((each) => evaluate(document, each)),
    document,
  );
}

export function sorted(documents: Doc[], sort: Doc): Doc[] {
  const keys = Object.entries(sort);
  return [...documents].sort((left, right) => {
    for (const [key, direction] of keys) {
      const order = compare(valuesAt(left, key)[0], valuesAt(right, key)[0]);
      if (order !== 0) return order * Number(plain(direction));
    }
    return 0;
  });
}

export function project(document: Doc, projection: Doc): Doc {
  const entries = Object.entries(projection);
  const isFlag = (value: unknown, flag: 0 | 1) => plain(value) === flag || value === Boolean(flag);
  if (
    entries.every(([key, value]) => key === "_id" || isFlag(value, 0)) &&
    entries.some(([, value]) => isFlag(value, 0))
  ) {
    const left = Object.entries(document).filter(([key]) => !isFlag(projection[key] ?? 1, 0));
    if (!entries.some(([key, value]) => key === "_id" && isFlag(value, 1))) return Object.fromEntries(left);
  }
  const shown = entries.filter(([, value]) => !isFlag(value, 0));
  const id = isFlag(projection._id ?? 1, 0) || "_id" in projection ? [] : [["_id", document._id] as const];
  const fields = shown.map(
    ([key, value]) => [key, isFlag(value, 1) ? document[key] : evaluate(document, value)] as const,
  );
  return Object.fromEntries([...id, ...fields].filter(([, value]) => value !== undefined));
}

type Accumulate = (values: unknown[]) => unknown;
const ACCUMULATORS: Record<string, Accumulate> = {
  $sum: (values) =>
    values.reduce<number>(
      (sum, each) => sum + (typeof plain(each) === "number" ? Number(plain(each)) : 0),
      0,
    ),
  $avg: (values) =>
    values.length === 0 ? null : numbers(values).reduce((sum, each) => sum + each, 0) / values.length,
  $min: (values) => values.reduce((least, each) => (compare(each, least) < 0 ? each : least)),
  $max: (values) => values.reduce((most, each) => (compare(each, most) > 0 ? each : most)),
  $first: (values) => values[0],
  $push: (values) => values,
  $count: (values) => values.length,
};

function group(documents: Doc[], { _id, ...fields }: Doc): Doc[] {
  const groups = Map.groupBy(documents, (document) => JSON.stringify(evaluate(document, _id) ?? null));
  return [...groups.values()].map((members) => ({
    _id: evaluate(members[0] ?? {}, _id) ?? null,
    ...Object.fromEntries(
      Object.entries(fields).map(([key, accumulator]) => {
        const [name = "", of] = Object.entries(accumulator as Doc)[0] ?? [];
        const accumulate = ACCUMULATORS[name];
        if (!accumulate) throw new MongoFailure(15952, "Location15952", `unknown group operator '${name}'`);
        return [key, accumulate(members.map((member) => evaluate(member, of)))];
      }),
    ),
  }));
}

export type Find = (collection: string) => Doc[];

export function aggregate(documents: Doc[], pipeline: Doc[], find: Find): Doc[] {
  return pipeline.reduce((current, stage) => {
    const [name = "", body] = Object.entries(stage)[0] ?? [];
    return apply(current, name, body, find);
  }, documents);
}

function apply(documents: Doc[], name: string, body: unknown, find: Find): Doc[] {
  const options = (isDoc(body) ? body : {}) as Doc;
  switch (name) {
    case "$match":
      return documents.filter((document) => matches(document, options));
    case "$project":
      return documents.map((document) => project(document, options));
    case "$set":
    case "$addFields":
      return documents.map((document) => ({ ...document, ...(evaluate(document, options) as Doc) }));
    case "$group":
      return group(documents, options);
    case "$sort":
      return sorted(documents, options);
    case "$skip":
      return documents.slice(Number(plain(body)));
    case "$limit":
      return documents.slice(0, Number(plain(body)));
    case "$count":
      return documents.length === 0 ? [] : [{ [String(body)]: documents.length }];
    case "$unwind":
      return unwind(documents, String(isDoc(body) ? body.path : body).slice(1));
    case "$facet":
      return [
        Object.fromEntries(
          Object.entries(options).map(([key, each]) => [key, aggregate(documents, each as Doc[], find)]),
        ),
      ];
    case "$lookup":
      return documents.map((document) => ({
        ...document,
        [String(options.as)]: find(String(options.from)).filter((other) =>
          isSame(valuesAt(document, String(options.localField))[0], other[String(options.foreignField)]),
        ),
      }));
    default:
      throw new MongoFailure(40324, "Location40324", `Unrecognized pipeline stage name: '${name}'`);
  }
}

function unwind(documents: Doc[], path: string): Doc[] {
  return documents.flatMap((document) => {
    const list = document[path];
    return Array.isArray(list) ? list.map((each) => ({ ...document, [path]: each })) : [];
  });
}
