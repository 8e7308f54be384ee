/** What a query is made of, for its colours and for what it asks for. The database reads it; this only shows it. Pure. */

/** That of each kind of database; MongoDB's queries are JSON. */
export type QueryLanguage = "postgres" | "mysql" | "mongodb";
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

/** What all SQL has. Casts and slices are no parameters; what stands in array[…] may be one. */
const COMMON = [
  /(?<name>[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)/,
  /(?<number>\d[\w.]*)/,
  /(?<operator>::|:=|(?<!\barray\s{0,9})\[[^\]'"]*\]|[-+*/<>=!%|&~^#]+)/,
  /(?<parameter>:[a-z_]\w*)/,
];
/** The first that matches says what it is. */
const PATTERNS: Record<QueryLanguage, RegExp> = {
  postgres: oneOf(
    /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
    /(?<string>\be'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(?<tag>[a-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$))/,
    /(?<quoted>"(?:[^"]|"")*(?:"|$))/,
    ...COMMON,
  ),
  mysql: oneOf(
    /(?<comment>(?:--(?=\s|$)|#)[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
    /(?<string>'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|"(?:[^"\\]|""|\\[\s\S])*(?:"|$))/,
    /(?<quoted>`(?:[^`]|``)*(?:`|$))/,
    ...COMMON,
  ),
  mongodb: oneOf(
    /(?<string>"(?:[^"\\\n]|\\[\s\S])*(?:"|$|(?=\n)))/,
    /(?<number>-?\d[\d.e+-]*)/,
    /(?<keyword>\b(?:true|false|null)\b)/,
  ),
};

/** All tokens joined are the text. */
export function tokensOf(text: string, language: QueryLanguage): QueryToken[] {
  const tokens: QueryToken[] = [];
  let end = 0;
  for (const match of text.matchAll(PATTERNS[language])) {
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
  const found = Object.keys(groups).find((name) => name !== "tag" && groups[name] !== undefined);
  const kind = found === "quoted" ? "name" : (found as TokenKind);
  if (kind === "name") return KEYWORDS.has(text.toLowerCase()) ? "keyword" : "name";
  if (language !== "mongodb" || kind !== "string") return kind;
  if (/^\s*:/.test(after)) return text.startsWith('"$') ? "keyword" : "key";
  return /^":[A-Za-z_]\w*"$/.test(text) ? "parameter" : "string";
}

function oneOf(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"), "gi");
}
