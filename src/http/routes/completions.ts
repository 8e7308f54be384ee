import { streamSSE } from "hono/streaming";
import type { Program } from "../../domain/principal.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { SaidBefore } from "../../domain/turn.ts";
import { AppError } from "../../errors.ts";
import {
  type ChatCompletionChunk,
  type ChatCompletionRequest,
  type CompletionsError,
  chatCompletionSchema,
  type EmbeddingsAnswer,
  embeddingsRequestSchema,
} from "../../protocol/completions.ts";
import { stopAnswers } from "../../services/chat/ask.ts";
import { askForProgram, type ProgramAnswer } from "../../services/chat/programs.ts";
import { embedTexts } from "../../services/retrieval/embed-texts.ts";
import {
  annotationsOf,
  type CompletionHead,
  chunkView,
  completionHead,
  completionsError,
  completionView,
  finishReason,
  modelView,
  usageChunk,
} from "../completion-views.ts";
import { endpoint } from "../endpoint.ts";
import type { AppContext, HttpDeps } from "../env.ts";
import { STATUS } from "../error-response.ts";
import { eventWriter } from "../event-stream.ts";
import { ownOrigin } from "../same-origin.ts";

const ANSWER_TIMEOUT_S = 150;

/** The tenant's assistant as an OpenAI-compatible model. */
export const completions = [
  endpoint(
    {
      method: "GET",
      path: "/v1/models",
      need: { scope: "chat" },
      summary: "The tenant's assistant, as a model (OpenAI-compatible)",
    },
    async (deps, { tenantId }) => ({
      object: "list",
      data: [modelView(await deps.store.tenants.get(tenantId))],
    }),
  ),

  endpoint(
    {
      method: "GET",
      path: "/v1/models/:name",
      need: { scope: "chat" },
      summary: "One model (OpenAI-compatible)",
      params: { name: "text" },
    },
    async (deps, { tenantId, params }) =>
      modelView(requireModel(await deps.store.tenants.get(tenantId), params.name)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/v1/chat/completions",
      need: { scope: "chat" },
      summary: "Ask the assistant (OpenAI-compatible); citations are annotations, `stream: true` streams",
      body: chatCompletionSchema,
    },
    async (deps, { c, principal, tenantId, body }) => {
      const tenant = requireModel(await deps.store.tenants.get(tenantId), body.model);
      const said = saidIn(body);
      const head = completionHead(tenant, c.var.requestId, deps.now());
      return body.stream
        ? streamCompletion(deps, c, principal, head, said, body.stream_options?.include_usage ?? false)
        : wholeCompletion(deps, c, principal, head, said);
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/v1/embeddings",
      need: { scope: "chat" },
      summary: "Vectors of texts, by the model for search by meaning (OpenAI-compatible)",
      body: embeddingsRequestSchema,
    },
    async (deps, { c, principal, body: { input, encoding_format } }) => {
      deps.limits.take(
        `embeddings:${principal.id}`,
        deps.settings.limits.messagesPerMinutePerTenant,
        "Many texts are being embedded with this key.",
      );
      const texts = typeof input === "string" ? [input] : input;
      const { model, vectors, tokens } = await embedTexts(deps, texts, c.req.raw.signal);
      return {
        ...{ object: "list", model },
        data: vectors.map((vector, index) => ({
          ...{ object: "embedding", index },
          embedding: encoding_format === "base64" ? base64Of(vector) : [...vector],
        })),
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      } satisfies EmbeddingsAnswer;
    },
  ),
];

/** @throws AppError NOT_FOUND for the name of none, or of another tenant's */
function requireModel(tenant: Tenant, name: string): Tenant {
  if (name === tenant.slug) return tenant;
  throw new AppError("NOT_FOUND", `There is no model “${name}” here. The assistant's is “${tenant.slug}”.`, {
    details: { fields: { model: "It is not known." } },
  });
}

