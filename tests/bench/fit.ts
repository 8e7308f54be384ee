/**
 * Fits the probability of relevance in src/rag/rank.ts on the even questions: those that the documents answer, against
 * questions that they cannot. Prints the coefficients to be written there. Run by `bun run bench fit`.
 */
import { inverseFrequency } from "../../src/domain/bm25.ts";
import { FeatureReader } from "../../src/rag/features.ts";
import { type Evidence, evidenceOf, rankMatches, raritiesOf } from "../../src/rag/rank.ts";
import type { Figure } from "./figure.ts";
import {
  type Corpus,
  find,
  halfOf,
  haveQuestionSets,
  type Piece,
  piecesOf,
  type Question,
  SET_NAMES,
  toCorpus,
} from "./question-sets.ts";

/** Of the first asked of the documents of the second. The English sets share their articles, so not of each other. */
const UNANSWERABLE = [
  ...["squad", "xquad-en", "xquad-de", "xquad-es", "xquad-ru", "xquad-ar", "xquad-zh"].map(
    (asked) => [asked, "aws"] as const,
  ),
  ["aws", "squad"] as const,
  ["aws", "xquad-en"] as const,
];
const MOST_QUESTIONS = 500;
const SIGNS = ["together", "adjacency", "found", "missing"] as const satisfies (keyof Evidence)[];
const ROUNDS = 25;
/** Holds the coefficients near zero where the questions do not tell. */
const RIDGE = 1e-5;
const ANSWERED = 0.95;
const REFUSED = 0.9;

type Group = { name: string; answerable: boolean; evidence: (Evidence | null)[] };

export async function benchFit(): Promise<Figure[]> {
  if (!haveQuestionSets()) {
    return [{ what: "question sets", measured: "not here", target: "PARLEY_BENCH_SETS names their folder" }];
  }
  const { groups, alone } = await gather();
  const coefficients = fit(groups);
  coefficients[0] = balancedIntercept(groups, coefficients);
  return [
    ...["intercept", ...SIGNS].map((what, place) => ({
      what,
      measured: (coefficients[place] as number).toFixed(1),
      target: "",
    })),
    ...[...groups, ...alone].map((group) => ({
      what: `${group.name}: ${group.answerable ? "answered" : "refused"}`,
      measured: `${(shareRight(group, coefficients) * 100).toFixed(1)} %`,
      target: group.answerable ? "≥ 95 %" : "≥ 90 %",
    })),
  ];
}

/** Whole corpora, which are fitted, and documents alone, which show whether the fit depends on the size. */
async function gather(): Promise<{ groups: Group[]; alone: Group[] }> {
  const corpora = new Map<string, Corpus>();
  const questions = new Map<string, Question[]>();
  const groups: Group[] = [];
  const alone: Group[] = [];
  for (const set of SET_NAMES) {
    const pieces = await piecesOf(set);
    const corpus = toCorpus(pieces);
    const asked = spread(await halfOf(set, "even"));
    corpora.set(set, corpus);
    questions.set(set, asked);
    groups.push({
      name: set,
      answerable: true,
      evidence: asked.map(({ text }) => bestEvidence(corpus, text)),
    });
    // Pages of one product's documentation answer each other's questions.
    if (set !== "aws") alone.push(...aloneGroups(set, pieces, asked));
  }
  for (const [asked, other] of UNANSWERABLE) {
    const corpus = corpora.get(other) as Corpus;
    const evidence = (questions.get(asked) ?? []).map(({ text }) => bestEvidence(corpus, text));
    groups.push({ name: `${asked} of ${other}`, answerable: false, evidence });
  }
  return { groups, alone };
}

/** Each question asked of the one document that answers it, and of one that does not. */
function aloneGroups(set: string, pieces: readonly Piece[], asked: readonly Question[]): Group[] {
  const ofDocument = Map.groupBy(pieces, ({ document }) => document);
  const documents = [...ofDocument.keys()];
  const own = asked.map(({ text, relevant: [id] }) =>
    bestEvidence(toCorpus(ofDocument.get(id ?? "") ?? []), text),
  );
  const foreign = asked.map(({ text, relevant }, n) => {
    const other = documents[(n * 7_919) % documents.length] as string;
    return relevant.includes(other) ? null : bestEvidence(toCorpus(ofDocument.get(other) ?? []), text);
  });
  return [
    { name: `${set}, the document alone`, answerable: true, evidence: own },
    { name: `${set}, another document alone`, answerable: false, evidence: foreign },
  ];
}

