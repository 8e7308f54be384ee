import type { EmbeddingServer } from "../domain/embedding.ts";
import type { EmbeddingAdapter } from "./embedding-adapter.ts";
import { openaiClient } from "./openai.ts";
import { shapeOf } from "./shape.ts";
import { fromSdkError } from "./upstream.ts";
import type { Upstream } from "./upstream-errors.ts";
import type { VendorSettings } from "./vendor.ts";

/** What the catalogue has of a server of embeddings. */
export type RemoteEmbeddings = {
  about: EmbeddingServer;
  adapter(settings: EmbeddingSettings): EmbeddingAdapter;
};

export type EmbeddingSettings = Omit<VendorSettings, "refusals"> & {
  model: string;
  queryPrefix: string;
  passagePrefix: string;
};

export const openaiVectors: RemoteEmbeddings = {
  about: {
    name: "openai",
    label: "OpenAI-compatible",
    hint: "OpenAI, vLLM, LM Studio, any server with its embeddings.",
    addressHelp: "Such as http://llm.acme.example:8000/v1.",
    takesKey: true,
  },
  adapter: (settings) => openaiEmbeddings(settings),
};

/** OpenAI's embeddings, or those of any server that speaks the same. */
export function openaiEmbeddings(settings: EmbeddingSettings): EmbeddingAdapter {
  const host = settings.baseUrl.host;
  const upstream: Upstream = { host, hasKey: settings.apiKey !== null, now: settings.now };
  return {
    host,
    async embed(texts, kind, signal) {
      const client = openaiClient({ ...settings, refusals: new Map() }, upstream, "document", signal);
      try {
        const answer: unknown = await client.embeddings.create({
          model: settings.model,
          input: withPrefix(settings, kind, texts),
          // The SDK would ask for base64 by itself, which not every server knows.
          encoding_format: "float",
        });
        return fromEmbeddings(answer, host);
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
    },
  };
}

export function withPrefix(
  { queryPrefix, passagePrefix }: Pick<EmbeddingSettings, "queryPrefix" | "passagePrefix">,
  kind: "query" | "passage",
  texts: readonly string[],
): string[] {
  const prefix = kind === "query" ? queryPrefix : passagePrefix;
  return texts.map((text) => prefix + text);
}

/** In the order of the texts: each vector says which one it is of, and some servers answer out of order. */
function fromEmbeddings(answer: unknown, host: string): unknown[] {
  const shape = shapeOf(host);
  const entries = shape.list(shape.record(answer).data).map((entry) => shape.record(entry));
  return entries
    .map(({ index, embedding }, place) => ({ place: shape.count(index) ?? place, embedding }))
    .sort((left, right) => left.place - right.place)
    .map(({ embedding }) => embedding);
}
