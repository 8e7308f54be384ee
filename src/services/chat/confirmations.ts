/** Calls that change something: proposed in a turn, run once their visitor has said yes, and never twice. */
import type { Deps } from "../../deps.ts";
import {
  type ArgumentInWords,
  CONFIRM_WITHIN_MS,
  type Confirmation,
  type ConfirmationState,
  isExpired,
} from "../../domain/confirmation.ts";
import type { ChatSession, Message } from "../../domain/conversation.ts";
import { newId } from "../../domain/ids.ts";
import { type CatalogueTool, type ToolArguments, type ToolCall, withLabels } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";
import { detectLanguage } from "../../rag/language.ts";
import { confirmSayings } from "../../rag/lookup/confirm-sayings.ts";
import { parseArguments, validArguments } from "../../tools/arguments.ts";
import type { Tool } from "../../tools/tool.ts";
import { type LimitedChanges, limitChanges } from "../access/limits.ts";
import { declined, type End, runConfirmed, toMessage, toTrace, unknownEnd } from "./call-outcome.ts";
import type { LiveStreams } from "./live-stream.ts";
import type { Progress } from "./progress.ts";

export type ConfirmDeps = Pick<Deps, "store" | "tools" | "outbox" | "live" | "log" | "now"> & {
  streams: Pick<LiveStreams, "open">;
  monotonicNow: () => number;
};

/** What a visitor sends is limited, whatever comes of it. */
export type AnswerDeps = ConfirmDeps & LimitedChanges;

/** A visitor's word on a call. `arguments` are what they saw, where their program says it. */
export type Answered = { call: Confirmation["id"]; accept: boolean; arguments?: Record<string, unknown> };

/**
 * Keeps a call until its visitor has answered. Asked for again with the same arguments in one answer, it is the same.
 *
 * @throws AppError INVALID_ARGUMENT · TOOL_REQUIRES_IDENTITY
 */
export async function propose(
  deps: Pick<Deps, "store" | "now">,
  { turn, answer }: Progress,
  entry: CatalogueTool,
  call: ToolCall,
): Promise<Confirmation> {
  const { tenantId, id: sessionId, conversationId, visitor } = turn.session;
  const all = validArguments(entry.parameters, parseArguments(call), visitor);
  const free = entry.parameters.filter(({ boundTo }) => boundTo === null);
  const given: ToolArguments = Object.fromEntries(free.map(({ name }) => [name, all[name] ?? null]));
  const before = answer.confirmations.find(
    ({ toolId, arguments: other }) => toolId === entry.id && isSame(given, other),
  );
  if (before !== undefined) return before;
  const language = detectLanguage(turn.question.content);
  const createdAt = deps.now();
  const confirmation: Confirmation = {
    ...{ id: newId("tool-call"), tenantId, sessionId, conversationId, messageId: answer.id },
    ...{ toolId: entry.id, name: entry.name, label: entry.label, arguments: given, language },
    words: inWords(free, given, language),
    ...{
      state: "pending_confirmation",
      outcomeId: null,
      createdAt,
      expiresAt: createdAt + CONFIRM_WITHIN_MS,
    },
  };
  // At once, so that the same call beside it finds it.
  answer.confirmations.push(confirmation);
  await deps.store.toolCalls.propose(confirmation);
  return confirmation;
}

/**
 * Takes the visitor's word, does what they said, and tells of it in a message of its own. The same word again has the
 * same outcome, and nothing is done twice.
 *
 * @throws AppError RATE_LIMITED · NOT_FOUND for a call that is not the session's · CONFIRMATION_MISMATCH for other arguments than those
 *   that were asked for, and for a tool that was changed since · CONFLICT for one that is answered, under way or too old
 */
export async function answerConfirmation(
  deps: AnswerDeps,
  session: ChatSession,
  { call: callId, accept, arguments: seen }: Answered,
): Promise<Message> {
  limitChanges(deps, session.id);
  const { tenantId } = session;
  const confirmation = await deps.store.toolCalls.find(tenantId, session.id, callId);
  if (confirmation === null) throw new AppError("NOT_FOUND", "There is no such call to confirm.");
  if (seen !== undefined && !isSame(seen, confirmation.arguments))
    throw await mismatch(deps, confirmation, "These are not the arguments that were asked for. Ask again.");
  const before = await earlierOutcome(deps, confirmation, accept);
  if (before !== null) return before;
  if (!accept) return end(deps, confirmation, "pending_confirmation", declined(confirmation));
  if (isExpired(confirmation, deps.now()))
    throw new AppError("CONFLICT", "Five minutes are over. Ask again, and confirm it then.");
  const tool = await unchangedTool(deps, session, confirmation);
  // Before anything is sent: whatever happens from here on, it is not sent again.
  await deps.store.toolCalls.start(tenantId, callId, deps.now());
  await announce(deps, { ...confirmation, state: "started" });
  const ended = await runConfirmed(deps, tool, confirmation);
  await recordRun(deps, confirmation, ended.to);
  return end(deps, confirmation, "started", ended);
}

