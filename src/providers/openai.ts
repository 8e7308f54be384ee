import OpenAI from "openai";
import type { Fetch } from "../egress/egress.ts";
import { type AdapterPart, type ChatAdapter, toModels } from "./adapter.ts";
import type { Framing } from "./framing.ts";
import { CHAT_FRAMING, fromChatStream, toChatRequest } from "./openai-chat.ts";
import { fromResponsesStream, RESPONSES_FRAMING, toResponsesRequest } from "./openai-responses.ts";
import type { ChatRequest } from "./provider.ts";
import { type Refusals, sendTolerantly } from "./tolerance.ts";
import { fromSdkError, upstreamFetch } from "./upstream.ts";
import type { Upstream } from "./upstream-errors.ts";

export type VendorSettings = {
  baseUrl: URL;
  apiKey: string | null;
  fetch: Fetch;
  now: () => number;
  refusals: Refusals;
};

export const OPENAI_URL = "https://api.openai.com/v1";

/** OpenAI, or any server that speaks its Chat Completions. */
export function openaiProvider(settings: VendorSettings & { api: "chat" | "responses" }): ChatAdapter {
  const host = settings.baseUrl.host;
  const upstream: Upstream = { host, hasKey: settings.apiKey !== null, now: settings.now };
  const client = (framing: Framing | null, signal: AbortSignal) =>
    openaiClient(settings, upstream, framing, signal);

  return {
    name: "openai",
    host,
    async *streamChat(request, signal) {
      try {
        yield* settings.api === "chat"
          ? streamCompletions(client(CHAT_FRAMING, signal), request, settings)
          : streamResponses(client(RESPONSES_FRAMING, signal), request, settings);
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
      signal.throwIfAborted();
    },
    async listModels(signal) {
      try {
        const models = await Array.fromAsync(client(null, signal).models.list());
        return toModels(models.map(({ id }) => [String(id), String(id)]));
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
    },
  };
}

async function* streamCompletions(
  client: OpenAI,
  request: ChatRequest,
  { baseUrl, refusals }: VendorSettings,
): AsyncGenerator<AdapterPart> {
  const key = `${baseUrl.href} ${request.model}`;
  const chunks = await sendTolerantly(refusals, key, toChatRequest(request), (body) =>
    client.chat.completions.create(body),
  );
  yield* fromChatStream(chunks, baseUrl.host);
}

async function* streamResponses(
  client: OpenAI,
  request: ChatRequest,
  { baseUrl, refusals }: VendorSettings,
): AsyncGenerator<AdapterPart> {
  const key = `${baseUrl.href} ${request.model}`;
  const events = await sendTolerantly(refusals, key, toResponsesRequest(request), (body) =>
    client.responses.create(body),
  );
  yield* fromResponsesStream(events, baseUrl.host);
}

/** Every setting that the SDK would otherwise take from the environment is given here. */
export function openaiClient(
  { baseUrl, apiKey, fetch }: VendorSettings,
  upstream: Upstream,
  framing: Framing | null,
  signal: AbortSignal,
): OpenAI {
  const credentials: Record<string, string> = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
  return new OpenAI({
    baseURL: baseUrl.href.replace(/\/+$/, ""),
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: upstreamFetch({ upstream, fetch, framing, credentials, signal }),
  });
}
