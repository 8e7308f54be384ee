/** What can be written where the caret stands: tables and columns that the role may read, words, parameters. Pure. */
import type { DatabaseSchemaView } from "../../../src/protocol/admin-api/connections.ts";
import { type QueryLanguage, type QueryToken, SQL_KEYWORDS, tokensOf } from "./query-tokens.ts";

type Schema = DatabaseSchemaView["schemas"][number];
type Table = Schema["tables"][number];
/** `insert` is as the database wants it written; `hint` is what it is. */
export type Suggestion = { label: string; insert: string; hint: string };
/** What stands between `from` and the caret is what was written of it. */
export type Suggestions = { from: number; options: Suggestion[] };

export type Asked = {
  text: string;
  caret: number;
  language: QueryLanguage;
  schemas: readonly Schema[];
  parameters: readonly string[];
};

const QUOTES: Record<QueryLanguage, string> = { postgres: '"', mysql: "`", mongodb: "" };
const MOST = 12;
const TABLE_WORDS: ReadonlySet<string> = new Set(["from", "join"]);
const MONGO_WORDS = (
  "collection find aggregate count projection sort skip limit $match $group $project $sort $limit $skip $unwind $lookup " +
  "$count $addFields $sum $avg $min $max $first $last $eq $ne $gt $gte $lt $lte $in $nin $and $or $not $exists $expr"
).split(" ");

export function suggestionsFor(asked: Asked, isAskedFor: boolean): Suggestions | null {
  const { text, caret, language } = asked;
  const tokens = tokensOf(text.slice(0, caret), language);
  const found = language === "mongodb" ? inJson(asked, tokens, isAskedFor) : inSql(asked, tokens, isAskedFor);
  if (found === null) return null;
  const written = text.slice(found.from, caret).toLowerCase();
  const options = found.options
    .filter(({ label }) => label.toLowerCase().startsWith(written))
    .filter(({ label }, at, all) => all.findIndex((each) => each.label === label) === at);
  const isWhole = options.length === 1 && options[0]?.insert.toLowerCase() === written;
  return options.length === 0 || isWhole ? null : { from: found.from, options: options.slice(0, MOST) };
}

function inSql(asked: Asked, tokens: QueryToken[], isAskedFor: boolean): Suggestions | null {
  const { text, caret, schemas, parameters } = asked;
  const last = tokens.at(-1);
  if (last?.kind === "comment" || last?.kind === "string") return null;
  const before = text.slice(0, caret);
  const word = /[\w$\u0080-\uffff]*$/.exec(before)?.[0] ?? "";
  const from = caret - word.length;
  if (last?.kind === "parameter" || /(?<!:):$/.test(before))
    return { from, options: parameters.map((name) => ({ label: name, insert: name, hint: "parameter" })) };
  const qualifier = /([\w$\u0080-\uffff]+)\.$/.exec(before.slice(0, from))?.[1];
  if (qualifier !== undefined) return { from, options: behindDot(asked, qualifier) };
  const previous = tokens.findLast(({ kind, at }) => kind !== "other" && at < from);
  if (previous?.kind === "keyword" && TABLE_WORDS.has(previous.text.toLowerCase()))
    return { from, options: tablesOf(schemas, asked) };
  if (word === "" && !isAskedFor) return null;
  const named = namedTables(asked);
  const columns = (named.length > 0 ? named.map(({ table }) => table) : allTables(schemas)).flatMap((table) =>
    columnsOf(table, asked),
  );
  const words = SQL_KEYWORDS.map((label) => ({ label, insert: label, hint: "" }));
  const aliases = named.map(({ alias, table }) => ({ label: alias, insert: alias, hint: table.name }));
  return { from, options: [...columns, ...aliases, ...tablesOf(schemas, asked), ...words] };
}

