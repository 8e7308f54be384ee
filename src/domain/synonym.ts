/** What a tenant says otherwise than its documents do: "PTO" for "paid time off". */
import type { SynonymId, TenantId, UnixMs } from "./ids.ts";

/** The job that deletes a removed synonym for good. */
export const PURGE_SYNONYM = "purge-synonym";

/** Words that are asked with, and words that documents have for the same; each may be several that follow each other. */
export type SynonymRule = {
  asked: string[];
  written: string[];
  /** Whether each also stands for all others, so that a question with a written one finds the asked ones. */
  bothWays: boolean;
};

export type Synonym = SynonymRule & {
  id: SynonymId;
  tenantId: TenantId;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  /** Hidden since, and final with its job; null while it counts. */
  deletedAt: UnixMs | null;
};

/** Read on every question, so there is an end to them. */
export const MOST_SYNONYMS = 500;
export const MOST_WORDS_A_SIDE = 10;
export const LONGEST_SYNONYM = 80;

/** What sets words apart where synonyms are written as lines, in the writing of any language. */
const SEPARATORS = /[,;،؛，、；]/u;
const SIGNS = /[=＝>＞→]/u;

/** Why this cannot be one of the words of a synonym, in a sentence; null when it can. */
export function synonymProblem(word: string): string | null {
  if (!/[\p{L}\p{N}]/u.test(word)) return "Enter a word: it has no letter and no digit.";
  if (word.length > LONGEST_SYNONYM) return `Enter at most ${LONGEST_SYNONYM} characters.`;
  if (SEPARATORS.test(word)) return `“${word}” holds a comma or semicolon. Enter each word by itself.`;
  if (SIGNS.test(word) || word.startsWith("#"))
    return `“${word}” holds a sign that means something in a list of synonyms (= > #). Leave it out.`;
  return null;
}

/** Why the two sides do not go together, in a sentence; null when they do. */
export function sidesProblem({ asked, written }: Pick<SynonymRule, "asked" | "written">): string | null {
  const all = [...asked, ...written].map(plainWord);
  const twice = all.find((word, at) => all.indexOf(word) !== at);
  return twice === undefined ? null : `“${twice}” is there twice. Enter each word once.`;
}

/** What makes two writings of a word the same one. */
export function plainWord(word: string): string {
  return word.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** The same for all rules that say the same, whatever the order of their words. */
export function ruleKey({ asked, written, bothWays }: SynonymRule): string {
  const [left, right] = [asked, written].map((side) => side.map(plainWord).sort().join(", "));
  if (!bothWays) return `${left} > ${right}`;
  return [...asked, ...written].map(plainWord).sort().join(" = ");
}

/** A rule as a line: "PTO = paid time off, holiday", or with ">" one way. */
export function ruleLine({ asked, written, bothWays }: SynonymRule): string {
  return `${asked.join(", ")} ${bothWays ? "=" : ">"} ${written.join(", ")}`;
}

export type SynonymLine = SynonymRule & { line: number };
export type SynonymLineProblem = { line: number; message: string };

const ONE_WAY = /[=＝-]?[>＞]|→/u;
const HOW_TO_WRITE =
  "Write what people say, then =, then what the documents say, such as: PTO = paid time off.";

/** Reads a list of synonyms, one a line. Empty lines and those that begin with # are left out. */
export function readSynonymLines(text: string): { rules: SynonymLine[]; problems: SynonymLineProblem[] } {
  const rules: SynonymLine[] = [];
  const problems: SynonymLineProblem[] = [];
  for (const [at, written] of text.split(/\r\n|\r|\n|\u2028|\u2029/).entries()) {
    if (written.trim() === "" || written.trim().startsWith("#")) continue;
    const read = readLine(written);
    if (typeof read === "string") problems.push({ line: at + 1, message: read });
    else rules.push({ line: at + 1, ...read });
  }
  return { rules, problems };
}

function readLine(line: string): SynonymRule | string {
  const bothWays = !ONE_WAY.test(line);
  const sides = line.split(bothWays ? /[=＝]/u : ONE_WAY).map(wordsOf);
  const [asked = [], ...others] = sides;
  const written = others.flat();
  if (asked.length === 0 || written.length === 0 || sides.some((side) => side.length === 0))
    return HOW_TO_WRITE;
  if (!bothWays && others.length > 1)
    return "Write one > a line: what is on its right is what documents say.";
  if (Math.max(asked.length, written.length) > MOST_WORDS_A_SIDE)
    return `There are more than ${MOST_WORDS_A_SIDE} words on one side. Write them as several lines.`;
  const problem = [...asked, ...written].map(synonymProblem).find(Boolean);
  return problem ?? sidesProblem({ asked, written }) ?? { asked, written, bothWays };
}

function wordsOf(side: string): string[] {
  return side
    .split(SEPARATORS)
    .map((word) => word.replace(/\s+/g, " ").trim())
    .filter((word) => word !== "");
}
