/** The models of a turn: the one that is asked, who takes over when it fails, and what each of them took. */
import type { Deps } from "../../deps.ts";
import type { TurnTrace, Usage } from "../../domain/conversation.ts";
import { type LlmConfig, QUOTING } from "../../domain/llm.ts";
import { costMicros, type ModelUse } from "../../domain/usage.ts";
import { AppError } from "../../errors.ts";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../providers/provider.ts";
import { estimateTokens } from "../../rag/tokens.ts";

export type ModelChain = {
  /** For the answer: each model with its own temperature and length. */
  answering: ChatProvider;
  /** For what is asked besides, which says itself how long and how free it may be. */
  helping: ChatProvider;
};

type ChainDeps = Pick<Deps, "chatProvider" | "log"> & { monotonicNow: () => number };
/** What is noted of a turn's models. */
type ChainNotes = { trace: TurnTrace; uses: ModelUse[] };

/**
 * One provider made of several: the first is asked, and each next one when those before it failed before their first
 * word. Who failed is not asked again in this turn. Once a word is there, its model's failure is the answer's: nothing
 * that a visitor has seen is written or paid for twice.
 *
 * @param configs at least one, in the order in which they are asked
 */
export function createModelChain(
  deps: ChainDeps,
  configs: readonly LlmConfig[],
  { trace, uses }: ChainNotes,
): ModelChain {
  const asked = configs.filter(({ provider }, place) => place === 0 || provider !== QUOTING);
  const models = asked.map((config) => ({ config, provider: providerOf(deps, config) }));
  let at = 0;
  const current = () => models[at] as (typeof models)[number];

  async function* ask(
    toRequest: (config: LlmConfig) => ChatRequest,
    signal: AbortSignal,
    onAsked: (host: string | undefined) => void,
  ): AsyncGenerator<ChatStreamPart> {
    for (;;) {
      const { config, provider } = current();
      const request = toRequest(config);
      const meter = createMeter(request);
      const startedAt = deps.monotonicNow();
      try {
        Object.assign(trace, { provider: config.provider, model: config.model });
        const asked = provider();
        onAsked(asked.host);
        for await (const part of asked.streamChat(request, signal)) {
          meter.heard(part);
          yield part;
        }
        return;
      } catch (thrown) {
        if (meter.hasWritten() || signal.aborted || !(thrown instanceof AppError)) throw thrown;
        const { code, message } = thrown;
        const ms = Math.round(deps.monotonicNow() - startedAt);
        trace.passedOver = [
          ...(trace.passedOver ?? []),
          { id: config.id, name: config.name, model: config.model, code, message, ms },
        ];
        deps.log.warn("model-passed-over", { tenantId: config.tenantId, config: config.id, code });
        if (at + 1 >= models.length) throw thrown;
        at++;
      } finally {
        addUse(uses, config, meter.read());
      }
    }
  }

  const chained = (
    adapted: (request: ChatRequest, config: LlmConfig) => ChatRequest,
    onAsked: (host: string | undefined) => void,
  ): ChatProvider => ({
    get name() {
      const { config, provider } = current();
      return ifMade(provider)?.name ?? config.provider;
    },
    get host() {
      return ifMade(current().provider)?.host;
    },
    streamChat: (request, signal) => ask((config) => adapted(request, config), signal, onAsked),
    listModels: (signal) => current().provider().listModels(signal),
  });
  const noteHost = (host: string | undefined) => {
    if (host !== undefined) trace.host = host;
  };
  return {
    answering: chained(
      (request, { model, temperature, maxTokens }) => ({ ...request, model, temperature, maxTokens }),
      noteHost,
    ),
    helping: chained(
      (request, { model }) => ({ ...request, model }),
      () => {},
    ),
  };
}

/** Made when it is asked: settings that no provider can be made of are that model's failure. */
function providerOf(deps: ChainDeps, config: LlmConfig): () => ChatProvider {
  let made: ChatProvider | null = null;
  return () => {
    made ??= deps.chatProvider(config);
    return made;
  };
}

function ifMade(provider: () => ChatProvider): ChatProvider | null {
  try {
    return provider();
  } catch {
    // Whoever asks it something hears of it.
    return null;
  }
}

type Meter = {
  heard(part: ChatStreamPart): void;
  /** Whether anything of the reply was there that its visitor or a tool has got. */
  hasWritten(): boolean;
  /** What the reply took, counted here where the provider did not say; null when nothing was taken. */
  read(): (Usage & { estimated: boolean }) | null;
};

function createMeter({ messages, tools }: ChatRequest): Meter {
  let hasBegun = false;
  let written = "";
  let thought = "";
  let billed: Usage | null = null;
  return {
    heard(part) {
      hasBegun = true;
      if (part.type === "text") written += part.text;
      if (part.type === "reasoning") thought += part.text;
      if (part.type === "tool-call") written += part.toolCall.name + part.toolCall.arguments;
      if (part.type === "finish") billed = part.usage;
    },
    hasWritten: () => written !== "",
    read() {
      if (!hasBegun) return null;
      const { inputTokens, outputTokens } = billed ?? { inputTokens: null, outputTokens: null };
      const told = tools.length === 0 ? "" : JSON.stringify(tools);
      const read = () => estimateTokens(messages.map(({ content }) => content).join("\n") + told);
      return {
        inputTokens: inputTokens ?? read(),
        outputTokens: outputTokens ?? estimateTokens(thought + written),
        estimated: inputTokens === null || outputTokens === null,
      };
    },
  };
}

/** One entry for each model, however often it was asked. */
function addUse(uses: ModelUse[], config: LlmConfig, used: ReturnType<Meter["read"]>): void {
  if (used === null || config.provider === QUOTING) return;
  const { id, provider, model } = config;
  const before = uses.find(({ llmConfigId }) => llmConfigId === id);
  const total = {
    inputTokens: (before?.inputTokens ?? 0) + (used.inputTokens ?? 0),
    outputTokens: (before?.outputTokens ?? 0) + (used.outputTokens ?? 0),
  };
  const use: ModelUse = {
    ...{ llmConfigId: id, provider, model, ...total },
    costMicros: costMicros(config, total),
    estimated: used.estimated || before?.estimated === true,
  };
  if (before === undefined) uses.push(use);
  else Object.assign(before, use);
}
