/**
 * What a MySQL query may look like, told to its author while he writes it. It protects nothing by itself: the role, the
 * server's own preparing of one statement and the read-only transaction do.
 */
import { AppError } from "../../errors.ts";
import { type SqlPiece, splitSql } from "../sql-pieces.ts";

/** @throws AppError UNSAFE_QUERY */
export function requireOneSelect(sql: string): SqlPiece[] {
  const pieces = splitSql(sql, "mysql");
  if (pieces.some(({ kind, text }) => kind === "comment" && /^\/\*(!|M!|\+)/.test(text)))
    throw unsafe("it has a comment that the server would execute (/*! … */ or /*+ … */). Remove it");
  const code = codeOf(pieces);
  if (/;\s*\S/.test(code)) throw unsafe("it is more than one statement. Write one SELECT");
  if (!/^[\s(]*(select|with|table|values)\b/i.test(code))
    throw unsafe("it does not begin with SELECT or WITH. Write one SELECT");
  for (const { pattern, why } of REFUSED) if (pattern.test(code)) throw unsafe(why);
  return pieces;
}

/** The query without what it quotes: a quoted name is no word of it, but something stands there. */
function codeOf(pieces: readonly SqlPiece[]): string {
  return pieces
    .map(({ kind, text }) => (kind === "comment" ? " " : kind === "quoted" ? "``" : text))
    .join("");
}

const REFUSED: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /\binto\b/i, why: "it writes its result somewhere (INTO). Leave that out" },
  {
    pattern: /\bfor\s+(update|share)\b|\block\s+in\s+share\s+mode\b/i,
    why: "it locks rows (FOR UPDATE, FOR SHARE). Leave that out",
  },
  { pattern: /\bload_file\s*\(/i, why: "it reads a file of the server (LOAD_FILE). Leave that out" },
];

export function unsafe(why: string): AppError {
  return new AppError("UNSAFE_QUERY", `The query is not accepted: ${why}.`);
}
