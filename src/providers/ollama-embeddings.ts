import type { EmbeddingAdapter } from "./embedding-adapter.ts";
import { ollamaClient } from "./ollama.ts";
import { type EmbeddingSettings, type RemoteEmbeddings, withPrefix } from "./openai-embeddings.ts";
import { shapeOf } from "./shape.ts";
import { fromSdkError } from "./upstream.ts";
import type { Upstream } from "./upstream-errors.ts";

export const ollamaVectors: RemoteEmbeddings = {
  about: {
    name: "ollama",
    label: "Ollama",
    hint: "An embedding model on an Ollama of yours.",
    addressHelp: "Where Ollama listens, such as http://localhost:11434.",
    takesKey: false,
  },
  adapter: (settings) => ollamaEmbeddings(settings),
};

export function ollamaEmbeddings(settings: EmbeddingSettings): EmbeddingAdapter {
  const host = settings.baseUrl.host;
  const upstream: Upstream = { host, hasKey: settings.apiKey !== null, now: settings.now };
  return {
    host,
    async embed(texts, kind, signal) {
      const client = ollamaClient({ ...settings, refusals: new Map() }, upstream, "document", signal);
      try {
        const input = withPrefix(settings, kind, texts);
        const answer: unknown = await client.embed({ model: settings.model, input, truncate: true });
        const shape = shapeOf(host);
        return shape.list(shape.record(answer).embeddings);
      } catch (thrown) {
        throw fromSdkError(upstream, thrown, signal);
      }
    },
  };
}
