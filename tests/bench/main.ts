/** `bun run bench [NAME …]`: prints measured figures beside the numbers to reach in docs/benchmarks.md. */
import { benchAnswers } from "./answers.ts";
import { benchBundles } from "./bundles.ts";
import { benchConversations } from "./conversations.ts";
import { benchEmbedding } from "./embedding.ts";
import type { Figure } from "./figure.ts";
import { benchFit } from "./fit.ts";
import { benchFitQuotes } from "./fit-quotes.ts";
import { benchJobs } from "./jobs.ts";
import { benchLoop } from "./loop.ts";
import { benchQuestions } from "./questions.ts";
import { benchReading } from "./reading/reading.ts";
import { benchRetrieval } from "./retrieval.ts";
import { benchStart } from "./start.ts";
import { benchTools } from "./tools.ts";
import { benchTurn } from "./turn.ts";
import { benchVectors } from "./vectors.ts";

const BENCHES: Record<string, (folders: readonly string[]) => Promise<Figure[]>> = {
  bundles: benchBundles,
  start: benchStart,
  answers: benchAnswers,
  retrieval: benchRetrieval,
  vectors: benchVectors,
  jobs: benchJobs,
  loop: benchLoop,
  turn: benchTurn,
  conversations: benchConversations,
  tools: benchTools,
  embedding: benchEmbedding,
  questions: benchQuestions,
  fit: benchFit,
  "fit-quotes": benchFitQuotes,
  reading: benchReading,
};

/** Long and meant for a quiet machine, or a tool for those who change the ranking: run only when named. */
const ONLY_WHEN_NAMED = new Set([
  "vectors",
  "jobs",
  "loop",
  "turn",
  "conversations",
  "tools",
  "embedding",
  "questions",
  "fit",
  "fit-quotes",
  "reading",
]);

const [first = "", ...rest] = process.argv.slice(2);
/** What is read is whatever folders are named behind it. */
const folders = first === "reading" ? rest : [];
const wanted = first === "reading" ? [first] : process.argv.slice(2);
const unknown = wanted.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  console.error(`There is no benchmark “${unknown}”. There are: ${Object.keys(BENCHES).join(", ")}.`);
  process.exit(64);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 ? !wanted.includes(name) : ONLY_WHEN_NAMED.has(name)) continue;
  console.log(`\n${name}`);
  for (const { what, measured, target } of await bench(folders)) {
    console.log(`  ${what.padEnd(56)} ${measured.padStart(14)}   ${target}`);
  }
}
