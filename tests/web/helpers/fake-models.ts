/** What GET, POST, PUT and DELETE below /api/admin/models answer, as the server would. */
import type {
  EmbeddingIndexView,
  LocalModelView,
  ModelsView,
} from "../../../src/protocol/admin-api/models.ts";
import { EMBEDDING_SERVERS } from "../../../src/providers/embedding-catalog.ts";

const LONG = "deutsch-rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz-embedding-v2";
const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();

export function aModel(given: Partial<LocalModelView> = {}): LocalModelView {
  return {
    name: "multilingual-e5-small",
    kind: "embedding",
    dimension: 384,
    licence: "MIT",
    sizeBytes: 135_000_000,
    packed: false,
    problem: null,
    ...given,
  };
}

export function anIndex(given: Partial<EmbeddingIndexView> = {}): EmbeddingIndexView {
  return {
    id: "emb_1",
    source: "local",
    model: "multilingual-e5-small",
    baseUrl: null,
    apiKey: { set: false, last4: null },
    queryPrefix: "",
    passagePrefix: "",
    dimension: 384,
    state: "active",
    chunks: 12_480,
    embedded: 12_480,
    working: false,
    error: null,
    createdAt: at(9000),
    activatedAt: at(8000),
    ...given,
  };
}

export const NO_MODELS: ModelsView = {
  servers: [...EMBEDDING_SERVERS],
  models: [],
  indexes: [],
  dense: { active: null, problem: null },
  reranker: { active: null, problem: null },
};

export const TYPICAL_MODELS: ModelsView = {
  servers: [...EMBEDDING_SERVERS],
  models: [
    aModel({ name: "all-MiniLM-L6-v2", licence: "Apache-2.0", sizeBytes: 23_400_000, packed: true }),
    aModel({
      name: "ms-marco-MiniLM-L-6-v2",
      kind: "reranker",
      licence: "Apache-2.0",
      dimension: 1,
      sizeBytes: 23_100_000,
    }),
    aModel(),
  ],
  indexes: [
    anIndex({ id: "emb_0", model: "all-MiniLM-L6-v2", state: "retired", activatedAt: at(20_000) }),
    anIndex(),
    anIndex({
      ...{
        id: "emb_2",
        source: "openai",
        model: "text-embedding-3-large",
        baseUrl: "http://llm.acme.example:8000/v1",
      },
      ...{
        apiKey: { set: true, last4: "7Qx2" },
        dimension: 3072,
        state: "building",
        embedded: 5_210,
        working: true,
      },
      ...{ createdAt: at(12), activatedAt: null },
    }),
  ],
  dense: { active: "emb_1", problem: null },
  reranker: { active: null, problem: null },
};

/** Everything is long, and what can be wrong is wrong. */
export const CROWDED_MODELS: ModelsView = {
  servers: [...EMBEDDING_SERVERS],
  models: [
    ...TYPICAL_MODELS.models,
    aModel({
      name: LONG,
      licence: "LicenseRef-Nutzungsvereinbarung-Sprachmodelle-2026",
      sizeBytes: 1_910_000_000,
    }),
    aModel({
      ...{ name: "half-copied", dimension: null, licence: null, sizeBytes: 0 },
      problem: "Files of this model are missing. Remove it and import it again.",
    }),
  ],
  indexes: [
    ...TYPICAL_MODELS.indexes,
    anIndex({
      ...{
        id: "emb_3",
        source: "ollama",
        model: LONG,
        state: "building",
        embedded: 320,
        createdAt: at(40),
        activatedAt: null,
      },
      baseUrl: "http://rechenzentrum-nordrhein-westfalen.verwaltungsnetz.example:11434",
      error: {
        code: "PROVIDER_UNAVAILABLE",
        message:
          "rechenzentrum-nordrhein-westfalen.verwaltungsnetz.example cannot be reached. Look whether it runs.",
      },
    }),
    anIndex({ id: "emb_4", model: "ready-model", state: "ready", createdAt: at(3), activatedAt: null }),
  ],
  dense: {
    active: "emb_1",
    problem: {
      ...{ code: "MODEL_NOT_AVAILABLE", since: at(7) },
      message:
        "The embedding model cannot be used: its file onnx/model_quantized.onnx is not the one that its manifest names. Import it again.",
    },
  },
  reranker: { active: "ms-marco-MiniLM-L-6-v2", problem: null },
};

