import Anthropic from "@anthropic-ai/sdk";
import type { ToolCall } from "../domain/tool.ts";
import { type AdapterPart, type ChatAdapter, isRecord, parseArguments, toModels, toPart } from "./adapter.ts";
import type { Framing } from "./framing.ts";
import type { ChatMessage, ChatRequest, FinishReason } from "./provider.ts";
import { shapeOf } from "./shape.ts";
import { sendTolerantly } from "./tolerance.ts";
import { type AnswerForm, fromSdkError, streamedEvents, upstreamFetch } from "./upstream.ts";
import { cutOff, type Upstream } from "./upstream-errors.ts";
import type { Vendor, VendorSettings } from "./vendor.ts";

export const anthropic: Vendor = {
  about: {
    name: "anthropic",
    label: "Anthropic",
    hint: "Claude.",
    hasModel: true,
    addressHelp: "Empty means Anthropic itself.",
    key: "always",
  },
  url: "https://api.anthropic.com",
  isHosted: true,
  adapter: (settings) => anthropicProvider(settings),
};

/** The SDK no longer names a temperature; models that still have one take it, the others refuse it once. */
type MessagesRequest = Anthropic.Messages.MessageCreateParamsStreaming & { temperature?: number };
type ToolResult = Anthropic.Messages.ToolResultBlockParam;

const MESSAGES_FRAMING: Framing = {
  form: "events",
  isEnd: ({ data }) => isRecord(data) && data.type === "message_stop",
  isWhole: ({ data }) => isRecord(data) && typeof stopReasonOf(data) === "string",
  isError: ({ data }) => isRecord(data) && data.type === "error",
};

/** Of the event behind the last word, or of the whole message that comes when the server does not stream. */
function stopReasonOf({ type, delta, stop_reason }: Record<string, unknown>): unknown {
  if (type === "message") return stop_reason;
  return type === "message_delta" && isRecord(delta) ? delta.stop_reason : null;
}

/** More than anyone scrolls through. */
const MODELS_PER_PAGE = 1000;

