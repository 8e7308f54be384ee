/** Chat Completions, as spoken by every OpenAI-compatible server. */
import type OpenAI from "openai";
import type { ToolCall } from "../domain/tool.ts";
import { type AdapterPart, isRecord, toPart } from "./adapter.ts";
import type { Framing } from "./framing.ts";
import type { ChatMessage, ChatRequest, FinishReason } from "./provider.ts";
import { type Shape, shapeOf } from "./shape.ts";

export type ChatCompletionsRequest = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

export const CHAT_FRAMING: Framing = {
  form: "events",
  isEnd: ({ data }) => data === "[DONE]",
  isWhole: ({ data }) => isRecord(data) && hasFinishReason(data),
  isError: ({ name, data }) => name === "error" || (isRecord(data) && Boolean(data.error)),
};

function hasFinishReason({ choices }: Record<string, unknown>): boolean {
  const choice: unknown = Array.isArray(choices) ? choices[0] : null;
  return isRecord(choice) && typeof choice.finish_reason === "string" && choice.finish_reason !== "";
}

export function toChatRequest(request: ChatRequest): ChatCompletionsRequest {
  return {
    model: request.model,
    messages: request.messages.map(toMessage),
    temperature: request.temperature,
    max_tokens: request.maxTokens,
    stream: true,
    stream_options: { include_usage: true },
    ...(request.tools.length > 0 ? { tools: request.tools.map(toTool) } : {}),
  };
}

/** @throws AppError UPSTREAM_BAD_RESPONSE when a field is not what the protocol says */
export async function* fromChatStream(
  chunks: AsyncIterable<unknown>,
  host: string,
): AsyncGenerator<AdapterPart, void> {
  const shape = shapeOf(host);
  const toolCalls = new Map<string | number, ToolCall>();
  let reason: FinishReason = "other";
  let usage = { inputTokens: null as number | null, outputTokens: null as number | null };

  for await (const chunk of chunks) {
    const { choices, usage: billed } = shape.record(chunk);
    if (isRecord(billed)) {
      usage = {
        inputTokens: shape.count(billed.prompt_tokens),
        outputTokens: shape.count(billed.completion_tokens),
      };
    }
    const choice = shape.list(choices)[0];
    if (!isRecord(choice)) {
      yield { type: "working" };
      continue;
    }
    // `message` is what a whole document has instead.
    const delta = shape.record(choice.delta ?? choice.message ?? {});
    const text = shape.content(delta.content) + shape.text(delta.refusal);
    // Two names for one thing: DeepSeek's and vLLM's, and OpenRouter's and newer vLLM's.
    const named = delta.reasoning_content ?? delta.reasoning;
    const thought = (typeof named === "string" ? named : "") + shape.thoughts(delta.content);
    if (text !== "" && thought !== "") yield { type: "reasoning", text: thought };
    yield toPart(text, thought);
    for (const fragment of shape.list(delta.tool_calls))
      addFragment(toolCalls, shape.record(fragment), shape);
    if (typeof choice.finish_reason === "string") reason = toFinishReason(choice.finish_reason);
  }

  for (const toolCall of toolCalls.values()) yield { type: "tool-call", toolCall };
  // Some servers say "stop" although they called tools.
  yield { type: "finish", reason: toolCalls.size > 0 ? "tool-calls" : reason, usage };
}

function addFragment(
  toolCalls: Map<string | number, ToolCall>,
  fragment: Record<string, unknown>,
  shape: Shape,
): void {
  const { name, arguments: text } = shape.record(fragment.function ?? {});
  const id = shape.text(fragment.id);
  const key = typeof fragment.index === "number" ? fragment.index : id || [...toolCalls.keys()].at(-1) || 0;
  const toolCall = toolCalls.get(key) ?? { id: id || `call_${crypto.randomUUID()}`, name: "", arguments: "" };
  toolCall.name += shape.text(name);
  toolCall.arguments = shape.bounded(toolCall.arguments + shape.text(text));
  toolCalls.set(key, toolCall);
}

function toFinishReason(reason: string): FinishReason {
  switch (reason) {
    case "stop":
      return "stop";
    case "length":
      return "length";
    case "tool_calls":
    case "function_call":
      return "tool-calls";
    case "content_filter":
      return "content-filter";
    default:
      return "other";
  }
}

function toMessage(message: ChatMessage): OpenAI.Chat.ChatCompletionMessageParam {
  if (message.role === "tool") {
    return { role: "tool", content: message.content, tool_call_id: message.toolCallId };
  }
  if (message.role === "user" && message.images?.length) {
    const pictures = message.images.map(({ mediaType, base64 }) => {
      return { type: "image_url" as const, image_url: { url: `data:${mediaType};base64,${base64}` } };
    });
    return { role: "user", content: [{ type: "text", text: message.content }, ...pictures] };
  }
  if (message.role !== "assistant" || !message.toolCalls?.length) {
    return { role: message.role, content: message.content };
  }
  return {
    role: "assistant",
    content: message.content,
    tool_calls: message.toolCalls.map(({ id, name, arguments: text }) => ({
      id,
      type: "function",
      function: { name, arguments: text },
    })),
  };
}

function toTool({
  name,
  description,
  parameters,
}: ChatRequest["tools"][number]): OpenAI.Chat.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters } };
}
