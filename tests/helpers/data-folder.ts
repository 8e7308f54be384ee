/** A data folder that an earlier version wrote, and what that version told of it. Made by scripts/make-data-folder.ts. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ConversationDetail, ConversationView } from "../../src/protocol/admin-api/conversations.ts";
import type {
  EvaluationRunView,
  GoldenQuestionView,
  OutcomeView,
} from "../../src/protocol/admin-api/evals.ts";
import type { ChunkView, SearchHitView, SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import type { LlmConfigView } from "../../src/protocol/admin-api/llm.ts";
import type { ModelsView } from "../../src/protocol/admin-api/models.ts";
import type { TenantView } from "../../src/protocol/admin-api/tenants.ts";
import type { WidgetConfigView } from "../../src/protocol/admin-api/widget.ts";
import { type AdminClient, adminClient } from "./admin-client.ts";
import type { Parley } from "./parley.ts";

const FIXTURES = join(import.meta.dir, "../fixtures");
export const FOLDER_ARCHIVE = join(FIXTURES, "data-folder.tar.zst");
export const FOLDER_TOLD = join(FIXTURES, "data-folder.json");

/** Level 19 halves what the default leaves of a database. */
const COMPRESSION = 19;
/** Of the binary or of a running process; the next start makes them anew. */
const NOT_KEPT = ["native", "lock", "lock-journal", "ballast"];

export type ToldFolder = {
  /** The commit whose binary wrote it, and the newest migration it had. */
  commit: string;
  migrations: string[];
  questions: string[];
  /** Deleted within the last half minute before the stop: its purge is due, its original still there. */
  removed: { tenant: string; source: string; conversation: string; file: string };
  told: Told;
};
export type Told = Awaited<ReturnType<typeof everythingTold>>;

export async function packFolder(directory: string, archive: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => !NOT_KEPT.includes(name)).sort();
  const tar = Bun.spawn(["tar", "--owner=0", "--group=0", "-C", directory, "-cf", "-", ...names]);
  await Bun.write(
    archive,
    await Bun.zstdCompress(await new Response(tar.stdout).bytes(), { level: COMPRESSION }),
  );
  if ((await tar.exited) !== 0) throw new Error(`${directory} was not packed`);
}

export async function unpackFolder(archive: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const bytes = await Bun.zstdDecompress(await Bun.file(archive).bytes());
  const tar = Bun.spawn(["tar", "-C", directory, "-xf", "-"], { stdin: new Blob([new Uint8Array(bytes)]) });
  if ((await tar.exited) !== 0) throw new Error(`${archive} was not unpacked`);
}

/**
 * What a Parley tells of all that is in its data folder, tenant by tenant: the fields that callers rely on, without
 * times that something took. Waits until questions are compared by meaning, if they ever are.
 */
export async function everythingTold(parley: Pick<Parley, "url">, questions: readonly string[]) {
  const owner = adminClient(parley);
  const me = await owner.signIn();
  const tenants = await all<TenantView>(owner, "/api/admin/tenants");
  const models = await owner.get<ModelsView>("/api/admin/models");
  const told = [];
  for (const tenant of tenants) {
    owner.tenant = tenant.id;
    told.push({ ...tenant, ...(await tenantTold(parley, owner, questions, models.dense.active !== null)) });
  }
  return {
    me: { user: me.user, memberships: me.memberships },
    models: models.models.map(({ name, kind, dimension, problem }) => ({ name, kind, dimension, problem })),
    indexes: models.indexes.map(
      ({ id, model, dimension, state, chunks, embedded, createdAt, activatedAt }) => ({
        ...{ id, model, dimension, state, chunks, embedded, createdAt, activatedAt },
      }),
    ),
    tenants: told,
  };
}

