/**
 * Whether the store holds up the main loop while everything that it does goes on at once: a thousand answers being
 * written, 50 searches a second, lists and searches over 100,000 conversations, and a purge of 50,000 passages.
 */
import { Database } from "bun:sqlite";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import { type ConversationId, newId, type TenantId } from "../../src/domain/ids.ts";
import { newJob } from "../../src/domain/job.ts";
import { PURGE_SOURCE } from "../../src/domain/knowledge.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { percentile } from "../../src/rag/metrics.ts";
import { openMasterKey } from "../../src/secrets/key-file.ts";
import { openSecrets } from "../../src/secrets/seal.ts";
import { createPartialTexts } from "../../src/services/chat/partial-texts.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { rankChunks } from "../../src/services/retrieval/retrieve.ts";
import { databasePath, openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { aChatSession, aConversation, anAnswer, aQuestion } from "../helpers/builders.ts";
import type { Figure } from "./figure.ts";
import { fillFolder, madeUpWord } from "./filled-folder.ts";
import { longest, stallsDuring } from "./stalls.ts";

const SECONDS = 15;
const STREAMS = 1_000;
const TOKENS_PER_SECOND = 20;
const SEARCHES_PER_SECOND = 50;
const LISTS_PER_SECOND = 10;
const CONVERSATIONS = 100_000;
const WORDS_ASKED = 8;
const WORDS_ANSWERED = 40;
const WORDS_SEARCHED = 2;
const ROOT = join(import.meta.dir, "../..");
const PURGED_PASSAGES = 50_000;
const OTHER_PASSAGES = 20_000;
const WRITTEN = Array.from(new Glob("docs/*.md").scanSync(ROOT))
  .sort()
  .flatMap((path) => readFileSync(join(ROOT, path), "utf8").split(/\s+/));
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

export async function benchStoreLoop(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-store-"));
  try {
    await fillFolder(folder, { chunks: PURGED_PASSAGES + OTHER_PASSAGES });
    return await measured(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string): Promise<Figure[]> {
  const first = await opened(folder);
  const [tenant] = await first.tenants.list();
  if (tenant === undefined) throw new Error("The folder has no tenant.");
  const answers = await beginAnswers(first, tenant.id);
  await first.close();
  // While nothing else has the file open: two SQLites in one process undo each other's locks.
  addConversations(folder, tenant.id);

  const store = await opened(folder);
  await store.warm();
  await messagesTakenIn(folder, STREAMS);
  const idle = await stallsDuring(() => Bun.sleep(3_000));
  const { result, ...stalls } = await stallsDuring(() => everythingAtOnce(store, tenant.id, answers));
  await store.close();
  return [
    figure("main loop's longest stall, idle", longest(idle.lateMs), ""),
    figure("main loop's longest stall, the store doing everything", longest(stalls.lateMs), "< 10 ms"),
    figure("  the most that it worked in one turn", longest(stalls.workMs), "< 10 ms"),
    figure("  99.9 % of its turns are late by less than", percentile(0.999, stalls.lateMs), ""),
    figure("a search meanwhile, p50", percentile(0.5, result.searchMs), ""),
    figure("a search meanwhile, p99", percentile(0.99, result.searchMs), ""),
    figure("a list of 100,000 conversations, p95", percentile(0.95, result.listMs), "< 50 ms"),
    figure("a search through them, p95", percentile(0.95, result.textMs), "< 50 ms"),
    figure(`a purge of ${PURGED_PASSAGES} passages`, result.purgeMs, ""),
  ];
}

export async function opened(folder: string): Promise<Store> {
  const masterKey = openMasterKey({ dataDirectory: folder, given: null, isNeeded: () => true });
  return openStore({
    ...{ url: null, dataDirectory: folder, native: await installNativeParts(folder), now: Date.now },
    secrets: await openSecrets(masterKey),
  });
}

type Answer = { tenantId: TenantId; answerId: ReturnType<typeof newId<"message">> };

/** Answers that are being written, each in a conversation of its own. */
async function beginAnswers(store: Store, tenantId: TenantId): Promise<Answer[]> {
  const begun = Array.from({ length: STREAMS }, async (): Promise<Answer> => {
    const session = aChatSession({ tenantId });
    const { id: sessionId, conversationId } = session;
    await store.chatSessions.create(session, newId("chat-session"), aConversation(session), []);
    const question = aQuestion({ conversationId });
    await store.turns.acceptQuestion({ tenantId, sessionId, conversationId, question, page: null, jobs: [] });
    const answer = anAnswer({ conversationId });
    await store.turns.beginAnswer(tenantId, question.id, answer);
    return { tenantId, answerId: answer.id };
  });
  return Promise.all(begun);
}

/** In one commit and past the store: a hundred thousand through it take minutes and prove nothing here. */
function addConversations(folder: string, tenantId: TenantId): void {
  const database = new Database(databasePath(folder));
  const session = database.query<{ id: string }, []>("select id from chat_sessions limit 1").get()?.id ?? "";
  const insert = database.query(
    `insert into conversations (tenant_id, id, session_id, title, message_count, created_at, updated_at)
     values (?, ?, ?, ?, 2, ?, ?)`,
  );
  const insertMessage = database.query(
    `insert into messages (tenant_id, id, conversation_id, session_id, role, content, status, created_at)
     values (?, ?, ?, ?, ?, ?, 'complete', ?)`,
  );
  database.transaction(() => {
    for (let n = 0; n < CONVERSATIONS; n++) {
      const id: ConversationId = newId("conversation");
      const asked = said(WORDS_ASKED);
      insert.run(tenantId, id, session, asked, n, n);
      insertMessage.run(tenantId, newId("message"), id, session, "user", asked, n);
      insertMessage.run(tenantId, newId("message"), id, session, "assistant", said(WORDS_ANSWERED), n);
    }
  })();
  database.close();
}

/** So many words in a row of the documentation: runs of characters are as frequent in it as in a language. */
export function said(count: number): string {
  const start = Math.floor(Math.random() * (WRITTEN.length - count));
  return WRITTEN.slice(start, start + count).join(" ");
}

/** What a database from before the index would wait for in the background. In a process of its own, as above. */
export async function messagesTakenIn(folder: string, begun = 0): Promise<void> {
  const count = `const { Database } = require("bun:sqlite");
    const database = new Database(${JSON.stringify(databasePath(folder))}, { readonly: true });
    console.log(database.query("select count(*) as left from messages_to_index").get().left);`;
  for (;;) {
    const left = Number(await Bun.$`${process.execPath} -e ${count}`.text());
    // Answers that are being written wait until they are whole.
    if (left <= begun) return;
    await Bun.sleep(1_000);
  }
}

type Result = { searchMs: number[]; listMs: number[]; textMs: number[]; purgeMs: number };

async function everythingAtOnce(
  store: Store,
  tenantId: TenantId,
  answers: readonly Answer[],
): Promise<Result> {
  const result: Result = { searchMs: [], listMs: [], textMs: [], purgeMs: 0 };
  const retrieval = { store, dense: LEXICAL_ONLY, reranking: NO_RERANKING };
  const page = { limit: 50, cursor: null };
  const into = async (times: number[], work: () => Promise<unknown>) => void times.push(await timed(work));
  await Promise.all([
    writeAnswers(store, answers),
    timed(() => purge(store, tenantId)).then((ms) => {
      result.purgeMs = ms;
    }),
    paced(SEARCHES_PER_SECOND, () =>
      into(result.searchMs, () => rankChunks(retrieval, tenantId, question(), 10)),
    ),
    paced(LISTS_PER_SECOND, () => into(result.listMs, () => store.conversations.list(tenantId, {}, page))),
    paced(1, () =>
      into(result.textMs, () =>
        store.conversations.list(tenantId, { textContains: said(WORDS_SEARCHED) }, page),
      ),
    ),
  ]);
  return result;
}

async function writeAnswers(store: Store, answers: readonly Answer[]): Promise<void> {
  const partials = createPartialTexts({ store, log: QUIET });
  // A hundredth of a second apart, so that no turn of the loop has all of them.
  const groups = 100 / TOKENS_PER_SECOND;
  let turn = 0;
  await paced(100, async () => {
    for (let at = turn++ % groups; at < answers.length; at += groups) {
      const answer = answers[at];
      if (answer) partials.add(answer.tenantId, answer.answerId, "word ");
    }
  });
  await partials.close();
}

/** Ten sources of 5,000 passages, one after the other, as the queue does it. */
async function purge(store: Store, tenantId: TenantId): Promise<void> {
  const { items } = await store.sources.list(tenantId, {}, "oldest", { limit: 50, cursor: null });
  let left = PURGED_PASSAGES;
  for (const { id, chunkCount } of items) {
    if (left <= 0) return;
    left -= chunkCount;
    await store.sources.remove(tenantId, id, Date.now(), newJob(Date.now(), tenantId, PURGE_SOURCE, id));
    await store.sources.purge(tenantId, id);
  }
}

async function paced(perSecond: number, work: () => Promise<unknown>): Promise<void> {
  const begun: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < perSecond * SECONDS; n++) {
    await Bun.sleep(Math.max(0, startedAt + (n * 1000) / perSecond - performance.now()));
    begun.push(work());
  }
  await Promise.all(begun);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function question(): string {
  return Array.from({ length: 7 }, madeUpWord).join(" ");
}

function figure(what: string, ms: number, target: string): Figure {
  return { what, measured: `${ms.toFixed(1)} ms`, target };
}