type Refuse = (status: number, code: string, message: string) => Response;
type Holder = { models: ModelsView };

export function modelsCall(
  call: string,
  body: Record<string, unknown>,
  file: File | null,
  state: Holder,
  refuse: Refuse,
): Response | null {
  const [method = "", path = ""] = call.split(" ");
  const [, rest = ""] = /^\/api\/admin\/models\/?(.*)$/.exec(path) ?? [];
  if (!path.startsWith("/api/admin/models")) return null;
  const { models } = state;
  if (rest === "" && method === "GET") return Response.json(models);
  if (rest === "import") return imported(file, state, refuse);
  if (rest === "reranker") {
    state.models = { ...models, reranker: { active: body.model as string | null, problem: null } };
    return Response.json(state.models);
  }
  if (rest === "roll-back") {
    const former = models.indexes.find(({ state: each }) => each === "retired");
    return former
      ? activated(former.id, state)
      : refuse(409, "CONFLICT", "There is no index to go back to: none was active before.");
  }
  if (rest === "indexes") return built(body, state, refuse);
  const [, what, id = "", verb] = /^(indexes|local)\/([^/]+)\/?(.*)$/.exec(rest) ?? [];
  if (what === "local") {
    state.models = { ...models, models: models.models.filter(({ name }) => name !== decodeURIComponent(id)) };
    return new Response(null, { status: 204 });
  }
  if (method === "DELETE") {
    state.models = { ...models, indexes: models.indexes.filter((index) => index.id !== id) };
    return new Response(null, { status: 204 });
  }
  return verb === "activate" ? activated(id, state) : retired(id, state);
}

function imported(file: File | null, state: Holder, refuse: Refuse): Response {
  if (file?.name.startsWith("broken")) {
    return refuse(
      422,
      "MODEL_INVALID",
      "The embedding model cannot be used: its file config.json is not the one that its manifest names. Import it again.",
    );
  }
  const model = aModel({ name: (file?.name ?? "").replace(/\.zip$/, "") });
  state.models = { ...state.models, models: [...state.models.models, model] };
  return Response.json(model, { status: 201 });
}

function built(body: Record<string, unknown>, state: Holder, refuse: Refuse): Response {
  if (String(body.baseUrl).includes("down")) {
    return refuse(503, "PROVIDER_UNAVAILABLE", "down.acme.example cannot be reached. Look whether it runs.");
  }
  const index = anIndex({
    ...{ id: `emb_n${state.models.indexes.length}`, source: body.source as EmbeddingIndexView["source"] },
    ...{
      model: String(body.model),
      baseUrl: (body.baseUrl as string) ?? null,
      state: "building",
      embedded: 0,
    },
    ...{ working: true, createdAt: at(0), activatedAt: null },
  });
  state.models = { ...state.models, indexes: [...state.models.indexes, index] };
  return Response.json(index, { status: 202 });
}

function activated(id: string, state: Holder): Response {
  const now = at(0);
  state.models = {
    ...state.models,
    dense: { active: id, problem: null },
    indexes: state.models.indexes.map((index) => {
      if (index.id === id) return { ...index, state: "active", activatedAt: now };
      return index.state === "active" ? { ...index, state: "retired" } : index;
    }),
  };
  return Response.json(state.models.indexes.find((index) => index.id === id));
}

function retired(id: string, state: Holder): Response {
  state.models = {
    ...state.models,
    dense: { active: null, problem: null },
    indexes: state.models.indexes.map((index) => (index.id === id ? { ...index, state: "retired" } : index)),
  };
  return Response.json(state.models.indexes.find((index) => index.id === id));
}