/** At start: what was under way when the server ended may have happened, and is not tried again. */
export async function endStartedCalls(
  deps: Omit<ConfirmDeps, "streams" | "tools" | "monotonicNow">,
): Promise<void> {
  for (const confirmation of await deps.store.toolCalls.started())
    await store(
      deps,
      confirmation,
      "started",
      unknownEnd(confirmation, "The server ended in between."),
    ).catch((cause) => deps.log.error("tool-call-not-ended", { call: confirmation.id, cause }));
}

async function earlierOutcome(
  deps: Pick<ConfirmDeps, "store">,
  { tenantId, state, outcomeId }: Confirmation,
  accept: boolean,
): Promise<Message | null> {
  if (state === "pending_confirmation") return null;
  const told = outcomeId === null ? null : await deps.store.conversations.findMessage(tenantId, outcomeId);
  if (told !== null && accept === (state !== "declined")) return told;
  throw new AppError("CONFLICT", state === "started" ? "It is being done." : "This was answered already.");
}

/** As an admin wrote it down when it was asked for, and still this visitor's to use. */
async function unchangedTool(
  deps: ConfirmDeps,
  { tenantId, visitor }: ChatSession,
  confirmation: Confirmation,
): Promise<Tool & { entry: CatalogueTool }> {
  const offered = await deps.tools.offered({ tenantId, visitor });
  const tool = offered.find(({ entry }) => entry?.id === confirmation.toolId);
  if (tool === undefined || tool.entry === null || tool.entry.updatedAt > confirmation.createdAt)
    throw await mismatch(deps, confirmation, "This has been changed or taken away since. Ask again.");
  return { ...tool, entry: tool.entry, run: tool.run.bind(tool) };
}

async function mismatch(
  deps: Pick<ConfirmDeps, "store" | "now">,
  { tenantId, name, id }: Confirmation,
  message: string,
): Promise<AppError> {
  await deps.store.audit.append({
    ...{ at: deps.now(), tenantId, actor: "visitor", address: null, requestId: null },
    ...{ action: "tool.denied", target: name, changes: { code: "CONFIRMATION_MISMATCH", call: id } },
  });
  return new AppError("CONFIRMATION_MISMATCH", message);
}

async function recordRun(
  deps: Pick<ConfirmDeps, "store" | "now" | "log">,
  { tenantId, name, id, conversationId }: Confirmation,
  state: ConfirmationState,
): Promise<void> {
  try {
    await deps.store.audit.append({
      ...{ at: deps.now(), tenantId, actor: "visitor", address: null, requestId: null },
      ...{ action: "tool.run", target: name, changes: { call: id, state, conversation: conversationId } },
    });
  } catch (cause) {
    // It has run; what became of it must be told in any case.
    deps.log.error("tool-run-not-recorded", { call: id, cause });
  }
}

async function end(
  deps: ConfirmDeps,
  confirmation: Confirmation,
  from: ConfirmationState,
  ended: End,
): Promise<Message> {
  const message = await store(deps, confirmation, from, ended);
  const { tenantId, conversationId } = confirmation;
  await announce(deps, { ...confirmation, state: ended.to, outcomeId: message.id }, message);
  deps.live.publish({ type: "conversation", tenantId, conversationId, removed: false });
  return message;
}

async function store(
  deps: Pick<ConfirmDeps, "store" | "outbox" | "now">,
  confirmation: Confirmation,
  from: ConfirmationState,
  ended: End,
): Promise<Message> {
  const { tenantId, conversationId, id } = confirmation;
  const now = deps.now();
  const message = toMessage(confirmation, ended, now);
  const told = { type: "answer-finished", tenantId, conversationId, messageId: message.id } as const;
  const trace = toTrace(confirmation, ended);
  await deps.outbox.announce([told], (jobs) =>
    deps.store.toolCalls.end(tenantId, id, { from, to: ended.to, message, trace }, now, jobs),
  );
  return message;
}

/** To every tab of the session: the card's new state, and the message that tells what became of it. */
async function announce(
  { streams }: Pick<ConfirmDeps, "streams">,
  confirmation: Confirmation,
  message?: Message,
): Promise<void> {
  const stream = await streams.open(confirmation.sessionId);
  await stream.prepare();
  stream.emit({ type: "confirm", messageId: confirmation.messageId, confirmation });
  if (message) stream.emit({ type: "message", message });
}

function inWords(
  free: CatalogueTool["parameters"],
  given: ToolArguments,
  language: string,
): ArgumentInWords[] {
  const { yes, no } = confirmSayings(language);
  const said = withLabels(free, given);
  return free.flatMap(({ name, description }) => {
    const value = said[name] ?? null;
    if (value === null) return [];
    const label = description.replace(/\.$/, "") || name.replaceAll("_", " ");
    return [{ label, value: typeof value === "boolean" ? (value ? yes : no) : String(value) }];
  });
}

/** Whatever the order of the keys; what is not given and null are one. */
function isSame(left: Readonly<Record<string, unknown>>, right: Readonly<Record<string, unknown>>): boolean {
  const told = (given: Readonly<Record<string, unknown>>) =>
    JSON.stringify(
      Object.entries(given)
        .filter(([, value]) => value !== null)
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  return told(left) === told(right);
}