/** Of an alias or a table its columns, of a schema its tables. */
function behindDot(asked: Asked, qualifier: string): Suggestion[] {
  const isIt = (name: string) => name.toLowerCase() === qualifier.toLowerCase();
  const schema = asked.schemas.find(({ name }) => isIt(name));
  const table =
    namedTables(asked).find(({ alias }) => isIt(alias))?.table ??
    allTables(asked.schemas).find(({ name }) => isIt(name));
  if (table !== undefined) return columnsOf(table, asked);
  return schema === undefined ? [] : tablesOf([schema], asked);
}

/** Of a list of tables: each by name, with what it is called in the query. */
const CALLED = String.raw`[\w$".\u0060\u0080-\uffff]+(?:\s+(?:as\s+)?(?!(?:${SQL_KEYWORDS.join("|")})\b)[a-z_]\w*)?`;
const NAMED = new RegExp(String.raw`\b(?:from|join)\s+(${CALLED}(?:\s*,\s*${CALLED})*)`, "gi");

/** Tables that the whole query names, behind the caret too, each with what it calls them. */
function namedTables({ text, schemas, language }: Asked): { alias: string; table: Table }[] {
  const code = tokensOf(text, language).map((token) => (token.kind === "comment" ? " " : token.text));
  return [...code.join("").matchAll(NAMED)].flatMap(([, list = ""]) =>
    list.split(",").flatMap((each) => {
      const [written = "", ...words] = each.trim().split(/\s+/);
      const name = written.replace(/["`]/g, "").split(".").at(-1) ?? "";
      const table = allTables(schemas).find((known) => known.name.toLowerCase() === name.toLowerCase());
      const alias = words.findLast((each) => each.toLowerCase() !== "as");
      return table === undefined ? [] : [{ alias: alias ?? table.name, table }];
    }),
  );
}

function inJson(asked: Asked, tokens: QueryToken[], isAskedFor: boolean): Suggestions | null {
  const { text, caret, schemas, parameters } = asked;
  const last = tokens.at(-1);
  const open = /"([^"]*)$/.exec(last?.text ?? "");
  if (last === undefined || !isText(last) || !open || (last.text.length > 1 && last.text.endsWith('"')))
    return null;
  const from = last.at + 1;
  if (caret === from && !isAskedFor) return null;
  const isCollection = /"collection"\s*:\s*$/.test(text.slice(0, last.at));
  if (isCollection) return { from, options: tablesOf(schemas, asked) };
  const named = /"collection"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  const fields = allTables(schemas)
    .filter(({ name }) => named === undefined || name === named)
    .flatMap((table) => columnsOf(table, asked));
  const paths = fields.map((each) => ({ ...each, label: `$${each.label}`, insert: `$${each.insert}` }));
  const words = MONGO_WORDS.map((label) => ({ label, insert: label, hint: "" }));
  const given = parameters.map((name) => ({ label: `:${name}`, insert: `:${name}`, hint: "parameter" }));
  return { from, options: [...fields, ...given, ...words, ...paths] };
}

function isText({ kind }: QueryToken): boolean {
  return kind === "string" || kind === "key" || kind === "parameter" || kind === "keyword";
}

function allTables(schemas: readonly Schema[]): Table[] {
  return schemas.flatMap(({ tables }) => tables);
}

function tablesOf(schemas: readonly Schema[], { language }: Pick<Asked, "language">): Suggestion[] {
  return schemas.flatMap(({ name: schema, tables }) =>
    tables.map(({ name, comment }) => ({
      label: name,
      insert: quoted(name, language),
      hint: comment ?? (schemas.length > 1 ? `table in ${schema}` : "table"),
    })),
  );
}

function columnsOf({ name: table, columns }: Table, { language }: Pick<Asked, "language">): Suggestion[] {
  return columns.map(({ name, type, comment }) => ({
    label: name,
    insert: quoted(name, language),
    hint: `${type} · ${comment ?? table}`,
  }));
}

/** A name with capitals or other signs is not found by SQL as it stands. */
function quoted(name: string, language: QueryLanguage): string {
  const quote = QUOTES[language];
  return quote === "" || /^[a-z_][a-z0-9_]*$/.test(name) ? name : `${quote}${name}${quote}`;
}
