/**
 * The grammar of one SELECT that a model may write, strict and small: what it does not know is refused, and every place
 * where a server could find a table or a function is one that it knows. How strongly operators bind is the server's
 * matter. It takes one look at each token, so that no statement takes it long.
 */
import { refusedStatement, unknownFunction } from "../model-select.ts";
import { type Token, tokensOf } from "./select-tokens.ts";
import {
  BARE_FUNCTIONS,
  CAST_TYPES,
  FUNCTIONS,
  OF_THE_SERVER,
  OPERATOR_WORDS,
  RESERVED,
} from "./select-words.ts";

/** What a statement touches and calls things. */
export type Outline = {
  /** Tables as they are written; names of a WITH are left out where they hold. */
  tables: ReadonlySet<string>;
  /** Names that a WITH gives. */
  queries: ReadonlySet<string>;
  aliases: ReadonlySet<string>;
};

/** Deeper nobody asks. */
const MAX_DEPTH = 40;

type Reader = {
  tokens: readonly Token[];
  at: number;
  depth: number;
  tables: Set<string>;
  queries: Set<string>;
  aliases: Set<string>;
};

/** @throws AppError UNSAFE_QUERY */
export function outlineOf(statement: string): Outline {
  const tokens = tokensOf(statement);
  if (tokens.length === 0) throw refusedStatement("there is no statement in it. Write one SELECT");
  const reader: Reader = {
    ...{ tokens, at: 0, depth: 0 },
    ...{ tables: new Set(), queries: new Set(), aliases: new Set() },
  };
  if (takes(reader, "with")) withQueries(reader);
  query(reader);
  if (reader.at < tokens.length) throw unexpected(reader);
  return reader;
}

/** Each query of a WITH sees the names before it, and with RECURSIVE its own. */
function withQueries(reader: Reader): void {
  const isRecursive = takes(reader, "recursive");
  do {
    const name = ownName(reader);
    if (reader.queries.has(name)) throw refusedStatement(`its WITH has two of the name “${name}”`);
    if (isRecursive) reader.queries.add(name);
    if (sees(reader, "(")) inBrackets(reader, names);
    expects(reader, "as");
    inBrackets(reader, query);
    reader.queries.add(name);
  } while (takes(reader, ","));
}

function query(reader: Reader): void {
  if (sees(reader, "with")) throw refusedStatement("it has a WITH inside. Put WITH at the beginning");
  do {
    if (sees(reader, "(")) inBrackets(reader, query);
    else select(reader);
  } while (takesSetOperation(reader));
  orderAndLimit(reader);
}

function takesSetOperation(reader: Reader): boolean {
  if (!takesOne(reader, ["union", "except", "intersect"])) return false;
  takesOne(reader, ["all", "distinct"]);
  return true;
}

function select(reader: Reader): void {
  expects(reader, "select");
  takesOne(reader, ["distinct", "all"]);
  listOf(reader, column);
  if (takes(reader, "from") && !takes(reader, "dual")) listOf(reader, source);
  if (takes(reader, "where")) expression(reader);
  if (takes(reader, "group")) {
    expects(reader, "by");
    listOf(reader, ordered);
    if (takes(reader, "with")) expects(reader, "rollup");
  }
  if (takes(reader, "having")) expression(reader);
}

function orderAndLimit(reader: Reader): void {
  if (sees(reader, "order")) orderBy(reader);
  if (!takes(reader, "limit")) return;
  expectsNumber(reader);
  if (takesOne(reader, ["offset", ","])) expectsNumber(reader);
}

function column(reader: Reader): void {
  if (takes(reader, "*")) return;
  expression(reader);
  alias(reader, true);
}

/** @param mayBeText only of a column */
function alias(reader: Reader, mayBeText: boolean): void {
  const isSaid = takes(reader, "as");
  if (mayBeText && reader.tokens[reader.at]?.kind === "text") reader.at++;
  else if (isSaid || seesName(reader)) reader.aliases.add(ownName(reader));
}

function source(reader: Reader): void {
  sourceItself(reader);
  while (takesJoin(reader)) {
    sourceItself(reader);
    if (takes(reader, "on")) expression(reader);
    else if (takes(reader, "using")) inBrackets(reader, names);
  }
}

function takesJoin(reader: Reader): boolean {
  const begins = reader.at;
  takes(reader, "natural");
  if (takesOne(reader, ["left", "right"])) takes(reader, "outer");
  else takesOne(reader, ["inner", "cross"]);
  if (takes(reader, "join")) return true;
  if (reader.at > begins) throw unexpected(reader);
  return false;
}

function sourceItself(reader: Reader): void {
  const isLateral = takes(reader, "lateral");
  if (isLateral || beginsQuery(reader)) {
    inBrackets(reader, query);
    alias(reader, false);
  } else if (sees(reader, "(")) inBrackets(reader, (inner) => listOf(inner, source));
  else {
    table(reader);
    alias(reader, false);
  }
}

