/**
 * The pieces of a statement that a model wrote, held to what every server of this family reads alike, whatever its
 * settings: no comments, backslashes, double quotes or variables.
 */
import { refusedStatement } from "../model-select.ts";

export type Token = {
  kind: "word" | "name" | "text" | "number" | "sign";
  /** Of a word in lower case, of a name in backticks without them; otherwise as written. */
  value: string;
  /** As written. */
  written: string;
};

const RULES: readonly { kind: Token["kind"] | "space"; pattern: RegExp }[] = [
  { kind: "space", pattern: /[ \t\r\n]+/y },
  { kind: "text", pattern: /'(?:[^'\\]|'')*'/y },
  { kind: "name", pattern: /`[^`\\]+`/y },
  { kind: "word", pattern: /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y },
  { kind: "number", pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w\u0080-\uffff])/y },
  { kind: "sign", pattern: /<=>|<>|!=|<=|>=|<<|>>|\|\||&&|[(),.+*/%=<>!|&^~-]/y },
];

const REFUSED: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /^(?:--|\/\*|\*\/|#)/, why: "it has a comment. Leave comments out" },
  {
    pattern: /^\\/,
    why: "it has a backslash. Write a quote in a text as two of them, and leave other escapes out",
  },
  { pattern: /^"/, why: "it has double quotes. Write texts in single quotes and names in backticks" },
  { pattern: /^[@:?]/, why: "it has a variable or a placeholder. Write the value itself" },
  { pattern: /^;/, why: "it is more than one statement. Write one SELECT" },
  {
    pattern: /^['`]/,
    why: "a text or a name in it has no end, or a backslash. Write a quote in a text as two of them",
  },
];

/** @throws AppError UNSAFE_QUERY */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const next = REFUSED.slice(0, -1).find(({ pattern }) => pattern.test(text.slice(at, at + 2)));
    if (next) throw refusedStatement(next.why);
    const { kind, written } = pieceAt(text, at);
    if (kind !== "space") tokens.push({ kind, written, value: meantBy(kind, written) });
    at += written.length;
  }
  return tokens;
}

function pieceAt(text: string, at: number) {
  for (const { kind, pattern } of RULES) {
    pattern.lastIndex = at;
    const written = pattern.exec(text)?.[0];
    if (written !== undefined) return { kind, written };
  }
  const why = REFUSED.find(({ pattern }) => pattern.test(text.slice(at, at + 1)))?.why;
  throw refusedStatement(why ?? `it has “${text.slice(at, at + 10)}”, which is not taken. Leave it out`);
}

function meantBy(kind: Token["kind"], written: string): string {
  if (kind === "word") return written.toLowerCase();
  return kind === "name" ? written.slice(1, -1) : written;
}
