/**
 * Tables of contents, link lists and navigation hold the words of a question and no answer: they rank behind what they
 * point to, however many of the words they hold.
 */
import type { FusedCandidate } from "./fuse.ts";
import { foldWord } from "./text.ts";

type Candidate = Pick<FusedCandidate, "score" | "relevance" | "reason"> & {
  hit: { chunk: Pick<FusedCandidate["hit"]["chunk"], "content" | "headingPath" | "documentTitle"> };
};

/** Of lines that are about something; fewer are a short list, which may be an answer. */
const LEAST_LINES = 4;
/** More of the text in sentences makes it prose with a list in it. */
const MOST_IN_SENTENCES = 0.2;
const LONGEST_HEADING_WORDS = 12;
const MOST_NUMBERED = 0.6;
/** Dots between a heading and its page, which nothing else has. */
const LEADERS = /(?:\.\s?|…\s?|·\s?|_){4,}\s*\d{1,4}(?=\s|$)/gu;
const LEAST_LEADERS = 3;
/** What a table of contents leaves of its own relevance: not enough to be quoted from. */
const CONTENTS_SHARE = 0.5;

/** What tables of contents are called (folded). */
const CONTENTS = new Set(
  [
    "contents;table of contents;toc;in this guide;in this document;in this section;on this page;related links;see also",
    "inhalt;inhaltsverzeichnis;inhaltsubersicht;auf dieser seite;siehe auch;weiterfuhrende links",
    "sommaire;table des matieres;sur cette page;voir aussi;liens utiles",
    "indice;contenido;contenidos;tabla de contenido;tabla de contenidos;en esta pagina;vease tambien",
    "sommario;indice dei contenuti;in questa pagina;vedi anche;sumario;conteudo;nesta pagina;ver tambem",
    "inhoud;inhoudsopgave;op deze pagina;zie ook",
    "содержание;оглавление;на этой странице;см также",
    "المحتويات;فهرس المحتويات;الفهرس;جدول المحتويات;في هذه الصفحه;انظر ايضا",
    "目录;本页内容;另请参阅;目次;このページの内容;関連リンク",
  ]
    .flatMap((line) => line.split(";"))
    .map(plain),
);

/** The candidates, with tables of contents last and lists of headings behind those that they name. */
export function contentsLast<Each extends Candidate>(
  ranked: readonly Each[],
  /** From here on a passage may be answered from. */
  answersFrom: number,
): Each[] {
  const read = ranked.map((candidate) => ({ candidate, list: listIn(candidate.hit.chunk.content) }));
  if (read.every(({ list }) => list === null)) return [...ranked];
  const lowest = Math.min(...ranked.map(({ score }) => score));
  const placed = read.map(({ candidate, list }) => {
    if (list === null) return candidate;
    const named = ranked.filter((other) => other !== candidate && list.lines.has(headingOf(other)));
    if (isTableOfContents(candidate, list, named.length)) return asContents(candidate, lowest);
    const answering = named.filter(({ relevance }) => relevance >= answersFrom);
    const behind = Math.min(...answering.map(({ score }) => score));
    if (answering.length === 0 || behind > candidate.score) return candidate;
    const reason = `${candidate.reason}, names passages that say more`;
    return { ...candidate, score: justBelow(behind), reason };
  });
  return placed.toSorted((left, right) => right.score - left.score);
}

function asContents<Each extends Candidate>(candidate: Each, lowest: number): Each {
  return {
    ...candidate,
    score: justBelow(Math.min(lowest, candidate.score)),
    relevance: candidate.relevance * CONTENTS_SHARE,
    reason: `${candidate.reason}, a table of contents`,
  };
}

function justBelow(score: number): number {
  return score - Math.max(Math.abs(score), 1) * 1e-6;
}

type List = { lines: ReadonlySet<string>; hasLeaders: boolean; isNumbered: boolean; heading: string };

/** Lines without sentences, each as a heading would be written; null for any other text. */
function listIn(content: string): List | null {
  const hasLeaders = (content.match(LEADERS)?.length ?? 0) >= LEAST_LEADERS;
  const lines = (hasLeaders ? content.replace(LEADERS, (page) => `${page}\n`) : content)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\p{L}/u.test(line));
  if (lines.length < LEAST_LINES) return null;
  const inSentences = lines.filter(isSentence).reduce((sum, line) => sum + line.length, 0);
  const all = lines.reduce((sum, line) => sum + line.length, 0);
  if (!hasLeaders && inSentences > all * MOST_IN_SENTENCES) return null;
  const headings = lines.map(plain);
  return {
    lines: new Set(headings),
    hasLeaders,
    isNumbered: hasPageNumbers(lines),
    heading: headings[0] ?? "",
  };
}

function isTableOfContents({ hit: { chunk } }: Candidate, list: List, named: number): boolean {
  if (list.hasLeaders || CONTENTS.has(list.heading)) return true;
  return CONTENTS.has(plain(chunk.headingPath.at(-1) ?? "")) || (list.isNumbered && named >= 2);
}

function isSentence(line: string): boolean {
  return /[.!?。！？؟।]["'”’»)\]]*$/u.test(line) || line.split(/\s+/).length > LONGEST_HEADING_WORDS;
}

/** Most lines end in a number, and none in a smaller one than the line before. */
function hasPageNumbers(lines: readonly string[]): boolean {
  const pages = lines.flatMap((line) => /\s(\d{1,4})$/.exec(line)?.[1] ?? []).map(Number);
  const ascend = pages.every((page, at) => page >= (pages[at - 1] ?? 0));
  return ascend && pages.length >= lines.length * MOST_NUMBERED;
}

function headingOf({ hit: { chunk } }: Candidate): string {
  return plain(chunk.headingPath.at(-1) ?? chunk.documentTitle);
}

/** A heading without its number, bullet and page. */
function plain(line: string): string {
  return line
    .replace(/^[\s\-–—*•·▪◦>#|]+/u, "")
    .replace(/^\(?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])[.):]?\s+(?=\S)/iu, "")
    .replace(/[\s.…·_|:]*(?:\s\d{1,4})?[\s.…·_|:]*$/u, "")
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .map(foldWord)
    .filter((word) => word !== "")
    .join(" ");
}
