/** What a model can do, by asking it: a server that takes a field without a word may still do nothing with it. */
import type { LlmCapabilities } from "../../domain/llm.ts";
import { AppError } from "../../errors.ts";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../providers/provider.ts";

/** Enough for a call of a tool or a word, thoughts included; nobody reads more of it. */
const MOST_TOKENS = 400;
const WORD = "heron";
const TOOL = {
  name: "read_gauge",
  description: "Reads the water gauge at the harbour.",
  parameters: { type: "object" as const, properties: {}, additionalProperties: false },
};
/** 16 × 16 pixels of plain red. */
const RED_SQUARE =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4z8BAEmIY1TCqYfhqAACQ+f8B8u7oVwAAAABJRU5ErkJggg==";

type Found = Pick<LlmCapabilities, "tools" | "images" | "systemRole" | "reasoning">;

/** Two small requests: a system message with a tool, and a picture. Never throws but for the signal. */
export async function findCapabilities(
  provider: ChatProvider,
  base: ChatRequest,
  signal: AbortSignal,
): Promise<Found> {
  const asked = (changes: Partial<ChatRequest>) =>
    heard(provider, { ...base, maxTokens: Math.max(base.maxTokens, MOST_TOKENS), ...changes }, signal);
  const withTool = await asked({
    tools: [TOOL],
    messages: [
      { role: "system", content: `Whatever you write begins with the word ${WORD}.` },
      { role: "user", content: "Say hello, then read the water gauge with the tool." },
    ],
  });
  const withPicture = await asked({
    messages: [
      {
        ...{ role: "user", content: "Which colour is this picture? Answer with one English word." },
        images: [{ mediaType: "image/png", base64: RED_SQUARE }],
      },
    ],
  });
  return {
    tools: withTool && withTool.calls > 0,
    systemRole: withTool && (withTool.text === "" ? null : withTool.text.toLowerCase().includes(WORD)),
    images: withPicture && /\bred\b/i.test(withPicture.text),
    reasoning: [withTool, withPicture].some((reply) => reply?.thinks),
  };
}

type Heard = { text: string; calls: number; thinks: boolean };

/** What came; of a request that was refused nothing, which says that it cannot; null where nobody can say. */
async function heard(
  provider: ChatProvider,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<Heard | null> {
  const parts: ChatStreamPart[] = [];
  try {
    for await (const part of provider.streamChat(request, signal)) parts.push(part);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code !== "PROVIDER_REJECTED" || isOutOfRequests(thrown)) return null;
  }
  return {
    text: parts.flatMap((part) => (part.type === "text" ? part.text : [])).join(""),
    calls: parts.filter(({ type }) => type === "tool-call").length,
    thinks: parts.some(({ type }) => type === "reasoning"),
  };
}

/** Parameters that the server refused have used up what a test may send, so the rest is found out by the next one. */
function isOutOfRequests({ details }: AppError): boolean {
  return details === undefined;
}
