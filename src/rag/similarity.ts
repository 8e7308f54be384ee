/**
 * From a reranker's score to a probability. Models spread their scores differently, so each is shown the same questions,
 * with passages that answer them and passages that do not. What a cosine means is in calibration.ts.
 */
import type { SimilarityScale } from "../domain/embedding.ts";

/** Questions and the passages that answer them, each about something else, in the languages seen most. */
export const KNOWN_PAIRS: readonly (readonly [question: string, answer: string])[] = [
  ["How many days of holiday do I get?", "Every employee has thirty days of annual leave a year."],
  ["Who repairs a broken laptop?", "Computers are fixed by the IT help desk on the ground floor."],
  ["When does the canteen open?", "Lunch is served from half past eleven until two."],
  [
    "How do I get a refund for a train ticket?",
    "Travel expenses are paid back after you hand in the receipts.",
  ],
  [
    "What must I do if there is a fire?",
    "Leave the building by the nearest emergency exit and wait outside.",
  ],
  ["Where can visitors park their car?", "Guests find parking spaces in front of the main gate."],
  [
    "How often must a password be changed?",
    "Passwords expire after twelve months and need fourteen characters.",
  ],
  [
    "Wie melde ich mich krank?",
    "Bei Krankheit ruft man am ersten Tag die Vorgesetzte an; ab dem vierten Tag braucht es ein Attest.",
  ],
  ["Wann wird das Gehalt überwiesen?", "Der Lohn geht am 25. jedes Monats auf das Konto."],
  [
    "Wie lange ist die Garantie auf die Pumpe?",
    "Für alle Pumpen gilt eine Gewährleistung von zwei Jahren ab Lieferung.",
  ],
  [
    "Comment réserver une salle de réunion ?",
    "Les salles se réservent dans le calendrier, au plus tard la veille.",
  ],
  ["¿Quién aprueba las horas extra?", "El trabajo fuera del horario lo autoriza el jefe del departamento."],
];

/**
 * What the scores of a reranker mean, from those of every question of `KNOWN_PAIRS` with every answer, in order: on
 * average, that of a question with its answer, and the highest with another one's.
 */
export function scoreScale(scores: readonly Float32Array[]): SimilarityScale {
  const related = scores.map((row, question) => row[question] ?? 0);
  const unrelated = scores.map((row, question) =>
    Math.max(...row.filter((_, answer) => answer !== question)),
  );
  return { related: mean(related), unrelated: mean(unrelated) };
}

/** Whether a model tells the answers of `KNOWN_PAIRS` from the others at all. */
export function tellsApart({ related, unrelated }: SimilarityScale): boolean {
  return related - unrelated >= LEAST_SPREAD;
}

/** A model that tells its own pairs apart by less than this tells nothing apart. */
const LEAST_SPREAD = 0.02;
/** Where on the way from unrelated to related a passage becomes as likely to answer as not. */
const EVEN = 0.75;
const STEEPNESS = 6;

/**
 * The probability, 0 to 1, that a passage of this score bears on the question. Provisional, until a tenant's own
 * judged questions fit it, and so on the careful side: an average answer gets 0.82, the best of a dozen wrong ones 0.01.
 */
export function relevanceOfSimilarity(similarity: number, scale: SimilarityScale): number {
  if (!tellsApart(scale)) return 0;
  const way = (similarity - scale.unrelated) / (scale.related - scale.unrelated);
  return 1 / (1 + Math.exp(-STEEPNESS * (way - EVEN)));
}

/** Of vectors of length 1. */
export function cosine(left: Float32Array, right: Float32Array | undefined): number {
  return left.reduce((total, value, index) => total + value * (right?.[index] ?? 0), 0);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0) / Math.max(1, numbers.length);
}
