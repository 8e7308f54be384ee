import { type Message, Ollama, type ChatRequest as OllamaChatRequest, type Tool } from "ollama";
import type { ToolCall } from "../domain/tool.ts";
import type { Fetch } from "../egress/egress.ts";
import { type AdapterPart, type ChatAdapter, isRecord, parseArguments, toModels, toPart } from "./adapter.ts";
import type { Framing } from "./framing.ts";
import type { ChatMessage, ChatRequest, FinishReason } from "./provider.ts";
import { shapeOf } from "./shape.ts";
import { type AnswerForm, fromSdkError, streamedEvents, upstreamFetch } from "./upstream.ts";
import { cutOff, type Upstream } from "./upstream-errors.ts";
import type { Vendor, VendorSettings } from "./vendor.ts";

export const ollama: Vendor = {
  about: {
    name: "ollama",
    label: "Ollama",
    hint: "Models on your own machine.",
    hasModel: true,
    addressHelp: "Where Ollama listens, such as http://localhost:11434. Empty means this machine.",
    key: "never",
  },
  url: "http://127.0.0.1:11434",
  isHosted: false,
  adapter: (settings) => ollamaProvider(settings),
};

const CHAT_LINES: Framing = {
  form: "lines",
  isEnd: ({ data }) => isRecord(data) && data.done === true,
  isError: ({ data }) => isRecord(data) && Boolean(data.error),
};

/** Ollama loads a model anew for every other size, so there are few. */
const CONTEXT_SIZES = [4096, 8192, 16_384, 32_768, 65_536];
/** Pessimistic: English has four characters to a token, German and source code three. */
const CHARACTERS_PER_TOKEN = 3;

export function ollamaProvider(settings: VendorSettings): ChatAdapter {
  const host = settings.baseUrl.host;
  const upstream: Upstream = { host, hasKey: settings.apiKey !== null, now: settings.now };
  const client = (form: AnswerForm, signal: AbortSignal) => ollamaClient(settings, upstream, form, signal);

  return {
    name: ollama.about.name,
    host,
    async *streamChat(request, signal) {
      try {
        yield* fromOllamaStream(await client("stream", signal).chat(toOllamaRequest(request)), host);
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
      signal.throwIfAborted();
    },
    async listModels(signal) {
      try {
        const { models } = await client("document", signal).list();
        return toModels(models.map(({ name }) => [String(name), String(name)]));
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
    },
  };
}

/** Says how much context the prompt needs, because Ollama cuts what does not fit without a word. */
export function toOllamaRequest(request: ChatRequest): OllamaChatRequest & { stream: true } {
  return {
    model: request.model,
    messages: request.messages.map((message) => toMessage(message, request.messages)),
    stream: true,
    options: {
      temperature: request.temperature,
      num_predict: request.maxTokens,
      num_ctx: contextSize(request),
    },
    ...(request.tools.length > 0 ? { tools: request.tools.map(toTool) } : {}),
  };
}

/** @throws AppError UPSTREAM_BAD_RESPONSE for a field of the wrong kind, PROVIDER_UNAVAILABLE without an end */
export async function* fromOllamaStream(
  replies: AsyncIterable<unknown>,
  host: string,
): AsyncGenerator<AdapterPart, void> {
  const shape = shapeOf(host);
  let hasToolCalls = false;
  for await (const value of replies) {
    const reply = shape.record(value);
    const message = shape.record(reply.message ?? {});
    const text = shape.content(message.content);
    const thought = shape.text(message.thinking);
    if (text !== "" && thought !== "") yield { type: "reasoning", text: thought };
    yield toPart(text, thought);
    for (const call of shape.list(message.tool_calls)) {
      hasToolCalls = true;
      yield { type: "tool-call", toolCall: toToolCall(shape.record(call), shape) };
    }
    if (reply.done !== true) continue;
    yield {
      type: "finish",
      reason: hasToolCalls ? "tool-calls" : toFinishReason(reply.done_reason),
      usage: {
        inputTokens: shape.count(reply.prompt_eval_count),
        outputTokens: shape.count(reply.eval_count),
      },
    };
    return;
  }
  throw cutOff({ host });
}

/** Ollama knows calls by name only; the id is ours. */
function toToolCall(call: Record<string, unknown>, shape: ReturnType<typeof shapeOf>): ToolCall {
  const { name, arguments: values } = shape.record(call.function);
  return {
    id: `call_${crypto.randomUUID()}`,
    name: shape.text(name),
    arguments: JSON.stringify(shape.record(values ?? {})),
  };
}

function toFinishReason(reason: unknown): FinishReason {
  if (reason === "length") return "length";
  return reason === "stop" || reason === undefined ? "stop" : "other";
}

function contextSize({ messages, tools, maxTokens }: ChatRequest): number {
  const characters = JSON.stringify([messages.map(({ content }) => content), tools]).length;
  const needed = characters / CHARACTERS_PER_TOKEN + maxTokens;
  return CONTEXT_SIZES.find((size) => size >= needed) ?? Math.max(...CONTEXT_SIZES);
}

function toMessage(message: ChatMessage, all: ChatMessage[]): Message {
  if (message.role === "tool") {
    return { role: "tool", content: message.content, tool_name: toolNameOf(message.toolCallId, all) };
  }
  if (message.role === "user" && message.images?.length) {
    return { role: "user", content: message.content, images: message.images.map(({ base64 }) => base64) };
  }
  if (message.role !== "assistant" || !message.toolCalls?.length) {
    return { role: message.role, content: message.content };
  }
  const calls = message.toolCalls.map(({ name, arguments: text }) => ({
    function: { name, arguments: parseArguments(text) },
  }));
  return { role: "assistant", content: message.content, tool_calls: calls };
}

function toolNameOf(toolCallId: string, messages: ChatMessage[]): string {
  const calls = messages.flatMap((message) =>
    message.role === "assistant" ? (message.toolCalls ?? []) : [],
  );
  return calls.find(({ id }) => id === toolCallId)?.name ?? "";
}

function toTool({ name, description, parameters }: ChatRequest["tools"][number]): Tool {
  return { type: "function", function: { name, description, parameters } };
}

export function ollamaClient(
  { baseUrl, apiKey, fetch }: VendorSettings,
  upstream: Upstream,
  form: AnswerForm,
  signal: AbortSignal,
): Ollama {
  const credentials: Record<string, string> = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
  const ask = upstreamFetch({ upstream, fetch, form, credentials, signal });
  const askPlainly: Fetch = async (input, init) => {
    const response = await ask(input, init);
    return form === "document"
      ? response
      : plainLines(streamedEvents(upstream, response, CHAT_LINES, signal));
  };
  return new Ollama({
    // The SDK adds /api itself.
    host: baseUrl.href.replace(/\/+$/, "").replace(/\/api$/, ""),
    fetch: Object.assign(askPlainly, { preconnect: () => {} }),
  });
}

/** This SDK gives no access to the answer that it reads, so what was read and checked is written once more for it. */
function plainLines(replies: AsyncGenerator<unknown, void>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await replies.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
    cancel: () => void replies.return(),
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson" } });
}
