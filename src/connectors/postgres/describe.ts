/** What the server makes of a query: its columns, and the types of its parameters. Nothing is run. */
import type { CatalogueQuery } from "../connector.ts";
import { isKnownType, type PostgresColumn, postgresColumn } from "./cells.ts";
import { sqlState } from "./errors.ts";
import { limitedQuery } from "./limited.ts";
import { castOf, isMistaken, type Placing, placed } from "./parameters.ts";
import type { Answer, Session } from "./session.ts";

export type Description = { placing: Placing; columns: PostgresColumn[] };

/** Asks the server about a query with its parameters placed in one way. @throws what the server says */
type Ask = (placing: Placing) => Promise<Answer>;

/**
 * @param known how the parameters were placed when the query was last described
 * @throws what the server says of the query as it was written
 */
export async function describe(
  session: Session,
  query: CatalogueQuery,
  known: Placing | undefined,
  signal: AbortSignal,
): Promise<Description> {
  const ask: Ask = async (placing) => {
    const source = placed(query, placing);
    const nothing = source.parameters.map(() => null);
    // None of no rows: the server plans it, and asks no table for anything.
    const { text, values } = limitedQuery(source, nothing, 0);
    await session.simple("SAVEPOINT undescribed", signal);
    try {
      return await session.prepared(text, values, signal);
    } finally {
      if (!signal.aborted) await session.simple("ROLLBACK TO SAVEPOINT undescribed", signal);
    }
  };
  const { placing, columns } = await firstUnderstood(query, known, ask);
  const lists = await listTypes(session, columns, signal);
  return {
    placing,
    columns: columns.map(({ name, type }) => postgresColumn(name, type, lists.has(type))),
  };
}

type Understood = { placing: Placing; columns: Answer["columns"] };

const SHARED: Placing = { separate: false, casts: new Map() };
const SEPARATE: Placing = { separate: true, casts: new Map() };

/** Several functions would do, or none; the type of a value is not known, or two are. */
const CANNOT_INFER: ReadonlySet<string> = new Set(["42883", "42725", "42P18", "42P08", "42804"]);

async function firstUnderstood(
  query: CatalogueQuery,
  known: Placing | undefined,
  ask: Ask,
): Promise<Understood> {
  const ways = [
    ...(known ? [() => asked(known, ask)] : []),
    () => inferred(query, SHARED, ask),
    () => inferred(query, SEPARATE, ask),
    () => asked(allCast(query, false), ask),
    () => asked(allCast(query, true), ask),
  ];
  const failures: unknown[] = [];
  for (const way of ways) {
    try {
      return await way();
    } catch (thrown) {
      if (!CANNOT_INFER.has(sqlState(thrown) ?? "")) throw thrown;
      failures.push(thrown);
    }
  }
  throw failures[0];
}

async function asked(placing: Placing, ask: Ask): Promise<Understood> {
  const { columns } = await ask(placing);
  return { placing, columns };
}

/** Lets the server infer types, and tells it those that it cannot or that it takes for others. */
async function inferred(query: CatalogueQuery, placing: Placing, ask: Ask): Promise<Understood> {
  let answer: Answer;
  try {
    answer = await ask(placing);
  } catch (thrown) {
    const unknown = unknownPlace(thrown);
    if (unknown === null || placing.casts.has(unknown)) throw thrown;
    return await inferred(query, withCasts(query, placing, [unknown], false), ask);
  }
  const places = placed(query, placing).parameters.map((parameter, index) => ({
    parameter,
    number: index + 1,
  }));
  const mistaken = places
    .filter(({ number }) => !placing.casts.has(number))
    .filter(({ parameter, number }) => isMistaken(parameter, answer.parameterTypes[number - 1] ?? 0))
    .map(({ number }) => number);
  if (mistaken.length === 0) return { placing, columns: answer.columns };
  try {
    return await asked(withCasts(query, placing, mistaken, false), ask);
  } catch (thrown) {
    if (!CANNOT_INFER.has(sqlState(thrown) ?? "")) throw thrown;
    return await asked(withCasts(query, placing, mistaken, true), ask);
  }
}

/** The place that a server cannot infer the type of, as it says in "could not determine data type of parameter $2". */
function unknownPlace(thrown: unknown): number | null {
  if (sqlState(thrown) !== "42P18" || !(thrown instanceof Error)) return null;
  const number = /\$(\d+)/.exec(thrown.message)?.[1];
  return number === undefined ? null : Number(number);
}

function withCasts(
  query: CatalogueQuery,
  placing: Placing,
  numbers: readonly number[],
  isNarrow: boolean,
): Placing {
  const { parameters } = placed(query, placing);
  const casts = new Map(placing.casts);
  for (const number of numbers) {
    const parameter = parameters[number - 1];
    if (parameter) casts.set(number, castOf(parameter, isNarrow));
  }
  return { ...placing, casts };
}

function allCast(query: CatalogueQuery, isNarrow: boolean): Placing {
  const numbers = placed(query, SHARED).parameters.map((_, index) => index + 1);
  return withCasts(query, SHARED, numbers, isNarrow);
}

/** Those of the columns' types that are arrays. */
async function listTypes(
  session: Session,
  columns: Answer["columns"],
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const unknown = [...new Set(columns.map(({ type }) => type))].filter((type) => !isKnownType(type));
  if (unknown.length === 0) return new Set();
  const { rows } = await session.simple(
    `select oid from pg_catalog.pg_type where typcategory = 'A' and oid in (${unknown.join(", ")})`,
    signal,
  );
  return new Set(rows.map(([oid]) => Number(oid)));
}
