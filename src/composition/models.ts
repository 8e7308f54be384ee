/** Everything that answers, embeds or puts in order, here or at a vendor's. */
import type { Config } from "../config.ts";
import type { Deps } from "../deps.ts";
import { storageError } from "../domain/storage.ts";
import type { Egress } from "../egress/egress.ts";
import type { NativeParts } from "../native/native.ts";
import { createProviderFactory, LLM_PROVIDERS } from "../providers/catalog.ts";
import { createEmbeddings, EMBEDDING_SERVERS } from "../providers/embedding-catalog.ts";
import { createRerankers } from "../providers/rerankers.ts";
import { answerByQuoting } from "../rag/language-note.ts";
import { createDenseSearch, type DenseSearch } from "../services/retrieval/dense.ts";
import { createReranking, type Reranking } from "../services/retrieval/reranking.ts";
import { createLocalModels, type LocalModels } from "../workers/local-models.ts";

export type Models = Pick<
  Deps,
  "embeddings" | "modelFolder" | "reranker" | "chatProvider" | "providerCatalog"
> & {
  dense: DenseSearch;
  reranking: Reranking;
};

type ModelsOptions = Pick<Deps, "store" | "live" | "log" | "now"> & {
  config: Config;
  native: NativeParts;
  /** Whether there is room for what makes the data grow. */
  hasRoom: () => boolean;
  egress: Egress;
};

export async function openModels({
  config,
  native,
  hasRoom,
  egress,
  ...deps
}: ModelsOptions): Promise<Models> {
  const { log, now } = deps;
  const modelFolder = refusedWithoutRoom(createLocalModels(config.data, native), hasRoom);
  await modelFolder.sweep();
  const embeddings = createEmbeddings({
    ...{ egress, now, log },
    openLocal: (name) => modelFolder.open(name),
    localModels: () => modelFolder.list(),
  });
  const reranker = createRerankers({ openLocal: (name) => modelFolder.openReranker(name), log });
  return {
    ...{ modelFolder, embeddings, reranker },
    dense: createDenseSearch({ ...deps, embeddings }),
    reranking: createReranking({ ...deps, reranker }),
    chatProvider: createProviderFactory({ egress, extract: answerByQuoting, now, log }),
    providerCatalog: { llm: LLM_PROVIDERS, embeddings: EMBEDDING_SERVERS },
  };
}

function refusedWithoutRoom(models: LocalModels, hasRoom: () => boolean): LocalModels {
  return {
    ...models,
    async import(zip) {
      if (!hasRoom()) throw storageError("full", "No room is left but what is set aside.");
      return await models.import(zip);
    },
  };
}
