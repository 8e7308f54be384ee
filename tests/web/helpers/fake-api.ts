import type { Me, SetupState } from "../../../src/protocol/admin-api/access.ts";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";
import type { Dashboard } from "../../../src/protocol/admin-api/dashboard.ts";
import type { JobView, SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import type { LlmConfigView, LlmTrouble } from "../../../src/protocol/admin-api/llm.ts";
import type { ModelsView } from "../../../src/protocol/admin-api/models.ts";
import type { WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";
import { LLM_PROVIDERS } from "../../../src/providers/catalog.ts";
import { listFormats } from "../../../src/services/knowledge/formats.ts";
import { evalCall, evalsFor, type FakeEvals } from "./fake-evals.ts";
import { CROWDED_MODELS, modelsCall, NO_MODELS, TYPICAL_MODELS } from "./fake-models.ts";
import { type FakeSynonyms, synonymCall, synonymsFor } from "./fake-synonyms.ts";
import { type FakeTools, toolCall, toolsFor } from "./fake-tools.ts";
import { type FakeVouching, vouchingCall, vouchingFor } from "./fake-vouching.ts";
import * as sample from "./sample-data.ts";

/** `failing` answers every admin call with 500; `loading` never answers them. */
export type Scenario = "empty" | "typical" | "crowded" | "failing" | "loading";

type Form = Awaited<ReturnType<Request["formData"]>>;

export type FakeState = {
  scenario: Scenario;
  initialised: boolean;
  requiresToken: boolean;
  unknownAddress: SetupState["unknownAddress"] | null;
  me: Me | null;
  sources: SourceView[];
  removed: SourceView[];
  conversations: ConversationView[];
  removedConversations: ConversationView[];
  jobs: JobView[];
  dashboard: Dashboard;
  llm: LlmConfigView;
  llmTrouble: LlmTrouble;
  widget: WidgetConfigView;
  evals: FakeEvals;
  synonyms: FakeSynonyms;
  models: ModelsView;
  vouching: FakeVouching;
  tools: FakeTools;
  /** Every call, as "POST /api/…", with its JSON body. */
  calls: { call: string; body: unknown; tenant: string | null }[];
};

export function stateFor(scenario: Scenario): FakeState {
  const empty = scenario === "empty";
  const crowded = scenario === "crowded";
  return {
    scenario,
    initialised: true,
    requiresToken: true,
    unknownAddress: null,
    me: sample.aMe(!crowded),
    sources: empty ? [] : crowded ? sample.crowdedSources() : [...sample.SOURCES, sample.ARCHIVE],
    removed: [],
    conversations: empty ? [] : crowded ? sample.crowdedConversations() : [...sample.CONVERSATIONS],
    removedConversations: [],
    jobs: empty ? [] : crowded ? manyJobs() : [...sample.JOBS],
    dashboard: empty ? sample.EMPTY_DASHBOARD : sample.DASHBOARD,
    llmTrouble: null,
    llm: empty ? sample.LLM : sample.OPENAI_LLM,
    widget: empty
      ? { ...sample.WIDGET, allowedDomains: [], suggestedQuestions: [], seenOrigins: [] }
      : { ...sample.WIDGET },
    evals: evalsFor(scenario),
    synonyms: synonymsFor(scenario),
    models: empty ? NO_MODELS : crowded ? CROWDED_MODELS : TYPICAL_MODELS,
    vouching: vouchingFor(scenario),
    tools: toolsFor(scenario),
    calls: [],
  };
}

function manyJobs(): JobView[] {
  const [first] = sample.JOBS;
  if (!first) return [];
  const queued = Array.from({ length: 120 }, (_, at) => ({
    ...first,
    id: `job_q${at}`,
    title: `Circular ${at + 1}.pdf`,
    state: "queued" as const,
    progress: 0,
    stage: null,
  }));
  return [first, ...queued];
}

export async function fakeApi(request: Request, state: FakeState): Promise<Response> {
  const url = new URL(request.url);
  const isJson = request.headers.get("content-type")?.includes("json");
  const form = request.headers.get("content-type")?.includes("multipart") ? await request.formData() : null;
  const body: Record<string, unknown> = isJson ? ((await request.json()) as Record<string, unknown>) : {};
  const call = `${request.method} ${url.pathname}`;
  state.calls.push({ call, body, tenant: request.headers.get("x-parley-tenant") });

  const access = accessCall(call, body, state);
  if (access) return access;
  if (!url.pathname.startsWith("/api/admin/"))
    return failure(404, "NOT_FOUND", "There is nothing at this address.");
  if (!state.me) return failure(401, "UNAUTHENTICATED", "Sign in to go on.");
  if (state.scenario === "loading") return new Promise(() => {});
  if (state.scenario === "failing") {
    return failure(
      500,
      "INTERNAL",
      "Something went wrong on the server. Try again; if it happens again, tell your administrator the request id.",
    );
  }
  return (
    toolCall(call, url, body, state.tools) ??
    knowledgeCall(call, url, body, form, state) ??
    conversationCall(call, url, body, state) ??
    evalCall(call, url, body, state.evals, failure) ??
    synonymCall(call, url, body, state.synonyms, failure) ??
    modelsCall(call, body, form?.get("file") as File | null, state, failure) ??
    vouchingCall(call, body, state.vouching) ??
    settingsCall(call, request, body, state) ??
    failure(404, "NOT_FOUND", "There is nothing at this address.")
  );
}

export function failure(status: number, code: string, message: string, details?: unknown): Response {
  return Response.json({ error: { code, message, details, requestId: "req_01JD3Z5W8Q" } }, { status });
}

function accessCall(call: string, body: Record<string, unknown>, state: FakeState): Response | null {
  switch (call) {
    case "GET /api/setup":
      return Response.json({
        initialised: state.initialised,
        requiresToken: state.requiresToken,
        ...(state.unknownAddress && { unknownAddress: state.unknownAddress }),
      });
    case "POST /api/setup":
      if (state.requiresToken && body.token !== "right-token") {
        return failure(401, "SETUP_TOKEN_REQUIRED", "That is not the token Parley printed when it started.");
      }
      if (body.password === "password password") {
        const message = "This password is easily guessed. Choose a longer sentence that only you know.";
        const details = { fields: { password: "This password is easily guessed." } };
        return Response.json(
          { error: { code: "VALIDATION", message, details, requestId: "req_1" } },
          { status: 400 },
        );
      }
      state.initialised = true;
      state.me = sample.aMe();
      return Response.json(state.me, { status: 201 });
    case "POST /api/auth/login":
      if (body.password !== "correct horse battery staple") {
        return failure(401, "UNAUTHENTICATED", "E-mail and password do not match. Check both and try again.");
      }
      state.me = sample.aMe();
      return Response.json(state.me);
    case "POST /api/auth/logout":
      state.me = null;
      return new Response(null, { status: 204 });
    case "GET /api/auth/me":
      return state.me ? Response.json(state.me) : failure(401, "UNAUTHENTICATED", "Sign in to go on.");
    default:
      return null;
  }
}

function knowledgeCall(
  call: string,
  url: URL,
  body: Record<string, unknown>,
  form: Form | null,
  state: FakeState,
): Response | null {
  const [method, path = ""] = call.split(" ");
  const [, id = "", verb = ""] = /^\/api\/admin\/knowledge\/(src_[^/]+)\/?(.*)$/.exec(path) ?? [];
  if (call === "GET /api/admin/knowledge") return Response.json(listSources(url, state));
  if (call === "GET /api/admin/knowledge/formats") return Response.json({ items: listFormats() });
  if (call === "GET /api/admin/jobs") return Response.json({ items: state.jobs, nextCursor: null });
  if (call === "POST /api/admin/knowledge/answer")
    return Response.json(sample.triedAnswer(String(body.question)));
  if (call === "POST /api/admin/knowledge/search") {
    return Response.json({
      items: body.query === "nothing" || state.sources.length === 0 ? [] : sample.hitsOf(state.scenario),
    });
  }
  if (call === "POST /api/admin/knowledge/samples")
    return added(state, ["Sample handbook.md", "Sample prices.csv"]);
  if (call === "POST /api/admin/knowledge/upload" && form) {
    return added(
      state,
      form.getAll("file").map((file) => (file as File).name),
    );
  }
  if (!id) return null;
  if (verb === "restore") {
    const back = state.removed.find((source) => source.id === id);
    if (back) state.sources = [back, ...state.sources];
    return new Response(null, { status: 204 });
  }
  const source = state.sources.find((each) => each.id === id);
  if (!source)
    return failure(404, "NOT_FOUND", "This source does not exist, or was deleted. Go back to Knowledge.");
  if (verb === "chunks") return Response.json(pageOf(sample.someChunks(source.chunkCount), url));
  if (verb === "documents") return Response.json(documentsOf(source, url));
  if (verb === "reingest") return Response.json(source, { status: 202 });
  if (method === "GET") return Response.json(source);
  if (method === "PATCH") {
    const changed = { ...source, ...body };
    state.sources = state.sources.map((each) => (each.id === id ? changed : each));
    return Response.json(changed);
  }
  state.removed.push(source);
  state.sources = state.sources.filter((each) => each.id !== id);
  return new Response(null, { status: 204 });
}

function documentsOf(source: SourceView, url: URL) {
  const status = url.searchParams.get("status");
  const all = sample.someDocuments(source);
  return pageOf(
    all.filter((document) => status === null || document.status === status),
    url,
  );
}

function added(state: FakeState, names: string[]): Response {
  const items = names.map((filename, at) =>
    filename.endsWith(".exe")
      ? sample.aSource({
          id: `src_x${state.sources.length + at}`,
          title: filename,
          filename,
          status: "failed",
          errorCode: "UNSUPPORTED_TYPE",
          errorMessage: "Parley cannot read this kind of file. Add PDF, Word, text, Markdown, HTML or CSV.",
        })
      : sample.aSource({
          id: `src_n${state.sources.length + at}`,
          title: filename.replace(/\.\w+$/, ""),
          filename,
          status: "queued",
          chunkCount: 0,
          updatedAt: new Date().toISOString(),
        }),
  );
  state.sources = [...items, ...state.sources];
  const [first] = items;
  if (!first || items.some((item) => item.status !== "failed"))
    return Response.json({ items }, { status: 202 });
  const error = { code: first.errorCode, message: first.errorMessage, requestId: "req_01JD3Z5W8Q" };
  return Response.json({ items, error }, { status: 415 });
}

function listSources(url: URL, state: FakeState) {
  const q = url.searchParams.get("q")?.toLowerCase() ?? "";
  const status = url.searchParams.get("status");
  const matching = state.sources.filter(
    (source) => (!status || source.status === status) && source.title.toLowerCase().includes(q),
  );
  if (url.searchParams.get("sort") === "title") matching.sort((a, b) => a.title.localeCompare(b.title));
  const total = (wanted: string) => state.sources.filter((source) => source.status === wanted).length;
  return {
    ...pageOf(matching, url),
    counts: {
      all: state.sources.length,
      queued: total("queued"),
      processing: total("processing"),
      ready: total("ready"),
      failed: total("failed"),
    },
  };
}

function pageOf<Item>(all: Item[], url: URL): { items: Item[]; nextCursor: string | null } {
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const to = from + Number(url.searchParams.get("limit") ?? 50);
  return { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null };
}

function conversationCall(
  call: string,
  url: URL,
  body: Record<string, unknown>,
  state: FakeState,
): Response | null {
  const [method, path = ""] = call.split(" ");
  if (call === "GET /api/admin/retention") return Response.json({ conversationDays: 365, traceDays: null });
  if (call === "PUT /api/admin/retention") return Response.json(body);
  if (path === "/api/admin/conversations") {
    const q = url.searchParams.get("q")?.toLowerCase() ?? "";
    const outcome = url.searchParams.get("outcome");
    const flagged = url.searchParams.get("flagged");
    const matching = state.conversations.filter(
      (each) =>
        (!outcome || each.lastOutcome === outcome) &&
        (!flagged || String(each.flagged) === flagged) &&
        (each.title ?? "").toLowerCase().includes(q),
    );
    return Response.json(pageOf(matching, url));
  }
  if (path === "/api/admin/conversations/filters")
    return Response.json({ languages: ["deu", "eng"], providers: ["extractive", "openai"] });
  if (path === "/api/admin/conversations/export") return new Response("\ufeffconversation,message\r\n");
  if (path === "/api/admin/conversations/delete") {
    const { ids, filter } = body as { ids?: string[]; filter?: { q?: string; outcome?: string } };
    const isMeant = (each: ConversationView) =>
      ids ? ids.includes(each.id) : (each.title ?? "").toLowerCase().includes(filter?.q ?? "");
    const gone = state.conversations.filter(isMeant);
    state.removedConversations.push(...gone);
    state.conversations = state.conversations.filter((each) => !isMeant(each));
    return Response.json({ deleted: gone.length, held: 0, deletion: "del_1" });
  }
  if (path === "/api/admin/conversations/restore") {
    const restored = state.removedConversations.length;
    state.conversations = [...state.removedConversations.splice(0), ...state.conversations];
    return Response.json({ restored });
  }
  const [, id = "", verb = ""] = /^\/api\/admin\/conversations\/(cnv_[^/]+)\/?(.*)$/.exec(path) ?? [];
  if (!id) return null;
  if (verb.endsWith("/trace")) return Response.json(sample.traceOf(state.scenario));
  if (verb === "restore") {
    const back = state.removedConversations.find((each) => each.id === id);
    if (back) state.conversations = [back, ...state.conversations];
    return new Response(null, { status: 204 });
  }
  const conversation = state.conversations.find((each) => each.id === id);
  if (!conversation) return failure(404, "NOT_FOUND", "This conversation does not exist, or was deleted.");
  if (method === "GET") return Response.json({ ...sample.DETAIL, conversation });
  if (method === "PATCH" || verb === "hold") {
    const marked = { ...conversation, ...body };
    state.conversations = state.conversations.map((each) => (each.id === id ? marked : each));
    return Response.json(marked);
  }
  state.removedConversations.push(conversation);
  state.conversations = state.conversations.filter((each) => each.id !== id);
  return new Response(null, { status: 204 });
}

function settingsCall(
  call: string,
  request: Request,
  body: Record<string, unknown>,
  state: FakeState,
): Response | null {
  if (call === "GET /api/admin/dashboard") return Response.json(state.dashboard);
  if (call === "GET /api/admin/llm/catalog") return Response.json({ items: LLM_PROVIDERS });
  if (call === "GET /api/admin/llm/trouble") return Response.json({ trouble: state.llmTrouble });
  if (call === "GET /api/admin/llm/config") return Response.json(state.llm);
  if (call === "PUT /api/admin/llm/config") {
    const { apiKey, ...rest } = body;
    const key = typeof apiKey === "string" ? { set: true, last4: apiKey.slice(-4) } : state.llm.apiKey;
    state.llm = {
      ...state.llm,
      ...rest,
      updatedAt: new Date().toISOString(),
      apiKey: apiKey === null ? { set: false, last4: null } : key,
    } as LlmConfigView;
    return Response.json(state.llm);
  }
  if (call === "GET /api/admin/llm/models") {
    return Response.json({ items: [{ id: "llama-3.1-70b-instruct", name: "Llama 3.1 70B" }] });
  }
  if (call === "POST /api/admin/llm/test") return streamedTest(request);
  if (call === "GET /api/admin/widget") return Response.json(state.widget);
  if (call === "PUT /api/admin/widget") {
    state.widget = { ...state.widget, ...body } as WidgetConfigView;
    return Response.json(state.widget);
  }
  if (call.endsWith("/rotate-key")) {
    state.widget = { ...state.widget, embedKey: "pk_fresh00000000000" };
    return Response.json({ ...sample.TENANT, embedKey: state.widget.embedKey });
  }
  if (call === "POST /api/admin/tenants") {
    const tenant = { ...sample.TENANT, id: "ten_9", name: String(body.name), slug: "new" };
    const membership = {
      tenant: { id: tenant.id, name: tenant.name, slug: tenant.slug },
      role: "owner" as const,
    };
    state.me?.memberships.push(membership);
    return Response.json(tenant, { status: 201 });
  }
  if (call.startsWith("PATCH /api/admin/tenants/")) {
    const name = String(body.name);
    for (const each of state.me?.memberships ?? [])
      if (call.endsWith(each.tenant.id)) each.tenant.name = name;
    return Response.json({ ...sample.TENANT, name });
  }
  return null;
}

function streamedTest(request: Request): Response {
  const text = "Parley is connected and can hear you.";
  const done = {
    type: "done",
    result: {
      ok: true,
      text,
      model: "llama-3.1-70b-instruct",
      firstTokenMs: 212,
      totalMs: 640,
      inputTokens: 21,
      outputTokens: 9,
      error: null,
    },
  };
  const events = [...text.split(/(?<= )/).map((part) => ({ type: "delta", text: part })), done];
  if (!request.headers.get("accept")?.includes("event-stream")) return Response.json(done.result);
  const lines = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response(lines.join(""), { headers: { "content-type": "text/event-stream" } });
}
