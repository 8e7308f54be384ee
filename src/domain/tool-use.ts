/** What became of the calls of a tool: figures that stay small however often it is called, and the latest calls. */
import type { ErrorCode } from "../errors.ts";
import type { Message, TurnTrace } from "./conversation.ts";
import type { ApiKeyId, ConversationId, MessageId, TenantId, ToolId, UnixMs, UserId } from "./ids.ts";

/** Longer nobody looks back. */
export const TOOL_FIGURES_DAYS = 90;
/** Of the latest uses of a tool, by each kind of user. */
export const TOOL_USES_KEPT = 50;

/** Who had it called: a visitor in a conversation, a program with an API key, or a person who tried it. */
export const TOOL_USERS = ["visitor", "program", "person"] as const;
export type ToolUser = (typeof TOOL_USERS)[number];

/** One call that ran, or was refused for what it was given. */
export type ToolUse = {
  tenantId: TenantId;
  toolId: ToolId;
  at: UnixMs;
  ms: number;
  /** Why it failed; null when it did not. */
  error: ErrorCode | null;
  by: ToolUser;
  /** The person or the key; null for a visitor, whom the conversation names. */
  actor: UserId | ApiKeyId | null;
  conversationId: ConversationId | null;
  /** The answer in which it was called. */
  messageId: MessageId | null;
};

/** Of `ms` milliseconds or as many as are told apart from them. */
export type CallsLasting = { ms: number; calls: number; failures: number };

/** What a tool did, trials of persons apart. Both durations are of all calls, failed ones too. */
export type ToolFigures = {
  calls: number;
  failures: number;
  p50Ms: number | null;
  p95Ms: number | null;
  /** How many of the calls visitors made, and how many programs. */
  byVisitors: number;
  byPrograms: number;
  /** By persons, who tried it; not among the calls. */
  trials: number;
  /** Null for never. Persons apart. */
  lastUsedAt: UnixMs | null;
};

/** Calls of one day by one kind of user, by how long they took. */
export type CountedCalls = CallsLasting & { by: ToolUser };

/** The shortest duration that is not told apart from `ms`: a thirty-second part is lost, and nothing below 64 ms. */
export function durationStep(ms: number): number {
  const whole = Math.max(0, Math.round(ms));
  return whole - (whole % stepAt(whole));
}

export function figuresOf(counted: readonly CountedCalls[], lastUsedAt: UnixMs | null): ToolFigures {
  const used = counted.filter(({ by }) => by !== "person");
  const callsBy = (user: ToolUser) => sum(counted.filter(({ by }) => by === user).map(({ calls }) => calls));
  return {
    calls: sum(used.map(({ calls }) => calls)),
    failures: sum(used.map(({ failures }) => failures)),
    p50Ms: durationAt(used, 0.5),
    p95Ms: durationAt(used, 0.95),
    byVisitors: callsBy("visitor"),
    byPrograms: callsBy("program"),
    trials: callsBy("person"),
    lastUsedAt,
  };
}

/** The calls of tools of the catalogue that a turn made. Those that wait for a confirmation have not been made. */
export function usesInTurn(
  tenantId: TenantId,
  { toolCalls }: Pick<TurnTrace, "toolCalls">,
  { id: messageId, conversationId }: Pick<Message, "id" | "conversationId">,
  at: UnixMs,
): ToolUse[] {
  return toolCalls.flatMap(({ tool, ms, error = null }) =>
    tool === undefined
      ? []
      : [
          {
            ...{ tenantId, toolId: tool, at, ms, error, by: "visitor" as const, actor: null },
            ...{ conversationId, messageId },
          },
        ],
  );
}

/** By nearest rank, in the middle of what is not told apart; null where there were none. */
function durationAt(counted: readonly CallsLasting[], share: number): number | null {
  const rank = Math.ceil(share * sum(counted.map(({ calls }) => calls)));
  let before = 0;
  for (const { ms, calls } of counted.toSorted((one, other) => one.ms - other.ms)) {
    before += calls;
    if (before >= rank) return ms + Math.floor(stepAt(ms) / 2);
  }
  return null;
}

function stepAt(ms: number): number {
  return Math.max(1, 2 ** (Math.floor(Math.log2(ms)) - 5));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