async function tenantTold(
  parley: Pick<Parley, "url">,
  owner: AdminClient,
  questions: readonly string[],
  hasVectors: boolean,
) {
  const sources = (await all<SourceView>(owner, "/api/admin/knowledge")).map(sourceTold);
  const conversations = (await all<ConversationView>(owner, "/api/admin/conversations")).map(
    conversationTold,
  );
  const widget = await owner.get<WidgetConfigView>("/api/admin/widget");
  return {
    sources: await Promise.all(
      sources.map(async (source) => ({ ...source, chunks: await chunksTold(owner, source.id) })),
    ),
    found: await inTurn(questions, (question) => hitsTold(owner, question, hasVectors)),
    conversations: await inTurn(conversations, async (conversation) => ({
      ...conversation,
      messages: await messagesTold(owner, conversation.id),
    })),
    goldenQuestions: (await all<GoldenQuestionView>(owner, "/api/admin/evals/questions")).map(goldenTold),
    runs: await inTurn(await all<EvaluationRunView>(owner, "/api/admin/evals/runs"), (run) =>
      runTold(owner, run),
    ),
    widget: widgetTold(widget),
    logo:
      widget.logoUrl &&
      Bun.hash(await (await fetch(new URL(widget.logoUrl, parley.url))).bytes()).toString(36),
    llm: llmTold(await owner.get<LlmConfigView>("/api/admin/llm/config")),
  };
}

/** What the earlier version knew of it. */
function widgetTold(widget: WidgetConfigView) {
  const { displayName, subtitle, greeting, primaryColor, theme, position, logoUrl } = widget;
  const { allowedDomains, suggestedQuestions, embedKey, seenOrigins } = widget;
  return {
    ...{ displayName, subtitle, greeting, primaryColor, theme, position, logoUrl },
    ...{ allowedDomains, suggestedQuestions, embedKey, seenOrigins },
  };
}

function sourceTold(source: SourceView) {
  const { id, title, filename, sourceType, status, progress, errorCode, errorMessage } = source;
  const { chunkCount, byteSize, tags, createdAt, updatedAt } = source;
  return {
    ...{ id, title, filename, sourceType, status, progress, errorCode, errorMessage },
    ...{ chunkCount, byteSize, tags, createdAt, updatedAt },
  };
}

async function chunksTold(owner: AdminClient, source: string) {
  const chunks = await all<ChunkView>(owner, `/api/admin/knowledge/${source}/chunks`);
  return chunks.map(({ id, ordinal, content, headingPath, page }) => ({
    ...{ id, ordinal, content, headingPath, page },
  }));
}

/** A model takes a moment to load, in which questions are answered by words alone. */
async function hitsTold(owner: AdminClient, query: string, hasVectors: boolean) {
  const search = () =>
    owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query, limit: 5 });
  let { items } = await search();
  while (hasVectors && items.length > 0 && items.every(({ dense }) => dense === null))
    ({ items } = await search());
  return items.map(({ chunk, source, title, page, text }) => ({ chunk, source, title, page, text }));
}

function conversationTold({ id, title, messageCount, lastOutcome, createdAt, updatedAt }: ConversationView) {
  return { id, title, messageCount, lastOutcome, createdAt, updatedAt };
}

async function messagesTold(owner: AdminClient, conversation: string) {
  const { messages } = await owner.get<ConversationDetail>(`/api/admin/conversations/${conversation}`);
  return messages.map(({ id, role, content, citations, status, rating, errorCode, createdAt }) => ({
    ...{ id, role, content, citations, status, rating, errorCode, createdAt },
  }));
}

function goldenTold({ id, text, expected, outcome, createdAt, updatedAt }: GoldenQuestionView) {
  return { id, text, expected, outcome: outcome && outcomeTold(outcome), createdAt, updatedAt };
}

function outcomeTold({ run, question, text, verdict, rank, refused }: OutcomeView) {
  return { run, question, text, verdict, rank, refused };
}

async function runTold(owner: AdminClient, { id, state, total, asked, skipped, active }: EvaluationRunView) {
  const outcomes = await all<OutcomeView>(owner, `/api/admin/evals/runs/${id}/outcomes`);
  return { id, state, total, asked, skipped, active, outcomes: outcomes.map(outcomeTold) };
}

function llmTold({ provider, baseUrl, apiKey, model, temperature, maxTokens, systemPrompt }: LlmConfigView) {
  return { provider, baseUrl, apiKey, model, temperature, maxTokens, systemPrompt };
}

/** Every item of a list, page by page. */
async function all<Item>(owner: AdminClient, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Item[]; nextCursor: string | null } = await owner.get(`${path}${query}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  of: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await of(item));
  return results;
}
