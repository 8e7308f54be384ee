/** What each vendor's server sends for one reply, event by event; written from the protocols, not from our readers. */

export const PROTOCOLS = ["openai", "openai-responses", "anthropic", "ollama"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export type ScriptedToolCall = { id?: string; name: string; arguments: string };

export type WireReply = {
  /** Usually text; anything else is what a broken server would send in its place. */
  pieces: unknown[];
  /** What a model that thinks thought first. */
  thoughts: string[];
  toolCalls: ScriptedToolCall[];
  finish: "stop" | "length" | "filtered";
  /** Null: the server does not say. */
  usage: { inputTokens: number; outputTokens: number } | null;
  /** A type of error that ends the stream after the pieces. */
  error: string | null;
};

/** One event with its line ends as LF. `piece` is the index of the text piece it carries. */
export type WireEvent = {
  text: string;
  piece: number | null;
  /** With it the server has said that the answer is over; what comes behind it is a formality. */
  isLastWord?: true;
};

export const WIRE: Record<Protocol, (reply: WireReply) => WireEvent[]> = {
  openai: chatCompletions,
  "openai-responses": responses,
  anthropic: messages,
  ollama: ollamaChat,
};

/** The same reply from a server that was asked for a stream and does not know how. */
export const DOCUMENT: Record<Protocol, (reply: WireReply) => string> = {
  openai: (reply) => pretty(completion(reply)),
  "openai-responses": (reply) => pretty(response(reply)),
  anthropic: (reply) => pretty(message(reply)),
  ollama: (reply) => pretty(ollamaMessage(reply)),
};

/** An event by which a proxy or a queue says that it is still there. */
export const KEEP_ALIVES: Record<Protocol, string[]> = {
  openai: ["data:\n\n", "data: ping\n\n", "data: : keep-alive\n\n", "data: {}\n\n", "data: null\n\n"],
  "openai-responses": [
    "data:\n\n",
    "event: keepalive\ndata: keep-alive\n\n",
    'data: {"type":"keepalive"}\n\n',
  ],
  anthropic: ['event: ping\ndata: {"type":"ping"}\n\n', "data: [PING]\n\n", "data:\n\n"],
  ollama: ["\n", "{}\n", "null\n"],
};

export const STREAM_TYPE: Record<Protocol, string> = {
  openai: "text/event-stream; charset=utf-8",
  "openai-responses": "text/event-stream; charset=utf-8",
  anthropic: "text/event-stream; charset=utf-8",
  ollama: "application/x-ndjson",
};

/** Vectors as the vendor's server sends them; OpenAI's in another order than asked for, which its protocol allows. */
export function embeddingsBody(protocol: Protocol, vectors: readonly (readonly unknown[])[]): unknown {
  if (protocol === "ollama") return { model: "scripted", embeddings: vectors, total_duration: 1 };
  const data = vectors.map((embedding, index) => ({ object: "embedding", index, embedding }));
  return {
    object: "list",
    data: data.reverse(),
    model: "scripted",
    usage: { prompt_tokens: 1, total_tokens: 1 },
  };
}

/** The body of a refusal as the vendor writes it; `text` is its sentence. */
export function errorBody(protocol: Protocol, type: string, text: string): unknown {
  if (protocol === "ollama") return { error: text };
  if (protocol === "anthropic") return { type: "error", error: { type, message: text }, request_id: "req_1" };
  return { error: { message: text, type, param: null, code: type } };
}

export function modelList(protocol: Protocol, ids: string[]): unknown {
  switch (protocol) {
    case "ollama":
      return { models: ids.map((name) => ({ name, model: name, size: 1, digest: "0", details: {} })) };
    case "anthropic":
      return {
        data: ids.map((id) => ({
          type: "model",
          id,
          display_name: `The ${id}`,
          created_at: "2026-01-01T00:00:00Z",
        })),
        has_more: false,
        first_id: ids[0] ?? null,
        last_id: ids.at(-1) ?? null,
      };
    default:
      return {
        object: "list",
        data: ids.map((id) => ({ id, object: "model", created: 1, owned_by: "tests" })),
      };
  }
}

function sse(data: unknown, name?: string): string {
  return `${name ? `event: ${name}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

function halves(text: string): [string, string] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function other(text: string): WireEvent {
  return { text, piece: null };
}

function lastWord(text: string): WireEvent {
  return { text, piece: null, isLastWord: true };
}

function pretty(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

const CHAT_FINISH = { stop: "stop", length: "length", filtered: "content_filter" };

function completion({ pieces, toolCalls, finish, usage }: WireReply): object {
  const calls = toolCalls.map(({ id, name, arguments: text }, index) => ({
    ...{ id: id ?? `call_${index}`, type: "function", function: { name, arguments: text } },
  }));
  const message = {
    role: "assistant",
    content: pieces.join(""),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...{ id: "chatcmpl-1", object: "chat.completion", created: 1, model: "scripted" },
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? "tool_calls" : CHAT_FINISH[finish] }],
    usage: chatUsage(usage),
  };
}

function chatUsage(usage: WireReply["usage"]) {
  return (
    usage && {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
    }
  );
}

function chatCompletions({ pieces, thoughts, toolCalls, finish, usage, error }: WireReply): WireEvent[] {
  const chunk = (delta: unknown, reason: string | null = null) =>
    sse({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "scripted",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    });
  const calls = toolCalls.flatMap(({ id, name, arguments: text }, index) => {
    const [first, second] = halves(text);
    return [
      other(
        chunk({
          tool_calls: [
            { index, id: id ?? `call_${index}`, type: "function", function: { name, arguments: "" } },
          ],
        }),
      ),
      other(chunk({ tool_calls: [{ index, function: { arguments: first } }] })),
      other(chunk({ tool_calls: [{ index, function: { arguments: second } }] })),
    ];
  });
  const billed = chatUsage(usage);
  return [
    other(chunk({ role: "assistant", content: "" })),
    ...thoughts.map((reasoning_content) => other(chunk({ reasoning_content }))),
    ...pieces.map((content, piece) => ({ text: chunk({ content }), piece })),
    ...calls,
    ...(error ? [other(sse(errorBody("openai", error, "sk-CANARY is upset")))] : []),
    lastWord(chunk({}, toolCalls.length > 0 ? "tool_calls" : CHAT_FINISH[finish])),
    ...(billed
      ? [other(sse({ id: "chatcmpl-1", object: "chat.completion.chunk", choices: [], usage: billed }))]
      : []),
    other(sse("[DONE]")),
  ];
}

function response({ pieces, toolCalls, finish, usage }: WireReply): object {
  const text = {
    type: "message",
    role: "assistant",
    content: [{ type: "output_text", text: pieces.join("") }],
  };
  const calls = toolCalls.map(({ id, name, arguments: written }, index) => ({
    ...{ type: "function_call", call_id: id ?? `call_${index}`, name, arguments: written },
  }));
  const reason = finish === "length" ? "max_output_tokens" : "content_filter";
  return {
    ...{ id: "resp_1", object: "response", status: finish === "stop" ? "completed" : "incomplete" },
    incomplete_details: finish === "stop" ? null : { reason },
    output: pieces.length === 0 ? calls : [text, ...calls],
    usage: usage && { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens, total_tokens: 0 },
  };
}

function responses(reply: WireReply): WireEvent[] {
  const { pieces, thoughts, toolCalls, finish, error } = reply;
  const event = (type: string, fields: object) => sse({ type, ...fields }, type);
  const calls = toolCalls.flatMap(({ id, name, arguments: text }, index) => {
    const output_index = index + 1;
    const item = { id: `fc_${index}`, type: "function_call", call_id: id ?? `call_${index}`, name };
    const [first, second] = halves(text);
    return [
      event("response.output_item.added", {
        output_index,
        item: { ...item, arguments: "", status: "in_progress" },
      }),
      event("response.function_call_arguments.delta", { output_index, item_id: item.id, delta: first }),
      event("response.function_call_arguments.delta", { output_index, item_id: item.id, delta: second }),
      event("response.function_call_arguments.done", { output_index, item_id: item.id, arguments: text }),
      event("response.output_item.done", {
        output_index,
        item: { ...item, arguments: text, status: "completed" },
      }),
    ].map(other);
  });
  const end = event(finish === "stop" ? "response.completed" : "response.incomplete", {
    response: response(reply),
  });
  return [
    other(event("response.created", { response: { id: "resp_1", status: "in_progress" } })),
    other(
      event("response.output_item.added", { output_index: 0, item: { type: "message", role: "assistant" } }),
    ),
    ...thoughts.map((delta) =>
      other(event("response.reasoning_summary_text.delta", { output_index: 0, delta })),
    ),
    ...pieces.map((delta, piece) => ({
      text: event("response.output_text.delta", { output_index: 0, content_index: 0, delta }),
      piece,
    })),
    ...calls,
    ...(error ? [other(event("error", { code: error, message: "sk-CANARY is upset", param: null }))] : []),
    lastWord(end),
  ];
}

const STOP_REASON = { stop: "end_turn", length: "max_tokens", filtered: "refusal" };

function message({ pieces, toolCalls, finish, usage }: WireReply): object {
  const calls = toolCalls.map(({ id, name, arguments: text }, call) => ({
    ...{ type: "tool_use", id: id ?? `toolu_${call}`, name, input: JSON.parse(text) },
  }));
  return {
    ...{ id: "msg_1", type: "message", role: "assistant", model: "scripted" },
    content: [...pieces.map((text) => ({ type: "text", text })), ...calls],
    stop_reason: calls.length > 0 ? "tool_use" : STOP_REASON[finish],
    usage: usage && { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
  };
}

function messages({ pieces, thoughts, toolCalls, finish, usage, error }: WireReply): WireEvent[] {
  const event = (type: string, fields: object = {}) => sse({ type, ...fields }, type);
  const calls = toolCalls.flatMap(({ id, name, arguments: text }, call) => {
    const index = call + 1;
    const content_block = { type: "tool_use", id: id ?? `toolu_${call}`, name, input: {} };
    return [
      event("content_block_start", { index, content_block }),
      ...halves(text).map((partial_json) =>
        event("content_block_delta", { index, delta: { type: "input_json_delta", partial_json } }),
      ),
      event("content_block_stop", { index }),
    ].map(other);
  });
  const started = usage ? { input_tokens: usage.inputTokens, output_tokens: 1 } : undefined;
  return [
    other(
      event("message_start", { message: { id: "msg_1", role: "assistant", content: [], usage: started } }),
    ),
    other(event("ping")),
    ...thoughts.map((thinking) =>
      other(event("content_block_delta", { index: 9, delta: { type: "thinking_delta", thinking } })),
    ),
    other(event("content_block_start", { index: 0, content_block: { type: "text", text: "" } })),
    ...pieces.map((text, piece) => ({
      text: event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
      piece,
    })),
    other(event("content_block_stop", { index: 0 })),
    ...calls,
    ...(error ? [other(event("error", { error: { type: error, message: "sk-CANARY is upset" } }))] : []),
    lastWord(
      event("message_delta", {
        delta: {
          stop_reason: toolCalls.length > 0 ? "tool_use" : STOP_REASON[finish],
          stop_sequence: null,
        },
        ...(usage ? { usage: { output_tokens: usage.outputTokens } } : {}),
      }),
    ),
    other(event("message_stop")),
  ];
}

/** Ollama has no filter, so a reply that one took is an empty one there. */
const DONE_REASON = { stop: "stop", length: "length", filtered: "stop" };

function ollamaMessage({ pieces, toolCalls, finish }: WireReply): object {
  const calls = toolCalls.map(({ name, arguments: text }) => ({
    function: { name, arguments: JSON.parse(text) },
  }));
  const message = { role: "assistant", content: pieces.join(""), tool_calls: calls };
  return {
    model: "scripted",
    message,
    done: true,
    done_reason: DONE_REASON[finish],
    prompt_eval_count: 12,
    eval_count: 7,
  };
}

function ollamaChat({ pieces, thoughts, toolCalls, finish, usage, error }: WireReply): WireEvent[] {
  const line = (fields: object) =>
    `${JSON.stringify({ model: "scripted", created_at: "2026-01-01T00:00:00Z", ...fields })}\n`;
  const counts = usage ? { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens } : {};
  const calls = toolCalls.map(({ name, arguments: text }) =>
    other(
      line({
        message: {
          role: "assistant",
          content: "",
          tool_calls: [{ function: { name, arguments: JSON.parse(text) } }],
        },
        done: false,
      }),
    ),
  );
  return [
    ...thoughts.map((thinking) =>
      other(line({ message: { role: "assistant", content: "", thinking }, done: false })),
    ),
    ...pieces.map((content, piece) => ({
      text: line({ message: { role: "assistant", content }, done: false }),
      piece,
    })),
    ...calls,
    ...(error ? [other(`${JSON.stringify({ error: "sk-CANARY is upset" })}\n`)] : []),
    lastWord(
      line({
        ...{
          message: { role: "assistant", content: "" },
          done: true,
          done_reason: DONE_REASON[finish],
          ...counts,
        },
      }),
    ),
  ];
}
