/**
 * What stands between a statement that a model wrote and PostgreSQL: it is read with the server's own grammar, everything
 * in it has to be on a list, and the tables in it are written anew, those with masked columns as a query of the others.
 * Below it are a role that can only read and a transaction that cannot write, which trust nothing of this.
 */
import type { ReadableTable } from "../../domain/schema-access.ts";
import type { ModelSelect } from "../connector.ts";
import { notListed, refusedStatement, unknownFunction } from "../model-select.ts";
import { FUNCTIONS, fieldsOf, type Kind, OPERATORS, REASONS, TYPES, VALUE_FUNCTIONS } from "./allowed.ts";
import { parse, type Tree } from "./parse.ts";

type Fields = Readonly<Record<string, unknown>>;
/** Names that a WITH gives around a place. */
type Scope = ReadonlySet<string>;
type TableReference = { schema: string | null; name: string; alias: boolean; at: number };

/**
 * The statement as it is to be run.
 *
 * @throws AppError UNSAFE_QUERY · TOOL_FORBIDDEN for a table that is not listed, with what to do instead
 */
export async function guardedSelect({ statement, tables }: ModelSelect): Promise<string> {
  const written = rewritten(statement, tablesIn(await parse(statement)), tables);
  // What came of it is looked at as if a model had written it, and has nothing but whole names of listed tables.
  for (const { schema, name } of tablesIn(await parse(written)))
    if (!tables.some((table) => table.schema === schema && table.table === name))
      throw unlisted({ schema, name }, tables);
  return written;
}

/** The tables that a statement touches, names that a WITH in it gives left out. @throws AppError UNSAFE_QUERY */
function tablesIn({ stmts }: Tree): TableReference[] {
  const [only, ...more] = stmts;
  if (only === undefined) throw refusedStatement("there is no statement in it. Write one SELECT");
  // A place says that something is before it.
  if (more.length > 0 || only.stmt_location !== undefined)
    throw refusedStatement("it is more than one statement. Write one SELECT");
  const found: TableReference[] = [];
  const [kind] = Object.keys(asFields(only.stmt));
  if (kind !== "SelectStmt") throw refusedNode(kind ?? "");
  visit(only.stmt, new Set(), found);
  return found;
}

/** @param node a node, a list of them, or nothing */
function visit(node: unknown, scope: Scope, found: TableReference[]): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, scope, found);
    return;
  }
  const entries = Object.entries(asFields(node));
  if (entries.length > 1) throw refusedNode("");
  for (const [kind, fields] of entries) visitKind(kind, asFields(fields), scope, found);
}

function visitKind(kind: string, fields: Fields, scope: Scope, found: TableReference[]): void {
  if (fieldsOf(kind) === null) throw refusedNode(kind);
  CHECKS[kind]?.(fields);
  if (kind === "RangeVar") visitTable(fields, scope, found);
  else visitFields(kind, fields, scope, found);
}

function visitFields(kind: string, fields: Fields, scope: Scope, found: TableReference[]): void {
  const known = fieldsOf(kind) ?? {};
  const inner = kind === "SelectStmt" ? withNames(fields.withClause, scope, found) : scope;
  for (const [name, value] of Object.entries(fields)) {
    const field = known[name];
    if (field === undefined) throw refusedNode(name);
    if (field === "plain") requirePlain(value, name);
    else if (field === "nodes") visit(value, inner, found);
    else if (field !== "WithClause") visitUnwrapped(field, value, inner, found);
  }
}

/** Fields that can be of one kind only have no name of it. */
function visitUnwrapped(kind: Kind, value: unknown, scope: Scope, found: TableReference[]): void {
  visitKind(kind, asFields(value), scope, found);
}

/** Each query of a WITH sees the names before it, and with RECURSIVE all of them; what follows sees all. */
function withNames(clause: unknown, scope: Scope, found: TableReference[]): Scope {
  if (clause === undefined) return scope;
  const { ctes, recursive } = asFields(clause);
  const queries = (Array.isArray(ctes) ? ctes : []).map((each) => asFields(asFields(each).CommonTableExpr));
  const names = queries.map(({ ctename }) => String(ctename));
  const seen = new Set([...scope, ...(recursive === true ? names : [])]);
  for (const query of queries) {
    visitKind("CommonTableExpr", query, seen, found);
    seen.add(String(query.ctename));
  }
  return seen;
}

function visitTable(fields: Fields, scope: Scope, found: TableReference[]): void {
  const { schemaname, relname, inh, relpersistence, alias, location } = fields;
  for (const name of Object.keys(fields))
    if (!(name in (fieldsOf("RangeVar") ?? {}))) throw refusedNode(name);
  if (inh !== true) throw refusedStatement("it reads a table without those below it (ONLY). Leave ONLY out");
  if (relpersistence !== "p" || typeof relname !== "string") throw refusedNode("");
  if (alias !== undefined) visitUnwrapped("Alias", alias, scope, found);
  const schema = typeof schemaname === "string" ? schemaname : null;
  if (schema === null && scope.has(relname)) return;
  found.push({ schema, name: relname, alias: alias !== undefined, at: Number(location) });
}

