import type { AdapterPart, ChatAdapter } from "./adapter.ts";

/**
 * Some servers cut an emoji into two escapes in two events. Half of one cannot be written as UTF-8, so it
 * waits for its other half.
 */
export function withWholeCharacters(adapter: ChatAdapter): ChatAdapter {
  return {
    name: adapter.name,
    host: adapter.host,
    streamChat: (request, signal) => wholeCharacters(adapter.streamChat(request, signal)),
    listModels: (signal) => adapter.listModels(signal),
  };
}

async function* wholeCharacters(parts: AsyncIterable<AdapterPart>): AsyncGenerator<AdapterPart> {
  let half = "";
  for await (const part of parts) {
    if (part.type === "working") {
      yield part;
    } else if (part.type === "text") {
      const text = half + part.text;
      half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
      const whole = text.slice(0, text.length - half.length);
      if (whole !== "") yield { type: "text", text: whole };
    } else {
      // The other half never came: this is its sign.
      if (half !== "") yield { type: "text", text: "\ufffd" };
      half = "";
      yield part;
    }
  }
}
