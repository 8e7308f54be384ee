import type { TextFilter } from "../domain/text-filter.ts";
import type { AdapterPart, ChatAdapter } from "./adapter.ts";
import { withoutThoughts } from "./thoughts.ts";

/**
 * A reply as whoever asked can use it, whatever the vendor: text in whole characters and without the model's thoughts,
 * and calls of tools that have a name.
 */
export function withPlainReply(adapter: ChatAdapter): ChatAdapter {
  return {
    name: adapter.name,
    host: adapter.host,
    streamChat: (request, signal) => plainReply(adapter.streamChat(request, signal)),
    listModels: (signal) => adapter.listModels(signal),
  };
}

async function* plainReply(parts: AsyncIterable<AdapterPart>): AsyncGenerator<AdapterPart> {
  const whole = wholeCharacters();
  let thought = "";
  const spoken = withoutThoughts((piece) => {
    thought += piece;
  });
  function* thoughts(): Generator<AdapterPart> {
    if (thought !== "") yield { type: "reasoning", text: thought };
    thought = "";
  }
  let calls = 0;
  for await (const part of parts) {
    if (part.type === "text") {
      const text = spoken.push(whole.push(part.text));
      yield* thoughts();
      yield text === "" ? { type: "working" } : { type: "text", text };
      continue;
    }
    if (part.type === "tool-call" && part.toolCall.name === "") continue;
    if (part.type === "tool-call") calls++;
    if (part.type === "finish") {
      const rest = spoken.push(whole.end()) + spoken.end();
      yield* thoughts();
      if (rest !== "") yield { type: "text", text: rest };
    }
    const isEmptyPromise = part.type === "finish" && part.reason === "tool-calls" && calls === 0;
    yield isEmptyPromise ? { ...part, reason: "stop" } : part;
  }
}

/**
 * Some servers cut an emoji into two escapes in two events. Half of one cannot be written as UTF-8, so it
 * waits for its other half.
 */
function wholeCharacters(): TextFilter {
  let half = "";
  return {
    push(text) {
      const joined = half + text;
      half = /[\ud800-\udbff]$/.test(joined) ? joined.slice(-1) : "";
      return joined.slice(0, joined.length - half.length);
    },
    // The other half never came: this is its sign.
    end: () => (half === "" ? "" : "\ufffd"),
  };
}