function table(reader: Reader): void {
  if (!seesName(reader)) throw unexpected(reader);
  const { value, written, kind } = reader.tokens[reader.at++] as Token;
  if (sees(reader, ".")) throw namesDatabase();
  if (sees(reader, "(")) throw unknownFunction(value);
  // Servers may tell names in other case apart.
  const name = kind === "name" ? value : written;
  if (!reader.queries.has(name)) reader.tables.add(name);
}

/** Whether a bracket opens here, or several, and then a query begins. */
function beginsQuery({ tokens, at }: Reader): boolean {
  let next = at;
  while (tokens[next]?.value === "(") next++;
  return next > at && tokens[next]?.kind === "word" && tokens[next]?.value === "select";
}

/** One operand after the other, with something between them. */
function expression(reader: Reader): void {
  operand(reader);
  while (betweenOperands(reader)) operand(reader);
}

/** Takes an operator, or what stands behind an operand by itself. Whether another operand follows. */
function betweenOperands(reader: Reader): boolean {
  if (takes(reader, "is")) {
    takes(reader, "not");
    if (!takesOne(reader, ["null", "true", "false", "unknown"])) throw unexpected(reader);
    return betweenOperands(reader);
  }
  const isNegated = takes(reader, "not");
  if (takes(reader, "in")) {
    inBrackets(reader, queryOrList);
    return betweenOperands(reader);
  }
  if (takesOne(reader, ["between", "like", "escape"])) return true;
  if (isNegated) throw unexpected(reader);
  const token = reader.tokens[reader.at];
  const isOperator =
    (token?.kind === "sign" && !"(),.!~".includes(token.value)) ||
    (token?.kind === "word" && OPERATOR_WORDS.has(token.value));
  if (isOperator) reader.at++;
  return isOperator;
}

function operand(reader: Reader): void {
  while (takesOne(reader, ["-", "+", "!", "~", "not"]));
  const token = reader.tokens[reader.at];
  if (token === undefined) throw unexpected(reader);
  if (token.kind === "number" || token.kind === "text") reader.at++;
  else if (token.value === "(" && token.kind === "sign") inBrackets(reader, queryOrList);
  else if (token.kind === "name") reference(reader);
  else if (token.kind === "word") word(reader, token.value);
  else throw unexpected(reader);
}

function word(reader: Reader, value: string): void {
  if (takesOne(reader, ["null", "true", "false"])) return;
  const next = reader.tokens[reader.at + 1];
  if (takes(reader, "case")) choice(reader);
  else if (takes(reader, "exists")) inBrackets(reader, query);
  else if (takes(reader, "interval")) span(reader);
  else if (next?.kind === "sign" && next.value === "(") call(reader, value);
  else if (next?.kind === "text" && TIME_LITERALS.has(value)) reader.at += 2;
  else if (BARE_FUNCTIONS.has(value)) reader.at++;
  else reference(reader);
}

const TIME_LITERALS: ReadonlySet<string> = new Set(["date", "time", "timestamp"]);

/** CASE … WHEN … THEN … ELSE … END */
function choice(reader: Reader): void {
  if (!sees(reader, "when")) expression(reader);
  while (takes(reader, "when")) {
    expression(reader);
    expects(reader, "then");
    expression(reader);
  }
  if (takes(reader, "else")) expression(reader);
  expects(reader, "end");
}

/** INTERVAL 30 DAY */
function span(reader: Reader): void {
  operand(reader);
  if (reader.tokens[reader.at]?.kind !== "word") throw unexpected(reader);
  reader.at++;
}

function call(reader: Reader, name: string): void {
  if (!FUNCTIONS.has(name)) throw unknownFunction(name);
  reader.at++;
  inBrackets(reader, (inner) => callArguments(inner, name));
  if (takes(reader, "over")) inBrackets(reader, window);
}

function callArguments(reader: Reader, name: string): void {
  if (sees(reader, ")") || takes(reader, "*")) return;
  if (sees(reader, "select")) query(reader);
  else listedArguments(reader, name);
}

function listedArguments(reader: Reader, name: string): void {
  takesOne(reader, ["distinct", "both", "leading", "trailing"]);
  if (!sees(reader, "from")) argument(reader, name);
  while (takesOne(reader, [",", "from", "for"])) argument(reader, name);
  if (name === "cast") castType(reader);
  if (sees(reader, "order")) orderBy(reader);
  if (takes(reader, "separator") && reader.tokens[reader.at++]?.kind !== "text") throw unexpected(reader);
}

function argument(reader: Reader, name: string): void {
  // POSITION('a' IN name)
  if (name !== "position") expression(reader);
  else {
    operand(reader);
    if (takes(reader, "in")) operand(reader);
  }
}

function castType(reader: Reader): void {
  expects(reader, "as");
  const type = reader.tokens[reader.at++]?.value ?? "";
  if (!CAST_TYPES.has(type))
    throw refusedStatement(`it casts to “${type}”. Cast to common types only, or leave the cast out`);
  takesOne(reader, ["integer", "int"]);
  if (sees(reader, "(")) inBrackets(reader, (inner) => listOf(inner, expectsNumber));
}

