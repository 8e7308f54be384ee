import OpenAI from "openai";
import { type AdapterPart, type ChatAdapter, toModels } from "./adapter.ts";
import type { Framing } from "./framing.ts";
import { CHAT_FRAMING, fromChatStream, toChatRequest } from "./openai-chat.ts";
import { fromResponsesStream, RESPONSES_FRAMING, toResponsesRequest } from "./openai-responses.ts";
import type { ChatRequest } from "./provider.ts";
import { sendTolerantly } from "./tolerance.ts";
import { fromSdkError, upstreamFetch } from "./upstream.ts";
import type { Upstream } from "./upstream-errors.ts";
import type { Vendor, VendorSettings } from "./vendor.ts";

export const openai: Vendor = {
  about: {
    name: "openai",
    label: "OpenAI or compatible",
    hint: "OpenAI, vLLM, LM Studio, Azure, any server that speaks it.",
    hasModel: true,
    addressHelp:
      "Of a compatible server, such as http://llm.acme.example:8000/v1. Empty means OpenAI itself.",
    key: "unless-own-server",
  },
  url: "https://api.openai.com/v1",
  isHosted: true,
  // Responses is for OpenAI itself; what others offer is Chat Completions.
  adapter: (settings, hasOwnAddress) =>
    openaiProvider({ ...settings, api: hasOwnAddress ? "chat" : "responses" }),
};

/** OpenAI, or any server that speaks its Chat Completions. */
export function openaiProvider(settings: VendorSettings & { api: "chat" | "responses" }): ChatAdapter {
  const host = settings.baseUrl.host;
  const upstream: Upstream = { host, hasKey: settings.apiKey !== null, now: settings.now };
  const client = (framing: Framing | null, signal: AbortSignal) =>
    openaiClient(settings, upstream, framing, signal);

  return {
    name: openai.about.name,
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
