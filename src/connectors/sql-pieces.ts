/**
 * Where the parameters of a query stand. A server's own lexer is the boundary, never this one: each statement is
 * prepared by the server, as one, and values are bound apart from it. What is read wrongly here is a query that does not
 * work, and no way in.
 */
import { AppError } from "../errors.ts";
import type { BoundParameter } from "./connector.ts";

export type SqlDialect = "postgres" | "mysql";

/** All pieces joined are the query. `quoted` are strings and quoted names alike; of a parameter, `text` has the colon. */
export type SqlPiece = { kind: "code" | "quoted" | "comment" | "parameter"; text: string };

/** The first one that matches decides, except that what has no rule is code. */
type Rule = { kind: SqlPiece["kind"]; pattern: RegExp };

const NAME = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const PARAMETER: Rule = { kind: "parameter", pattern: /:[A-Za-z_]\w*/y };
/** Numbers and casts are taken whole, so that no part of them is something else. */
const WORDS: Rule[] = [
  { kind: "code", pattern: NAME },
  { kind: "code", pattern: /\d[\w.]*|::|:=/y },
];

const RULES: Record<SqlDialect, readonly Rule[]> = {
  postgres: [
    { kind: "comment", pattern: /--[^\r\n]*/y },
    { kind: "quoted", pattern: /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y },
    { kind: "quoted", pattern: /'(?:[^']|'')*(?:'|$)/y },
    { kind: "quoted", pattern: /"(?:[^"]|"")*(?:"|$)/y },
    { kind: "quoted", pattern: /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)/y },
    ...WORDS,
    PARAMETER,
  ],
  mysql: [
    { kind: "comment", pattern: /(?:#|--(?=\s|$))[^\r\n]*/y },
    { kind: "comment", pattern: /\/\*[\s\S]*?(?:\*\/|$)/y },
    { kind: "quoted", pattern: /'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y },
    { kind: "quoted", pattern: /"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)/y },
    { kind: "quoted", pattern: /`(?:[^`]|``)*(?:`|$)/y },
    ...WORDS,
    PARAMETER,
  ],
};

/** Splits a query into what is code, quoted, comment and parameter. */
export function splitSql(sql: string, dialect: SqlDialect): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  /** Of each open square bracket, whether it is a subscript; `:` divides a slice there. */
  const brackets: boolean[] = [];
  let at = 0;
  while (at < sql.length) {
    const piece = pieceAt(sql, at, dialect);
    if (piece.text === "[") brackets.push(!/\barray$/i.test(codeBefore(pieces)));
    if (piece.text === "]") brackets.pop();
    append(pieces, piece.kind === "parameter" && brackets.at(-1) ? { ...piece, kind: "code" } : piece);
    at += piece.text.length;
  }
  return pieces;
}

/**
 * The query with a placeholder for each parameter, and the parameters in the order of their placeholders.
 *
 * @throws AppError VALIDATION for a `:name` that is no parameter
 */
export function placeParameters(
  pieces: readonly SqlPiece[],
  parameters: readonly BoundParameter[],
  place: (parameter: BoundParameter) => string,
): string {
  return pieces
    .map(({ kind, text }) => (kind === "parameter" ? place(parameterOf(text.slice(1), parameters)) : text))
    .join("");
}

function parameterOf(name: string, parameters: readonly BoundParameter[]): BoundParameter {
  const found = parameters.find((parameter) => parameter.name === name);
  if (found) return found;
  throw new AppError(
    "VALIDATION",
    `The query uses :${name}, and there is no parameter of that name. Add it, or correct the name.`,
  );
}

function pieceAt(sql: string, at: number, dialect: SqlDialect): SqlPiece {
  if (dialect === "postgres" && sql.startsWith("/*", at))
    return { kind: "comment", text: sql.slice(at, endOfNestedComment(sql, at)) };
  for (const { kind, pattern } of RULES[dialect]) {
    pattern.lastIndex = at;
    const found = pattern.exec(sql)?.[0];
    if (found) return { kind, text: found };
  }
  return { kind: "code", text: sql.charAt(at) };
}

/** PostgreSQL's comments stand within each other. */
function endOfNestedComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

function codeBefore(pieces: readonly SqlPiece[]): string {
  const last = pieces.findLast(({ kind, text }) => kind !== "comment" && text.trim() !== "");
  return last?.kind === "code" ? last.text.trimEnd() : "";
}

/** Code that stands together is one piece. */
function append(pieces: SqlPiece[], piece: SqlPiece): void {
  const last = pieces.at(-1);
  if (last?.kind === "code" && piece.kind === "code") last.text += piece.text;
  else pieces.push({ ...piece });
}
