/** The Responses API, for OpenAI itself. */
import type OpenAI from "openai";
import type { ToolCall } from "../domain/tool.ts";
import { type AdapterPart, isRecord, toPart } from "./adapter.ts";
import type { Framing } from "./framing.ts";
import type { ChatMessage, ChatRequest, FinishReason } from "./provider.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { cutOff } from "./upstream-errors.ts";

export type ResponsesRequest = OpenAI.Responses.ResponseCreateParamsStreaming;

/** OpenAI refuses less. */
const LEAST_OUTPUT_TOKENS = 16;

export const RESPONSES_FRAMING: Framing = {
  form: "events",
  isEnd: ({ data }) =>
    isRecord(data) && (data.type === "response.completed" || data.type === "response.incomplete"),
  isWhole: ({ data }) => isRecord(data) && isWholeResponse(data),
  isError: ({ data }) => isRecord(data) && (data.type === "error" || data.type === "response.failed"),
};

/** What comes when the server does not stream. */
function isWholeResponse({ object, status }: Record<string, unknown>): boolean {
  return object === "response" && (status === "completed" || status === "incomplete");
}

export function toResponsesRequest(request: ChatRequest): ResponsesRequest {
  return {
    model: request.model,
    input: request.messages.flatMap(toItems),
    temperature: request.temperature,
    max_output_tokens: Math.max(LEAST_OUTPUT_TOKENS, request.maxTokens),
    stream: true,
    // Conversations are kept here and nowhere else.
    store: false,
    ...(request.tools.length > 0 ? { tools: request.tools.map(toTool) } : {}),
  };
}

/** @throws AppError UPSTREAM_BAD_RESPONSE for a field of the wrong kind, PROVIDER_UNAVAILABLE without an end */
export async function* fromResponsesStream(
  events: AsyncIterable<unknown>,
  host: string,
): AsyncGenerator<AdapterPart, void> {
  const shape = shapeOf(host);
  const toolCalls = new Map<string, ToolCall>();
  let hasText = false;
  for await (const value of events) {
    const event = shape.record(value);
    if (isWholeResponse(event)) return yield* wholeReply(event, toolCalls, hasText, shape);
    switch (event.type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        hasText = true;
        yield { type: "text", text: shape.content(event.delta) };
        break;
      case "response.reasoning_text.delta":
      case "response.reasoning_summary_text.delta":
        yield toPart("", shape.text(event.delta));
        break;
      case "response.output_item.added":
      case "response.output_item.done":
        takeItem(toolCalls, event, shape);
        yield { type: "working" };
        break;
      case "response.function_call_arguments.delta":
        addArguments(toolCalls, event, shape);
        yield { type: "working" };
        break;
      case "response.completed":
      case "response.incomplete":
        return yield* wholeReply(
          shape.record(event.response),
          toolCalls,
          hasText || toolCalls.size > 0,
          shape,
        );
      default:
        yield { type: "working" };
    }
  }
  throw cutOff({ host });
}

/** What is left to say when the response is there: its end, and all of it when nothing was streamed before. */
function* wholeReply(
  response: Record<string, unknown>,
  toolCalls: Map<string, ToolCall>,
  isStreamed: boolean,
  shape: Shape,
): Generator<AdapterPart, void> {
  const output = isStreamed ? [] : shape.list(response.output).map(shape.record);
  for (const [output_index, item] of output.entries()) {
    if (item.type === "message") yield { type: "text", text: shape.content(item.content) };
    takeItem(toolCalls, { output_index, item }, shape);
  }
  for (const toolCall of toolCalls.values()) yield { type: "tool-call", toolCall };
  yield finish(response, toolCalls.size > 0, shape);
}

/** `added` opens a call, `done` repeats it whole. */
function takeItem(toolCalls: Map<string, ToolCall>, event: Record<string, unknown>, shape: Shape): void {
  const item = shape.record(event.item);
  if (item.type !== "function_call") return;
  const key = String(event.output_index);
  const soFar = toolCalls.get(key)?.arguments ?? "";
  toolCalls.set(key, {
    id: shape.text(item.call_id),
    name: shape.text(item.name),
    arguments: shape.text(item.arguments) || soFar,
  });
}

function addArguments(toolCalls: Map<string, ToolCall>, event: Record<string, unknown>, shape: Shape): void {
  const toolCall = toolCalls.get(String(event.output_index));
  if (toolCall) toolCall.arguments = shape.bounded(toolCall.arguments + shape.text(event.delta));
}

function finish(response: Record<string, unknown>, hasToolCalls: boolean, shape: Shape): AdapterPart {
  const usage = isRecord(response.usage) ? response.usage : {};
  return {
    type: "finish",
    reason: hasToolCalls ? "tool-calls" : toFinishReason(response),
    usage: { inputTokens: shape.count(usage.input_tokens), outputTokens: shape.count(usage.output_tokens) },
  };
}

function toFinishReason({ status, incomplete_details: details }: Record<string, unknown>): FinishReason {
  if (status !== "incomplete") return "stop";
  const reason = isRecord(details) ? details.reason : null;
  if (reason === "max_output_tokens") return "length";
  return reason === "content_filter" ? "content-filter" : "other";
}

function toItems(message: ChatMessage): OpenAI.Responses.ResponseInputItem[] {
  if (message.role === "tool") {
    return [{ type: "function_call_output", call_id: message.toolCallId, output: message.content }];
  }
  if (message.role === "user" && message.images?.length) {
    const pictures = message.images.map(({ mediaType, base64 }) => {
      const image_url = `data:${mediaType};base64,${base64}`;
      return { type: "input_image" as const, detail: "auto" as const, image_url };
    });
    return [{ role: "user", content: [{ type: "input_text", text: message.content }, ...pictures] }];
  }
  const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
  const items = calls.map(({ id, name, arguments: text }): OpenAI.Responses.ResponseInputItem => {
    return { type: "function_call", call_id: id, name, arguments: text };
  });
  return message.content === "" ? items : [{ role: message.role, content: message.content }, ...items];
}

function toTool({
  name,
  description,
  parameters,
}: ChatRequest["tools"][number]): OpenAI.Responses.FunctionTool {
  return { type: "function", name, description, parameters, strict: false };
}