/** That of the passage in the first place; null when nothing was found, which is a refusal in any case. */
function bestEvidence(corpus: Corpus, text: string): Evidence | null {
  const { question, matches } = find(corpus, text);
  const [best] = rankMatches(question, matches);
  if (best === undefined) return null;
  const rarity = raritiesOf(question, matches);
  const idf = Float64Array.from(matches.withWord, (holding) => inverseFrequency(matches.chunks, holding));
  const reader = new FeatureReader(matches, [idf, rarity]);
  const features = reader.read(matches.rows.indexOf(best.row))[1];
  return features === undefined ? null : evidenceOf(features, reader.anywhere, rarity);
}

/** Logistic regression by Newton's method; every group counts the same, and so do both answers. */
function fit(groups: readonly Group[]): number[] {
  const counts = { true: 0, false: 0 };
  for (const { answerable } of groups) counts[`${answerable}`]++;
  const rows = groups.flatMap(({ answerable, evidence }) => {
    const weight = 1 / (2 * counts[`${answerable}`] * Math.max(1, evidence.length));
    const seen = evidence.filter((each) => each !== null);
    return seen.map((each) => ({ signs: toSigns(each), is: answerable ? 1 : 0, weight }));
  });
  let coefficients = [0, ...SIGNS.map(() => 0)];
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = coefficients.map((value) => -RIDGE * value);
    const curvature = coefficients.map((_, row) =>
      coefficients.map((__, column) => (row === column ? RIDGE : 0)),
    );
    for (const { signs, is, weight } of rows) {
      const chance = probability(signs, coefficients);
      for (const [row, left] of signs.entries()) {
        gradient[row] = (gradient[row] as number) + weight * (is - chance) * left;
        const line = curvature[row] as number[];
        for (const [column, right] of signs.entries()) {
          line[column] = (line[column] as number) + weight * chance * (1 - chance) * left * right;
        }
      }
    }
    const step = solve(curvature, gradient);
    coefficients = coefficients.map((value, place) => value + (step[place] as number));
  }
  return coefficients;
}

/** Of a few linear equations, by Gaussian elimination; the matrix is positive definite. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const lines = matrix.map((line, row) => [...line, right[row] as number]);
  for (const [pivot, line] of lines.entries()) {
    for (const [row, other] of lines.entries()) {
      if (row === pivot) continue;
      const factor = (other[pivot] as number) / (line[pivot] as number);
      for (const [column, value] of line.entries())
        other[column] = (other[column] as number) - factor * value;
    }
  }
  return lines.map((line, row) => (line.at(-1) as number) / (line[row] as number));
}

/** Moves the threshold to where the group that is furthest from its target is as close as can be. */
function balancedIntercept(groups: readonly Group[], coefficients: readonly number[]): number {
  const [start = 0, ...rest] = coefficients;
  const worst = (intercept: number) =>
    Math.min(
      ...groups.map((group) => {
        const share = shareRight(group, [intercept, ...rest]);
        return group.answerable ? (share - ANSWERED) / (1 - ANSWERED) : (share - REFUSED) / (1 - REFUSED);
      }),
    );
  const steps = Array.from({ length: 121 }, (_, n) => start + (n - 60) / 10);
  return steps.reduce((best, step) => (worst(step) > worst(best) ? step : best), start);
}

function shareRight({ answerable, evidence }: Group, coefficients: readonly number[]): number {
  const right = evidence.filter((each) => {
    const isAnswered = each !== null && probability(toSigns(each), coefficients) >= 0.5;
    return isAnswered === answerable;
  });
  return right.length / Math.max(1, evidence.length);
}

function probability(signs: readonly number[], coefficients: readonly number[]): number {
  const sum = signs.reduce((total, sign, place) => total + sign * (coefficients[place] as number), 0);
  return 1 / (1 + Math.exp(-sum));
}

function toSigns(evidence: Evidence): number[] {
  return [1, ...SIGNS.map((sign) => evidence[sign])];
}

function spread(questions: readonly Question[]): Question[] {
  const step = Math.max(1, Math.floor(questions.length / MOST_QUESTIONS));
  return questions.filter((_, index) => index % step === 0);
}
