import OpenAI from "openai";
import { type AdapterPart, type ChatAdapter, toModels } from "./adapter.ts";
import { CHAT_FRAMING, fromChatStream, toChatRequest } from "./openai-chat.ts";
import { fromResponsesStream, RESPONSES_FRAMING, toResponsesRequest } from "./openai-responses.ts";
import type { ChatRequest } from "./provider.ts";
import { type Refusals, sendTolerantly } from "./tolerance.ts";
import { type AnswerForm, fromSdkError, streamedEvents, upstreamFetch } from "./upstream.ts";
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
  const client = (form: AnswerForm, signal: AbortSignal) => openaiClient(settings, upstream, form, signal);

  return {
    name: openai.about.name,
    host,
    async *streamChat(request, signal) {
      try {
        const call = { client: client("stream", signal), upstream, settings, request, signal };
        yield* settings.api === "chat" ? streamCompletions(call) : streamResponses(call);
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
      signal.throwIfAborted();
    },
    async listModels(signal) {
      try {
        const models = await Array.fromAsync(client("document", signal).models.list());
        return toModels(models.map(({ id }) => [String(id), String(id)]));
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
    },
  };
}

type StreamCall = {
  client: OpenAI;
  upstream: Upstream;
  settings: VendorSettings;
  request: ChatRequest;
  signal: AbortSignal;
};

async function* streamCompletions(call: StreamCall): AsyncGenerator<AdapterPart> {
  const response = await sendTolerantly(...refusalsOf(call), toChatRequest(call.request), (body) =>
    call.client.chat.completions.create(body).asResponse(),
  );
  const chunks = streamedEvents(call.upstream, response, CHAT_FRAMING, call.signal);
  yield* fromChatStream(chunks, call.upstream.host);
}

async function* streamResponses(call: StreamCall): AsyncGenerator<AdapterPart> {
  const response = await sendTolerantly(...refusalsOf(call), toResponsesRequest(call.request), (body) =>
    call.client.responses.create(body).asResponse(),
  );
  const events = streamedEvents(call.upstream, response, RESPONSES_FRAMING, call.signal);
  yield* fromResponsesStream(events, call.upstream.host);
}

function refusalsOf({ settings, request }: StreamCall): [refusals: Refusals, key: string] {
  return [settings.refusals, `${settings.baseUrl.href} ${request.model}`];
}

/** Every setting that the SDK would otherwise take from the environment is given here. */
export function openaiClient(
  { baseUrl, apiKey, fetch }: VendorSettings,
  upstream: Upstream,
  form: AnswerForm,
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
    fetch: upstreamFetch({ upstream, fetch, form, credentials, signal }),
  });
}
