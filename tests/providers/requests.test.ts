import { describe, expect, test } from "bun:test";
import { toMessagesRequest } from "../../src/providers/anthropic.ts";
import { toOllamaRequest } from "../../src/providers/ollama.ts";
import { toChatRequest } from "../../src/providers/openai-chat.ts";
import { toResponsesRequest } from "../../src/providers/openai-responses.ts";
import type { ChatMessage } from "../../src/providers/provider.ts";
import { aChatRequest } from "../helpers/provider-contract.ts";

const TOOL = {
  name: "find_order",
  description: "Finds an order.",
  parameters: { type: "object", properties: {} },
};
const TOOL_ROUND: ChatMessage[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Where are my orders?" },
  {
    role: "assistant",
    content: "",
    toolCalls: [
      { id: "c1", name: "find_order", arguments: '{"id":1}' },
      { id: "c2", name: "find_order", arguments: "not JSON" },
    ],
  },
  { role: "tool", content: "shipped", toolCallId: "c1" },
  { role: "tool", content: "lost", toolCallId: "c2" },
];
const request = aChatRequest({ messages: TOOL_ROUND, tools: [TOOL], temperature: 1.6 });

describe("a tool round, as each vendor wants it", () => {
  test("Chat Completions", () => {
    expect(toChatRequest(request)).toEqual({
      model: "scripted",
      temperature: 1.6,
      max_tokens: 200,
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: "function", function: TOOL }],
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Where are my orders?" },
        {
          role: "assistant",
          content: "",
          tool_calls: [
            { id: "c1", type: "function", function: { name: "find_order", arguments: '{"id":1}' } },
            { id: "c2", type: "function", function: { name: "find_order", arguments: "not JSON" } },
          ],
        },
        { role: "tool", content: "shipped", tool_call_id: "c1" },
        { role: "tool", content: "lost", tool_call_id: "c2" },
      ],
    });
  });

  test("Responses, with nothing kept at the vendor", () => {
    expect(toResponsesRequest({ ...request, maxTokens: 5 })).toEqual({
      model: "scripted",
      temperature: 1.6,
      max_output_tokens: 16,
      stream: true,
      store: false,
      tools: [{ type: "function", strict: false, ...TOOL }],
      input: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Where are my orders?" },
        { type: "function_call", call_id: "c1", name: "find_order", arguments: '{"id":1}' },
        { type: "function_call", call_id: "c2", name: "find_order", arguments: "not JSON" },
        { type: "function_call_output", call_id: "c1", output: "shipped" },
        { type: "function_call_output", call_id: "c2", output: "lost" },
      ],
    });
  });

  test("Messages, with all results in one message and a temperature of at most 1", () => {
    expect(toMessagesRequest(request)).toEqual({
      model: "scripted",
      temperature: 1,
      max_tokens: 200,
      stream: true,
      system: "Be brief.",
      tools: [
        { name: TOOL.name, description: TOOL.description, input_schema: { type: "object", properties: {} } },
      ],
      messages: [
        { role: "user", content: "Where are my orders?" },
        {
          role: "assistant",
          content: [
            { type: "tool_use", id: "c1", name: "find_order", input: { id: 1 } },
            { type: "tool_use", id: "c2", name: "find_order", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "c1", content: "shipped" },
            { type: "tool_result", tool_use_id: "c2", content: "lost" },
          ],
        },
      ],
    });
  });

  test("Ollama, which knows results by the tool's name", () => {
    expect(toOllamaRequest(request)).toMatchObject({
      options: { temperature: 1.6, num_predict: 200, num_ctx: 4096 },
      messages: [
        { role: "system" },
        { role: "user" },
        {
          tool_calls: [
            { function: { name: "find_order", arguments: { id: 1 } } },
            { function: { arguments: {} } },
          ],
        },
        { role: "tool", content: "shipped", tool_name: "find_order" },
        { role: "tool", content: "lost", tool_name: "find_order" },
      ],
    });
  });
});

test("Ollama gets a context that the prompt fits into, in few sizes", () => {
  const sizeFor = (characters: number) =>
    toOllamaRequest(aChatRequest({ messages: [{ role: "user", content: "x".repeat(characters) }] })).options
      ?.num_ctx;

  expect([100, 9000, 15_000, 60_000, 10_000_000].map(sizeFor)).toEqual([4096, 4096, 8192, 32_768, 65_536]);
});

test("no tools means no field for them", () => {
  for (const made of [toChatRequest, toResponsesRequest, toMessagesRequest, toOllamaRequest]) {
    expect(made(aChatRequest())).not.toHaveProperty("tools");
  }
});
