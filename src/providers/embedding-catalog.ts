import type { Embeddings } from "../deps.ts";
import {
  type EmbeddingModel,
  type EmbeddingServer,
  isLocal,
  type LocalModel,
  type RemoteEmbeddingModel,
} from "../domain/embedding.ts";
import { requireKeyNotLost } from "../domain/secret.ts";
import type { Egress } from "../egress/egress.ts";
import { parseOutboundUrl } from "../egress/outbound-url.ts";
import { AppError } from "../errors.ts";
import { createBreaker } from "./breaker.ts";
import { type Clock, systemClock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import { type EmbeddingAdapter, type EmbeddingKind, toVectors } from "./embedding-adapter.ts";
import {
  EMBEDDING_DEADLINES,
  type EmbeddingDeadlines,
  toEmbeddingProvider,
  tooSlowToEmbed,
} from "./embeddings.ts";
import { ollamaVectors } from "./ollama-embeddings.ts";
import { type EmbeddingSettings, openaiVectors, type RemoteEmbeddings } from "./openai-embeddings.ts";
import type { EmbeddingProvider } from "./provider.ts";

/** A model that runs on this machine, in a worker of its own. */
export type LocalEmbedder = {
  readonly dimension: number;
  embed(texts: readonly string[], kind: EmbeddingKind, signal: AbortSignal): Promise<Float32Array[]>;
  close(): void;
};

const SERVERS: readonly RemoteEmbeddings[] = [ollamaVectors, openaiVectors];

/** Where vectors can come from beside this machine, in the order in which they are offered. */
export const EMBEDDING_SERVERS: readonly EmbeddingServer[] = SERVERS.map(({ about }) => about);

export type EmbeddingsDeps = {
  egress: Egress;
  /** @throws MODEL_NOT_AVAILABLE */
  openLocal(name: string): Promise<LocalEmbedder>;
  localModels(): Promise<LocalModel[]>;
  now: () => number;
  log: { warn(event: string, fields?: Record<string, unknown>): void };
  clock?: Clock;
  deadlines?: EmbeddingDeadlines;
};

type Opened = { provider: EmbeddingProvider; close(): void };

/** Long enough for a server that has to load its model first. */
const PROBE = "A text to see what the model makes of it.";

/** Models to providers; the only place that knows where vectors can come from. Each model is opened once. */
export function createEmbeddings(deps: EmbeddingsDeps): Embeddings {
  const opened = new Map<string, Promise<Opened>>();

  function forget(model: EmbeddingModel): void {
    const key = keyOf(model);
    const former = opened.get(key);
    opened.delete(key);
    former
      ?.then(({ close }) => close())
      .catch(() => {
        // It never opened, so there is nothing to close.
      });
  }

  return {
    async open(model, expected) {
      const key = keyOf(model);
      const opening = opened.get(key) ?? openModel(deps, model, expected, () => forget(model));
      opened.set(key, opening);
      try {
        const { provider } = await opening;
        requireExpected(model, provider.dimension, expected);
        return provider;
      } catch (thrown) {
        if (opened.get(key) === opening) opened.delete(key);
        throw thrown;
      }
    },
    localModels: () => deps.localModels(),
    release: forget,
    close() {
      for (const opening of opened.values()) {
        opening
          .then(({ close }) => close())
          .catch(() => {
            // It never opened, so there is nothing to close.
          });
      }
      opened.clear();
    },
  };
}

/** @param onDeath called when a worker of its own has died */
async function openModel(
  deps: EmbeddingsDeps,
  model: EmbeddingModel,
  expected: number | null,
  onDeath: () => void,
): Promise<Opened> {
  const { clock = systemClock, deadlines = EMBEDDING_DEADLINES } = deps;
  const { adapter, own, close } = isLocal(model)
    ? await openLocal(deps, model.name, onDeath)
    : remote(deps, model);
  try {
    const dimension = own ?? expected ?? (await dimensionOf(adapter, clock, deadlines));
    const breaker = createBreaker(adapter.host, clock, () =>
      deps.log.warn("embedding-model-left-alone", { host: adapter.host }),
    );
    const options = { model: model.name, dimension, breaker, clock, deadlines };
    return { provider: toEmbeddingProvider(adapter, options), close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** A key that was changed makes another provider, so that the old one is never asked with the new model. */
function keyOf(model: EmbeddingModel): string {
  return JSON.stringify(Object.entries(model).sort());
}

function requireExpected({ name }: EmbeddingModel, dimension: number, expected: number | null): void {
  if (expected === null || expected === dimension) return;
  throw new AppError(
    "MODEL_NOT_AVAILABLE",
    `The model ${name} gives vectors of ${dimension} numbers now, and the index has ${expected}. Build a new index with it.`,
  );
}

async function dimensionOf(
  adapter: EmbeddingAdapter,
  clock: Clock,
  deadlines: EmbeddingDeadlines,
): Promise<number> {
  const never = new AbortController().signal;
  const tooSlow = () => tooSlowToEmbed(adapter.host, deadlines.passage);
  const given = await withDeadline(clock, deadlines.passage, tooSlow, never, (limited) =>
    adapter.embed([PROBE], "passage", limited),
  );
  return toVectors(adapter.host, given, 1, null)[0]?.length ?? 0;
}

type OpenedAdapter = { adapter: EmbeddingAdapter; own: number | null; close(): void };

/** A worker that has died is started anew the next time. */
async function openLocal(deps: EmbeddingsDeps, name: string, onFailure: () => void): Promise<OpenedAdapter> {
  const local = await deps.openLocal(name);
  const adapter: EmbeddingAdapter = {
    host: `The model ${name}`,
    async embed(texts, kind, signal) {
      try {
        return await local.embed(texts, kind, signal);
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === "INTERNAL") onFailure();
        throw thrown;
      }
    },
  };
  return { adapter, own: local.dimension, close: () => local.close() };
}

function remote({ egress, now }: EmbeddingsDeps, model: RemoteEmbeddingModel): OpenedAdapter {
  // The database takes any source: a newer Parley on the same data may know more of them.
  const server = SERVERS.find(({ about }) => about.name === model.source);
  if (!server) throw unknownSource(model);
  requireKeyNotLost(model, `model ${model.name}`);
  const baseUrl = parseOutboundUrl(model.baseUrl);
  const { apiKey, queryPrefix, passagePrefix } = model;
  // Only operators enter one.
  const fetch = egress.fetchFor({ purpose: "embeddings", baseUrl, tenantId: null, savedByOperator: true });
  const settings: EmbeddingSettings = {
    ...{ baseUrl, apiKey, queryPrefix, passagePrefix, fetch, now },
    model: model.name,
  };
  return { adapter: server.adapter(settings), own: null, close() {} };
}

function unknownSource({ name, source }: RemoteEmbeddingModel): AppError {
  return new AppError(
    "MODEL_NOT_AVAILABLE",
    `The model ${name} comes from “${source}”, which this version of Parley does not know. Make another index active, or start the newer version that it was built with.`,
  );
}