/** What of a kind is not a matter of its fields alone. */
const CHECKS: Readonly<Record<string, (fields: Fields) => void>> = {
  FuncCall({ funcname }) {
    const name = namesOf(funcname);
    const [own] = name.slice(-1);
    const isBuiltIn = name.length === 1 || (name.length === 2 && name[0] === "pg_catalog");
    if (!isBuiltIn || own === undefined || !FUNCTIONS.has(own)) throw unknownFunction(name.join("."));
  },
  A_Expr: ({ name }) => requireOperator(name),
  SubLink: ({ operName }) => requireOperator(operName),
  TypeName({ names }) {
    const name = namesOf(names);
    const isBuiltIn = name.length === 1 || (name.length === 2 && name[0] === "pg_catalog");
    if (!isBuiltIn || !TYPES.has(name.at(-1) ?? ""))
      throw refusedStatement(
        `it casts to “${name.join(".")}”. Cast to common types only, or leave the cast out`,
      );
  },
  SQLValueFunction({ op }) {
    if (!VALUE_FUNCTIONS.has(String(op)))
      throw unknownFunction(String(op).replace("SVFOP_", "").toLowerCase());
  },
  ColumnRef({ fields }) {
    const parts = Array.isArray(fields) ? fields.length : 0;
    if (parts > 2)
      throw refusedStatement(
        "it names a column with more than its table. Write table.column, or give the table an alias",
      );
  },
};

function requireOperator(name: unknown): void {
  if (name === undefined) return;
  const parts = namesOf(name);
  const isBuiltIn = parts.length === 1 || (parts.length === 2 && parts[0] === "pg_catalog");
  // BETWEEN, IN and their kind come by their own names.
  const own = (parts.at(-1) ?? "").replace(/^(NOT )?BETWEEN( SYMMETRIC)?$/, "=");
  if (!isBuiltIn || !OPERATORS.has(own))
    throw refusedStatement(`the operator “${parts.join(".")}” is not among those that may be used`);
}

function namesOf(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).map((each) => String(asFields(asFields(each).String).sval ?? ""));
}

function asFields(value: unknown): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw refusedNode("");
  return value as Fields;
}

function requirePlain(value: unknown, name: string): void {
  if (typeof value === "object" && value !== null) throw refusedNode(name);
}

function refusedNode(kind: string) {
  const words = kind.replace(/Stmt$|Clause$/, "").replace(/_/g, " ");
  const other = words === "" ? "it is no SELECT. Write one SELECT" : `it has what may not be used (${words})`;
  return refusedStatement(REASONS[kind] ?? other);
}

/** The statement with each table by its whole name, so that it means the listed one and no other. */
function rewritten(
  statement: string,
  references: readonly TableReference[],
  tables: readonly ReadableTable[],
): string {
  // The parser counts bytes.
  const bytes = Buffer.from(statement);
  const pieces: string[] = [];
  let done = 0;
  for (const reference of references.toSorted((left, right) => left.at - right.at)) {
    const table = listedTable(reference, tables);
    const written = writtenName(bytes.subarray(reference.at).toString(), reference);
    pieces.push(bytes.subarray(done, reference.at).toString(), sourceOf(table, reference));
    done = reference.at + Buffer.byteLength(written);
  }
  return pieces.join("") + bytes.subarray(done).toString();
}

function listedTable({ schema, name }: TableReference, tables: readonly ReadableTable[]): ReadableTable {
  const named = tables.filter(
    (table) => table.table === name && (schema === null || table.schema === schema),
  );
  const [first, second] = named;
  if (first === undefined) throw unlisted({ schema, name }, tables);
  if (second !== undefined)
    throw refusedStatement(
      `there are several tables “${name}”. Write its schema, such as ${first.schema}.${name}`,
    );
  return first;
}

function sourceOf({ schema, table, columns, isMasked }: ReadableTable, { alias }: TableReference): string {
  const whole = `${quoted(schema)}.${quoted(table)}`;
  if (!isMasked) return whole;
  const query = `(select ${columns.map(({ name }) => quoted(name)).join(", ")} from ${whole})`;
  return alias ? query : `${query} as ${quoted(table)}`;
}

function unlisted(
  { schema, name }: Pick<TableReference, "schema" | "name">,
  tables: readonly ReadableTable[],
) {
  const names = tables.map((each) => `${each.schema}.${each.table}`);
  return notListed(schema === null ? name : `${schema}.${name}`, names);
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const NAMES = { one: new RegExp(`^${NAME}`), two: new RegExp(`^(${NAME})\\s*\\.\\s*(${NAME})`) };

/** How a table is written at the beginning of `text`. What is written in another way than usual is not guessed at. */
function writtenName(text: string, { schema, name }: TableReference): string {
  const [whole, ...parts] = (schema === null ? NAMES.one : NAMES.two).exec(text) ?? [];
  const names = (schema === null ? [whole] : parts).map(meantBy);
  if (whole !== undefined && names.join("\0") === (schema === null ? [name] : [schema, name]).join("\0"))
    return whole;
  throw refusedStatement(`the table “${name}” is written in an unusual way. Write its plain name`);
}

function meantBy(written: string | undefined): string {
  if (written === undefined) return "";
  return written.startsWith('"')
    ? written.slice(1, -1).replaceAll('""', '"')
    : written.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
