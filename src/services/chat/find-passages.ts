/** From a turn's question to the passages that it is answered from. */
import { QUOTING } from "../../domain/llm.ts";
import type { ChatProvider } from "../../providers/provider.ts";
import { extractAnswer } from "../../rag/extract.ts";
import { withoutSmallTalk } from "../../rag/follow-up.ts";
import { detectLanguage } from "../../rag/language.ts";
import { partsOf } from "../../rag/parts.ts";
import { meaningsIn } from "../../rag/text.ts";
import { retrieveReading } from "../retrieval/reading.ts";
import { PASSAGE_BUDGET, type Retrieval, type RetrievalDeps, retrieve } from "../retrieval/retrieve.ts";
import { readingsFor, searchReadings, withRewritten } from "./follow-up.ts";
import { type Progress, type ProgressDeps, timed } from "./progress.ts";
import { historyOf, type TurnSettings } from "./turn-request.ts";
import { wordQuestion } from "./wordings.ts";

export type FindDeps = RetrievalDeps & ProgressDeps;

/** From here on the visitor's own words have found what there is, and a model need not be asked for better ones. */
const SURE = 0.9;
/** Languages of the documents that a question is put into. */
const MOST_LANGUAGES = 2;

/** The passages that bear on the question, which is made one that can stand without the conversation first. */
export async function findPassages(
  deps: FindDeps,
  progress: Progress,
  provider: ChatProvider,
  settings: TurnSettings,
  signal: AbortSignal,
): Promise<Retrieval> {
  const { trace } = progress;
  const found =
    provider.name === QUOTING
      ? await findQuotable(deps, progress, settings, signal)
      : await findReading(deps, progress, provider, settings, signal);
  trace.candidates = found.candidates;
  const met = meaningsIn(trace.rewrittenQuery, settings.synonyms);
  if (met.length > 0) trace.synonyms = met;
  signal.throwIfAborted();
  return found;
}

async function findQuotable(
  deps: FindDeps,
  progress: Progress,
  settings: TurnSettings,
  signal: AbortSignal,
): Promise<Retrieval> {
  const { trace, turn } = progress;
  const history = historyOf(settings);
  const readings = readingsFor(history, trace.question, settings.synonyms);
  const { reading, found } = await timed(deps, progress, "retrieveMs", () =>
    searchReadings(readings, history, trace.question, settings.synonyms, (each) =>
      retrieve(deps, turn.session.tenantId, each, PASSAGE_BUDGET, signal),
    ),
  );
  trace.rewrittenQuery = reading;
  if (extractAnswer(reading, found.passages, settings.synonyms) !== "") return found;
  return (await findParts(deps, progress, reading, settings, signal)) ?? found;
}

/** What is found for each part of a double question that finds nothing as a whole; null where no part is answered. */
async function findParts(
  deps: FindDeps,
  progress: Progress,
  question: string,
  { synonyms }: TurnSettings,
  signal: AbortSignal,
): Promise<Retrieval | null> {
  const parts = partsOf(question);
  if (parts.length < 2) return null;
  const { tenantId } = progress.turn.session;
  const found = await timed(deps, progress, "retrieveMs", () =>
    Promise.all(parts.map((part) => retrieve(deps, tenantId, part, PASSAGE_BUDGET, signal))),
  );
  const answered = parts.flatMap((askedAs, at) => {
    const passages = found[at]?.passages ?? [];
    return extractAnswer(askedAs, passages, synonyms) === ""
      ? []
      : passages.map((each) => ({ ...each, askedAs }));
  });
  const [first] = found;
  if (answered.length === 0 || first === undefined) return null;
  const passages = answered.map((passage, at) => ({ ...passage, n: at + 1 }));
  return { ...first, passages, candidates: found.flatMap(({ candidates }) => candidates) };
}

/** With the model's own wordings of the question, where it leans on the conversation or finds nothing for sure. */
async function findReading(
  deps: FindDeps,
  progress: Progress,
  provider: ChatProvider,
  settings: TurnSettings,
  signal: AbortSignal,
): Promise<Retrieval> {
  const { turn, trace } = progress;
  const { tenantId } = turn.session;
  const history = historyOf(settings);
  const read = (questions: string[]) =>
    timed(deps, progress, "retrieveMs", () =>
      retrieveReading(deps, tenantId, questions, deps.settings.limits.passageTokens, signal),
    );

  const asked = withoutSmallTalk(trace.question);
  const found = history.length === 0 ? await read([asked]) : null;
  if (found !== null && isSure(found)) return found;
  const wordings = await timed(deps, progress, "rewriteMs", async () => {
    const spoken = await deps.store.chunks.languages(tenantId);
    // Without documents there is nothing to be found in other words either.
    if (spoken.length === 0) return null;
    const own = detectLanguage(trace.question);
    const languages = spoken.slice(0, MOST_LANGUAGES).filter((language) => language !== own);
    const { config } = settings;
    return wordQuestion({ provider, config, log: deps.log }, history, trace.question, languages, signal);
  });
  const others = wordings?.others ?? [];
  if (others.length > 0) trace.wordings = others;
  if (found !== null) return others.length > 0 ? read([asked, ...others]) : found;
  const told = readingsFor(history, trace.question, settings.synonyms);
  const readings =
    wordings === null ? told : withRewritten(history, told, wordings.standalone, trace.question);
  const chosen = await searchReadings(readings, history, trace.question, settings.synonyms, (reading) =>
    read([reading, ...(reading === wordings?.standalone ? others : [])]),
  );
  trace.rewrittenQuery = chosen.reading;
  return chosen.found;
}

function isSure({ candidates }: Retrieval): boolean {
  return candidates.some(({ kept, relevance }) => kept && relevance >= SURE);
}