function window(reader: Reader): void {
  if (takes(reader, "partition")) {
    expects(reader, "by");
    listOf(reader, expression);
  }
  if (sees(reader, "order")) orderBy(reader);
  if (!takesOne(reader, ["rows", "range"])) return;
  const isBetween = takes(reader, "between");
  bound(reader);
  if (!isBetween) return;
  expects(reader, "and");
  bound(reader);
}

/** UNBOUNDED PRECEDING, 3 FOLLOWING, CURRENT ROW */
function bound(reader: Reader): void {
  if (takes(reader, "current")) expects(reader, "row");
  else {
    if (!takes(reader, "unbounded")) operand(reader);
    if (!takesOne(reader, ["preceding", "following"])) throw unexpected(reader);
  }
}

function orderBy(reader: Reader): void {
  expects(reader, "order");
  expects(reader, "by");
  listOf(reader, ordered);
}

function ordered(reader: Reader): void {
  expression(reader);
  takesOne(reader, ["asc", "desc"]);
}

/** A column, with its table at most. */
function reference(reader: Reader): void {
  requireName(reader);
  if (!takes(reader, ".")) return;
  if (takes(reader, "*")) return;
  requireName(reader);
  if (sees(reader, ".")) throw namesDatabase();
  if (sees(reader, "("))
    throw refusedStatement("it calls a function of a database. Call common functions only");
}

function queryOrList(reader: Reader): void {
  if (sees(reader, "select")) query(reader);
  else listOf(reader, expression);
}

function names(reader: Reader): void {
  listOf(reader, requireName);
}

function listOf(reader: Reader, each: (reader: Reader) => void): void {
  do each(reader);
  while (takes(reader, ","));
}

function inBrackets(reader: Reader, inside: (reader: Reader) => void): void {
  if (++reader.depth > MAX_DEPTH) throw refusedStatement("it is nested too deeply. Ask for less at once");
  expects(reader, "(");
  inside(reader);
  expects(reader, ")");
  reader.depth--;
}

/** A name that the statement gives to something. */
function ownName(reader: Reader): string {
  requireName(reader);
  const { kind, value, written } = reader.tokens[reader.at - 1] as Token;
  const name = kind === "name" ? value : written;
  if (OF_THE_SERVER.has(name.toLowerCase()))
    throw refusedStatement(`“${name}” is the name of a database. Give it another name`);
  return name;
}

function requireName(reader: Reader): void {
  if (!seesName(reader)) throw unexpected(reader);
  reader.at++;
}

function seesName({ tokens, at }: Reader): boolean {
  const token = tokens[at];
  return token?.kind === "name" || (token?.kind === "word" && !RESERVED.has(token.value));
}

function sees({ tokens, at }: Reader, value: string): boolean {
  const token = tokens[at];
  return token?.value === value && (token.kind === "word" || token.kind === "sign");
}

function takes(reader: Reader, value: string): boolean {
  const isThere = sees(reader, value);
  if (isThere) reader.at++;
  return isThere;
}

function takesOne(reader: Reader, values: readonly string[]): boolean {
  return values.some((value) => takes(reader, value));
}

function expects(reader: Reader, value: string): void {
  if (!takes(reader, value)) throw unexpected(reader);
}

function expectsNumber(reader: Reader): void {
  if (reader.tokens[reader.at]?.kind !== "number") throw unexpected(reader);
  reader.at++;
}

function namesDatabase() {
  return refusedStatement("it names a database. Write the table or the column without it");
}

const REASONS: Readonly<Record<string, string>> = {
  into: "it writes its result somewhere (INTO). Leave INTO out",
  for: "it locks rows (FOR UPDATE, FOR SHARE). Leave that out",
  lock: "it locks rows (LOCK IN SHARE MODE). Leave that out",
  window: "it names a window (WINDOW). Write the window in OVER (…)",
  regexp: "it has a regular expression. Write LIKE",
  rlike: "it has a regular expression. Write LIKE",
};

function unexpected({ tokens, at }: Reader) {
  const token = tokens[at];
  if (token === undefined) return refusedStatement("it ends before it is whole. Write one whole SELECT");
  if (at === 0) return refusedStatement("it does not begin with SELECT or WITH. Write one SELECT");
  const near = tokens
    .slice(Math.max(0, at - 3), at + 2)
    .map(({ written }) => written)
    .join(" ");
  const reason = token.kind === "word" ? REASONS[token.value] : undefined;
  const keyword =
    token.kind === "word" && RESERVED.has(token.value)
      ? ". A name that is a keyword stands in backticks"
      : "";
  return refusedStatement(
    reason ?? `“${token.written.slice(0, 40)}” is not taken there (near “${near.slice(0, 120)}”)${keyword}`,
  );
}