/** What people and the assistant said; instructions of the caller's are let pass, since they are the tenant's to give. */
function saidIn({ messages }: ChatCompletionRequest): SaidBefore[] {
  const said = messages.flatMap((message): SaidBefore[] => {
    if (message.role !== "user" && message.role !== "assistant") return [];
    const { role, content } = message;
    const text = typeof content === "string" ? content : (content ?? []).map((part) => part.text).join("\n");
    return text.trim() === "" && role === "assistant" ? [] : [{ role, content: text }];
  });
  if (said.at(-1)?.role === "user") return said;
  throw new AppError("VALIDATION", "The last message has to be the user's question.", {
    details: { fields: { messages: "The last one has to be the user's." } },
  });
}

async function wholeCompletion(
  deps: HttpDeps,
  c: AppContext,
  { id: key, apiKey: { tenantId } }: Program,
  head: CompletionHead,
  said: readonly SaidBefore[],
) {
  // Nothing is sent before the answer is whole, and a turn may take two minutes.
  c.env.timeout(c.req.raw, ANSWER_TIMEOUT_S);
  let leave = () => {};
  try {
    const asked = await askForProgram(deps, { tenantId, key }, said, async (session) => {
      // Whoever waits for the answer is listening, as far as stopping abandoned answers goes.
      leave = (await deps.streams.open(session.id)).subscribe(() => {});
    });
    c.req.raw.signal.addEventListener("abort", () => stopAnswers(deps, asked.session.id));
    return completionView(head, requireAnswer(await asked.answer), originFor(deps, c));
  } finally {
    leave();
  }
}

/** What is wrong with the question is plain JSON; what goes wrong later is an event, after which the stream ends. */
async function streamCompletion(
  deps: HttpDeps,
  c: AppContext,
  { id: key, apiKey: { tenantId } }: Program,
  head: CompletionHead,
  said: readonly SaidBefore[],
  withUsage: boolean,
): Promise<Response> {
  const events = eventWriter<ChatCompletionChunk | CompletionsError | "[DONE]">(toEvent, ": waiting\n\n");
  let leave = () => {};
  const asked = await askForProgram(deps, { tenantId, key }, said, async (session) => {
    leave = (await deps.streams.open(session.id)).subscribe((event) => {
      if (event.type === "delta") events.write(chunkView(head, { content: event.text }));
    });
  }).catch((thrown) => {
    leave();
    throw thrown;
  });
  events.writeFirst(chunkView(head, { role: "assistant", content: "" }));
  const origin = originFor(deps, c);
  return streamSSE(c, async (sse) => {
    events.attach(sse);
    events.begun();
    sse.onAbort(() => stopAnswers(deps, asked.session.id));
    const answer = await Promise.race([asked.answer, events.closed]);
    leave();
    for (const event of endOf(head, answer, origin, withUsage)) events.write(event);
    await events.finish();
  });
}

function* endOf(head: CompletionHead, answered: ProgramAnswer | null, origin: string, withUsage: boolean) {
  try {
    const answer = requireAnswer(answered);
    const annotations = annotationsOf(answer.message, origin);
    if (annotations.length > 0) yield chunkView(head, { annotations });
    yield chunkView(head, {}, finishReason(answer.ending));
    if (withUsage) yield usageChunk(head, answer);
    yield "[DONE]" as const;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    yield completionsError(thrown, STATUS[thrown.code]);
  }
}

function toEvent(event: ChatCompletionChunk | CompletionsError | "[DONE]"): string {
  return `data: ${event === "[DONE]" ? event : JSON.stringify(event)}\n\n`;
}

/** @throws AppError why there is none, or only a piece of it */
function requireAnswer(answer: ProgramAnswer | null): ProgramAnswer {
  if (answer === null)
    throw new AppError("STORAGE_FULL", "The answer could not be stored. Parley's disk may be full.");
  const { status, errorCode } = answer.message;
  if (status === "complete") return answer;
  throw new AppError(
    errorCode ?? "PROVIDER_UNAVAILABLE",
    "The assistant's answer did not come to its end. Try again in a little while.",
  );
}

/** Where people read the passages that an answer cites. */
function originFor(deps: HttpDeps, c: AppContext): string {
  return ownOrigin(deps, c) ?? "";
}

/** 32-bit floats, the lowest byte first. */
function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
