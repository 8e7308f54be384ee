/** What a query is made of, for its colours and for what it asks for. The database reads it; this only shows it. Pure. */

export type QueryLanguage = "sql" | "json";
export type TokenKind =
  | "comment"
  | "string"
  | "key"
  | "number"
  | "keyword"
  | "parameter"
  | "name"
  | "operator"
  | "other";
export type QueryToken = { kind: TokenKind; text: string; at: number };

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "all and any array as asc between both by case cast coalesce collate count cross current_date current_timestamp " +
    "date desc distinct else end escape except exists extract false fetch filter first for from full group having " +
    "ilike in inner intersect interval is join lateral left like limit max min natural not null nulls offset on only " +
    "or order outer over partition position right row rows select similar some sum avg substring then time timestamp " +
    "to trim true union unique using values when where window with"
  ).split(" "),
);
export const SQL_KEYWORDS: readonly string[] = [...KEYWORDS];

/** The first group that matches says what it is. Casts and slices are no parameters. */
const SQL =
  /(?<comment>--[^\n]*|#(?=\s)[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>[eE]?'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<name>"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<number>\d[\w.]*)|(?<operator>::|:=|\[[^\]'"]*\]|[-+*/<>=!%|&~^]+)|(?<parameter>:[A-Za-z_]\w*)/g;
const JSON_TEXT =
  /(?<string>"(?:[^"\\\n]|\\[\s\S])*(?:"|$|(?=\n)))|(?<number>-?\d[\d.eE+-]*)|(?<keyword>\b(?:true|false|null)\b)/g;

/** All tokens joined are the text. */
export function tokensOf(text: string, language: QueryLanguage): QueryToken[] {
  const tokens: QueryToken[] = [];
  let end = 0;
  for (const match of text.matchAll(language === "sql" ? SQL : JSON_TEXT)) {
    if (match.index > end) tokens.push({ kind: "other", text: text.slice(end, match.index), at: end });
    end = match.index + match[0].length;
    tokens.push({ kind: kindOf(match, text.slice(end), language), text: match[0], at: match.index });
  }
  if (end < text.length) tokens.push({ kind: "other", text: text.slice(end), at: end });
  return tokens;
}

/** Names that the query is to be given values for, in their order, each once. */
export function parametersIn(text: string, language: QueryLanguage): string[] {
  const names = tokensOf(text, language)
    .filter(({ kind }) => kind === "parameter")
    .map((token) => token.text.replace(/^"?:|"$/g, ""));
  return [...new Set(names)];
}

function kindOf(
  { groups = {}, 0: text }: RegExpExecArray,
  after: string,
  language: QueryLanguage,
): TokenKind {
  const kind = Object.keys(groups).find((name) => name !== "tag" && groups[name] !== undefined) as TokenKind;
  if (language === "sql") return kind === "name" && KEYWORDS.has(text.toLowerCase()) ? "keyword" : kind;
  if (kind !== "string") return kind;
  if (/^\s*:/.test(after)) return text.startsWith('"$') ? "keyword" : "key";
  return /^":[A-Za-z_]\w*"$/.test(text) ? "parameter" : "string";
}
