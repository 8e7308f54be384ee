/** Look-ups without a model: what the catalogue can answer by itself, run where nothing is in doubt and asked for otherwise. */
import type { Deps } from "../../deps.ts";
import {
  type ChatSession,
  CITED_ROWS,
  type OfferedLookup,
  type ToolCitation,
  type TurnTrace,
} from "../../domain/conversation.ts";
import { QUOTING } from "../../domain/llm.ts";
import type { CatalogueTool, ToolArguments, ToolTable } from "../../domain/tool.ts";
import type { FilledLookup, TurnEvent } from "../../domain/turn.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { ChatProvider, Passage } from "../../providers/provider.ts";
import { detectLanguage } from "../../rag/language.ts";
import { inWords, lookupAnswer } from "../../rag/lookup/answer.ts";
import { continueLookup, findLookup, type Lookup } from "../../rag/lookup/find.ts";
import { lookupSayings } from "../../rag/lookup/sayings.ts";
import type { Tool, ToolContext } from "../../tools/tool.ts";
import { append, type Progress, type ProgressDeps } from "./progress.ts";
import type { TurnSettings } from "./turn-request.ts";

export type LookUpDeps = ProgressDeps & Pick<Deps, "tools" | "now" | "log">;

/** A tool with what the visitor has said of its parameters. */
type LookUpPlan = Pick<Lookup, "values" | "calls" | "coverage"> & { tool: Tool; entry: CatalogueTool };

/** What a form brought, as the visitor's next message. */
type FilledQuestion = { text: string; lookup: OfferedLookup };

/** @throws AppError UNKNOWN_TOOL for one that is not offered to the visitor, or not any more */
export async function filledQuestion(
  { tools }: Pick<Deps, "tools">,
  { tenantId, visitor }: ChatSession,
  { tool: name, values }: FilledLookup,
): Promise<FilledQuestion> {
  const offered = await offeredEntries({ tools }, { tenantId, visitor });
  const entry = offered.find(({ tool }) => tool.definition.name === name)?.entry;
  if (entry === undefined)
    throw new AppError("UNKNOWN_TOOL", "This cannot be looked up any more. Ask again in your own words.");
  const open = entry.parameters.filter(({ boundTo }) => boundTo === null).map((parameter) => parameter.name);
  const given = plainValues(Object.fromEntries(open.map((key) => [key, values[key]])));
  return { text: inWords(entry, given), lookup: { ...toOffer(entry, given), parameters: [] } };
}

/** What came of the catalogue before anything was searched; null where it has nothing to do with the question. */
export type LookUpState = { plan: LookUpPlan; problem: AppError | null };

/**
 * Answers from the catalogue where that can be done without a doubt: a form that was filled in, and with no model a
 * question that leaves none.
 */