export function anthropicProvider(settings: VendorSettings): ChatAdapter {
  const host = settings.baseUrl.host;
  const upstream: Upstream = { host, hasKey: settings.apiKey !== null, now: settings.now };
  const client = (form: AnswerForm, signal: AbortSignal) => anthropicClient(settings, upstream, form, signal);

  return {
    name: anthropic.about.name,
    host,
    async *streamChat(request, signal) {
      try {
        const { messages } = client("stream", signal);
        const key = `${settings.baseUrl.href} ${request.model}`;
        const body = toMessagesRequest(request);
        const response = await sendTolerantly(settings.refusals, key, body, (tolerable) =>
          messages.create(tolerable).asResponse(),
        );
        yield* fromMessagesStream(streamedEvents(upstream, response, MESSAGES_FRAMING, signal), host);
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
      signal.throwIfAborted();
    },
    async listModels(signal) {
      try {
        const page = await client("document", signal).models.list({ limit: MODELS_PER_PAGE });
        return toModels(page.data.map(({ id, display_name }) => [String(id), String(display_name ?? id)]));
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
    },
  };
}

/** System messages become the system prompt; results of one round share a message, as Anthropic wants it. */
export function toMessagesRequest(request: ChatRequest): MessagesRequest {
  const system = request.messages.filter(({ role }) => role === "system").map(({ content }) => content);
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    // Anthropic's scale ends at 1.
    temperature: Math.min(1, request.temperature),
    stream: true,
    messages: joinToolResults(request.messages.flatMap(toMessage)),
    ...(system.length > 0 ? { system: system.join("\n\n") } : {}),
    ...(request.tools.length > 0 ? { tools: request.tools.map(toTool) } : {}),
  };
}

/** @throws AppError UPSTREAM_BAD_RESPONSE for a field of the wrong kind, PROVIDER_UNAVAILABLE without an end */
export async function* fromMessagesStream(
  events: AsyncIterable<unknown>,
  host: string,
): AsyncGenerator<AdapterPart, void> {
  const shape = shapeOf(host);
  const toolCalls = new Map<unknown, ToolCall>();
  let reason: FinishReason | null = null;
  const usage = { inputTokens: null as number | null, outputTokens: null as number | null };
  const takeUsage = (billed: unknown) => {
    if (!isRecord(billed)) return;
    usage.inputTokens = shape.count(billed.input_tokens) ?? usage.inputTokens;
    usage.outputTokens = shape.count(billed.output_tokens) ?? usage.outputTokens;
  };

  for await (const value of events) {
    const event = shape.record(value);
    if (event.type === "message_start") takeUsage(shape.record(event.message).usage);
    if (event.type === "message_delta" || event.type === "message") {
      takeUsage(event.usage);
      reason = toFinishReason(stopReasonOf(event));
    }
    if (event.type === "message_stop") reason ??= "other";
    const text = takeEvent(toolCalls, event, shape);
    const thought = thoughtOf(event, shape);
    if (text !== "" && thought !== "") yield { type: "reasoning", text: thought };
    yield toPart(text, thought);
  }
  if (reason === null) throw cutOff({ host });
  for (const toolCall of toolCalls.values()) yield { type: "tool-call", toolCall };
  yield { type: "finish", reason, usage };
}

type Shape = ReturnType<typeof shapeOf>;

/** What the event adds to the model's thoughts. */
function thoughtOf({ type, delta, content }: Record<string, unknown>, shape: Shape): string {
  if (type === "message") return shape.thoughts(content);
  if (type !== "content_block_delta") return "";
  const { type: kind, thinking } = shape.record(delta);
  return kind === "thinking_delta" ? shape.text(thinking) : "";
}

/** The text that the event adds; what it says of tool calls goes to `toolCalls`. */
function takeEvent(toolCalls: Map<unknown, ToolCall>, event: Record<string, unknown>, shape: Shape): string {
  switch (event.type) {
    case "content_block_start":
      openBlock(toolCalls, event.index, shape.record(event.content_block), shape);
      return "";
    case "content_block_delta":
      return takeDelta(toolCalls, event, shape);
    case "message":
      for (const [index, block] of shape.list(event.content).map(shape.record).entries())
        openBlock(toolCalls, index, block, shape);
      return shape.content(event.content);
    default:
      return "";
  }
}

/** A call whose arguments are there at once has them in `input`; where they are streamed, that is empty. */
function openBlock(
  toolCalls: Map<unknown, ToolCall>,
  index: unknown,
  { type, id, name, input }: Record<string, unknown>,
  shape: Shape,
): void {
  if (type !== "tool_use") return;
  const given = isRecord(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : "";
  toolCalls.set(index, { id: shape.text(id), name: shape.text(name), arguments: given });
}

/** The text of a delta; a fragment of a tool call is added to its call and thoughts are left out. */
function takeDelta(toolCalls: Map<unknown, ToolCall>, event: Record<string, unknown>, shape: Shape): string {
  const delta = shape.record(event.delta);
  if (delta.type === "text_delta") return shape.content(delta.text);
  const toolCall = toolCalls.get(event.index);
  if (delta.type === "input_json_delta" && toolCall) {
    toolCall.arguments = shape.bounded(toolCall.arguments + shape.text(delta.partial_json));
  }
  return "";
}

function toFinishReason(reason: unknown): FinishReason {
  switch (reason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "tool_use":
      return "tool-calls";
    case "refusal":
      return "content-filter";
    default:
      return "other";
  }
}

function toMessage(message: ChatMessage): Anthropic.Messages.MessageParam[] {
  if (message.role === "system") return [];
  if (message.role === "tool") {
    return [{ role: "user", content: [toToolResult(message.toolCallId, message.content)] }];
  }
  if (message.role === "user" && message.images?.length) {
    const pictures = message.images.map(({ mediaType, base64 }): Anthropic.Messages.ImageBlockParam => {
      // Which kinds there are is the vendor's to refuse.
      const media_type = mediaType as Anthropic.Messages.Base64ImageSource["media_type"];
      return { type: "image", source: { type: "base64", media_type, data: base64 } };
    });
    return [{ role: "user", content: [...pictures, { type: "text", text: message.content }] }];
  }
  if (message.role !== "assistant" || !message.toolCalls?.length) {
    return message.content === "" ? [] : [{ role: message.role, content: message.content }];
  }
  const calls = message.toolCalls.map(
    ({ id, name, arguments: text }): Anthropic.Messages.ToolUseBlockParam => {
      return { type: "tool_use", id, name, input: parseArguments(text) };
    },
  );
  const text = message.content === "" ? [] : [{ type: "text" as const, text: message.content }];
  return [{ role: "assistant", content: [...text, ...calls] }];
}

function toToolResult(toolCallId: string, content: string): ToolResult {
  return { type: "tool_result", tool_use_id: toolCallId, content };
}

function joinToolResults(messages: Anthropic.Messages.MessageParam[]): Anthropic.Messages.MessageParam[] {
  const joined: Anthropic.Messages.MessageParam[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const canJoin = message.role === "user" && last?.role === "user";
    if (canJoin && Array.isArray(message.content) && Array.isArray(last.content)) {
      joined[joined.length - 1] = { role: "user", content: [...last.content, ...message.content] };
    } else {
      joined.push(message);
    }
  }
  return joined;
}

function toTool({ name, description, parameters }: ChatRequest["tools"][number]): Anthropic.Messages.Tool {
  return { name, description, input_schema: { ...parameters, type: "object" } };
}

/** The key goes as `x-api-key`, which gateways know too; a given key keeps the SDK from looking for others. */
function anthropicClient(
  { baseUrl, apiKey, fetch }: VendorSettings,
  upstream: Upstream,
  form: AnswerForm,
  signal: AbortSignal,
): Anthropic {
  const credentials: Record<string, string> = apiKey === null ? {} : { "x-api-key": apiKey };
  return new Anthropic({
    // The SDK adds /v1 itself, and people who know OpenAI's addresses write it down.
    baseURL: baseUrl.href.replace(/\/+$/, "").replace(/\/v1$/, ""),
    apiKey: apiKey ?? "none",
    webhookKey: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: upstreamFetch({ upstream, fetch, form, credentials, signal }),
  });
}