export async function* lookUpFirst(
  deps: LookUpDeps,
  progress: Progress,
  provider: ChatProvider,
  settings: Pick<TurnSettings, "history">,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, LookUpState | "answered" | null> {
  const isFilled = progress.turn.question.lookup !== null;
  if (!isFilled && provider.name !== QUOTING) return null;
  const plan = await planLookUp(deps, progress, settings);
  if (plan === null || plan.calls.length === 0) return plan && { plan, problem: null };
  const problem = yield* runLookUp(deps, progress, plan, signal);
  if (problem === null) return "answered";
  if (!isFilled) return { plan, problem };
  if (problem.code === "INVALID_ARGUMENT") yield* offerLookUp(deps, progress, plan, problem);
  else yield sayLookUpFailed(deps, progress, plan);
  return "answered";
}

/** Passages that were found are an answer; a look-up that accounts for the whole question is a better one. */
export function isBetterThanPassages(
  state: LookUpState | null,
  passages: readonly Passage[],
): state is LookUpState {
  if (state === null) return false;
  return passages.length === 0 || (state.problem === null && state.plan.coverage === 1);
}

/** Asks for what is missing, or says that it failed. */
export function* answerByLookUp(
  deps: LookUpDeps,
  progress: Progress,
  { plan, problem }: LookUpState,
): Generator<TurnEvent> {
  if (problem === null) yield* offerLookUp(deps, progress, plan);
  else yield sayLookUpFailed(deps, progress, plan);
}

/** The look-up that a form asked for, or that the question itself asks for; null where there is none. */
async function planLookUp(
  deps: LookUpDeps,
  { turn }: Progress,
  { history }: Pick<TurnSettings, "history">,
): Promise<LookUpPlan | null> {
  const { tenantId, visitor } = turn.session;
  const offered = await offeredEntries(deps, { tenantId, visitor });
  if (offered.length === 0) return null;
  const { content, lookup: filled } = turn.question;
  if (filled !== null) {
    const asked = offered.find(({ tool }) => tool.definition.name === filled.tool);
    return asked === undefined
      ? null
      : { ...asked, values: filled.values, calls: [filled.values], coverage: 1 };
  }
  const today = new Date(deps.now()).toLocaleDateString("sv-SE");
  const entries = offered.map(({ entry }) => entry);
  const before = history.findLast(({ role }) => role === "user");
  const found =
    findLookup(content, entries, today) ??
    (before === undefined ? null : continueLookup(content, before.content, entries, today));
  const asked = offered.find(({ entry }) => entry === found?.tool);
  if (found === null || asked === undefined) return null;
  return { ...asked, values: found.values, calls: found.calls, coverage: found.coverage };
}

/**
 * Runs what is certain and answers with it.
 *
 * @returns null when it answered, otherwise why not: what failed has then been noted, and nothing written
 */
async function* runLookUp(
  deps: LookUpDeps,
  progress: Progress,
  plan: LookUpPlan,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, AppError | null> {
  const { answer, trace } = progress;
  const activity = (state: "running" | "done" | "failed"): TurnEvent => ({
    ...{ type: "tool", messageId: answer.id, name: plan.tool.definition.name, label: plan.tool.label, state },
  });
  yield activity("running");
  const results = await Promise.all(
    plan.calls.map((values, place) => run(deps, plan, values, place, signal)),
  );
  trace.toolCalls.push(...results.map(({ traced }) => traced));
  signal.throwIfAborted();
  const failed = results.find(({ error }) => error !== null)?.error ?? null;
  yield activity(failed === null ? "done" : "failed");
  if (failed !== null) return failed;
  const tables = results.flatMap(({ table }) => (table === null ? [] : [table]));
  yield* answerWith(deps, progress, plan, tables);
  return null;
}

/** Says what can be looked up and asks for the rest. */
function* offerLookUp(
  deps: LookUpDeps,
  progress: Progress,
  { entry, values }: LookUpPlan,
  problem: AppError | null = null,
): Generator<TurnEvent> {
  const { answer, trace, turn } = progress;
  const sayings = lookupSayings(detectLanguage(turn.question.content));
  trace.outcome.reason =
    problem === null
      ? `“${entry.label}” fits the question, and the question does not say all that it needs. Nothing was run.`
      : `“${entry.label}” was asked for with values that do not fit.`;
  const text =
    problem === null ? sayings.offered(entry.label) : `${sayings.refused(entry.label)} ${problem.message}`;
  yield append(deps, progress, text);
  answer.lookup = toOffer(entry, values);
  yield { type: "lookup", messageId: answer.id, lookup: answer.lookup };
}

/** Neither the look-up nor a document had an answer. */
function sayLookUpFailed(deps: LookUpDeps, progress: Progress, { entry }: LookUpPlan): TurnEvent {
  progress.trace.outcome.reason = `“${entry.label}” fits the question, and could not be looked up.`;
  return append(
    deps,
    progress,
    lookupSayings(detectLanguage(progress.turn.question.content)).failed(entry.label),
  );
}

type TracedCall = TurnTrace["toolCalls"][number];
type RunResult = { traced: TracedCall; table: ToolTable | null; error: AppError | null };

async function run(
  deps: LookUpDeps,
  { tool, entry }: LookUpPlan,
  values: ToolArguments,
  place: number,
  signal: AbortSignal,
): Promise<RunResult> {
  const startedAt = deps.monotonicNow();
  const { name } = tool.definition;
  const call = { id: `lookup-${place + 1}`, name, arguments: JSON.stringify(values) };
  const traced = (result: string) => ({
    ...{ name, label: entry.label, tool: entry.id, arguments: call.arguments, result },
    ms: Math.round(deps.monotonicNow() - startedAt),
  });
  try {
    const { content, table } = await tool.run(call, signal);
    return { traced: traced(content), table, error: null };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toAppError(thrown);
    if (error.code === "INTERNAL") deps.log.error("tool-failed", { tool: name, cause: thrown });
    const failed = { ...traced(`${error.code}: ${error.message}`), error: error.code };
    return { traced: failed, table: null, error };
  }
}

function* answerWith(
  deps: LookUpDeps,
  progress: Progress,
  { entry, calls }: LookUpPlan,
  tables: readonly ToolTable[],
): Generator<TurnEvent> {
  const { answer, trace, turn } = progress;
  const language = detectLanguage(turn.question.content);
  trace.outcome.reason = `Looked up “${entry.label}”: every word of the question is accounted for. No model was asked.`;
  answer.citations = tables.map((table, place) => toToolCitation(entry, table, place + 1, deps.now()));
  yield { type: "citations", messageId: answer.id, citations: answer.citations };
  const texts = tables.map((table, place) =>
    lookupAnswer(entry, calls[place] ?? {}, table, place + 1, language),
  );
  yield append(deps, progress, texts.join("\n\n"));
}

function toToolCitation(
  { name, label }: CatalogueTool,
  table: ToolTable,
  n: number,
  at: number,
): ToolCitation {
  const { columns, rows, truncated } = table;
  return {
    ...{ kind: "tool", n, tool: name, label, columns, at },
    ...{ rows: rows.slice(0, CITED_ROWS), truncated: truncated || rows.length > CITED_ROWS },
  };
}

/** What may be looked up without a model: nothing that writes, and nothing outside the catalogue. */
async function offeredEntries({ tools }: Pick<Deps, "tools">, context: ToolContext) {
  return (await tools.offered(context)).flatMap((tool) =>
    tool.entry === null || tool.entry.effect === "write" ? [] : [{ tool, entry: tool.entry }],
  );
}

function toOffer({ name, label, parameters }: CatalogueTool, values: ToolArguments): OfferedLookup {
  const open = parameters.filter(({ boundTo }) => boundTo === null);
  return {
    ...{ tool: name, label, values: plainValues(values) },
    parameters: open.map(
      ({
        name: parameter,
        type,
        description,
        required,
        values: choices,
        labels,
        min,
        max,
        pattern,
        example,
      }) => ({
        ...{ name: parameter, type, description, required, values: choices, min, max, pattern, example },
        ...(labels && { labels }),
      }),
    ),
  };
}

/** What a form can show; a field that was left empty says nothing. */
function plainValues(values: Readonly<Record<string, unknown>>): OfferedLookup["values"] {
  const isPlain = (value: unknown): value is string | number | boolean =>
    (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean";
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (isPlain(value) ? [[name, value] as const] : [])),
  );
}
