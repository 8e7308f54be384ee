/**
 * Search, filters, list and export over 100,000 messages: how long each takes one after the other, and how long the main
 * loop is held up while all of them go on at once.
 */
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, type TenantId } from "../../src/domain/ids.ts";
import { percentile } from "../../src/rag/metrics.ts";
import { exportConversations } from "../../src/services/inbox/export.ts";
import { databasePath } from "../../src/store/open.ts";
import type { ConversationFilter, Store } from "../../src/store/store.ts";
import { aChatSession, aConversation } from "../helpers/builders.ts";
import type { Figure } from "./figure.ts";
import { fillFolder } from "./filled-folder.ts";
import { longest, stallsDuring } from "./stalls.ts";
import { messagesTakenIn, opened, said } from "./store-loop.ts";

const MESSAGES = 100_000;
const WORDS_ASKED = 8;
const WORDS_ANSWERED = 40;
const SEARCHES = 200;
const LANGUAGES = ["eng", "eng", "eng", "deu", "fra"];
const PAGE = { limit: 50, cursor: null };
/** Begins where no conversation is flagged, and ends where few are rated. */
const FILTERS: [string, () => ConversationFilter][] = [
  ["the list", () => ({})],
  ["two words that were said in a row", () => ({ textContains: said(2) })],
  ["a word that was never said", () => ({ textContains: `qzx${Math.random().toString(36).slice(2, 8)}` })],
  ["one letter", () => ({ textContains: "e" })],
  ["words, of a language and rated", () => ({ textContains: said(1), language: "deu", rating: "unhelpful" })],
  ["a date", () => ({ from: MESSAGES / 4, to: MESSAGES / 4 + 500 })],
  ["a filter that finds nothing", () => ({ flagged: true, tools: true })],
  ["a rare language", () => ({ language: "jpn" })],
];

export async function benchConversations(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-conversations-"));
  try {
    await fillFolder(folder, { chunks: 10 });
    return await measured(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string): Promise<Figure[]> {
  const first = await opened(folder);
  const [tenant] = await first.tenants.list();
  if (tenant === undefined) throw new Error("The folder has no tenant.");
  const session = aChatSession({ tenantId: tenant.id });
  await first.chatSessions.create(session, "bench", aConversation(session), []);
  await first.close();
  // While nothing else has the file open: two SQLites in one process undo each other's locks.
  addConversations(folder, tenant.id, session.id);

  const store = await opened(folder);
  await store.warm();
  await messagesTakenIn(folder);
  const figures: Figure[] = [];
  for (const [what, filter] of FILTERS) {
    const times = await repeated(SEARCHES, () => store.conversations.list(tenant.id, filter(), PAGE));
    figures.push(figure(`${what}, p50`, percentile(0.5, times), ""));
    figures.push(figure(`${what}, p95`, percentile(0.95, times), "< 50 ms"));
  }
  const alone = await exported(store, tenant.id, "csv");
  const idle = await stallsDuring(() => Bun.sleep(3_000));
  const { result, ...stalls } = await stallsDuring(() => everythingAtOnce(store, tenant.id));
  await store.close();
  return [
    ...figures,
    figure("an export of all as CSV, alone", alone, ""),
    figure("an export of all as CSV, while lists and searches go on", result.csvMs, ""),
    figure("an export of all as JSON Lines meanwhile", result.jsonlMs, ""),
    figure("a search meanwhile, p95", percentile(0.95, result.searchMs), ""),
    figure("main loop's longest stall, idle", longest(idle.lateMs), ""),
    figure("main loop's longest stall, all of it at once", longest(stalls.lateMs), "< 10 ms"),
    figure("  the most that it worked in one turn", longest(stalls.workMs), "< 10 ms"),
    figure("  99.9 % of its turns are late by less than", percentile(0.999, stalls.lateMs), ""),
  ];
}

/** In one commit and past the store: as many through it take minutes and prove nothing here. */
function addConversations(folder: string, tenantId: TenantId, session: string): void {
  const database = new Database(databasePath(folder));
  const insert = database.query(
    `insert into conversations (tenant_id, id, session_id, title, message_count, last_outcome, languages, providers,
       abstained, unhelpful, created_at, updated_at)
     values (?, ?, ?, ?, 2, ?, ?, '["extractive"]', ?, ?, ?, ?)`,
  );
  const insertMessage = database.query(
    `insert into messages (tenant_id, id, conversation_id, session_id, role, content, status, created_at)
     values (?, ?, ?, ?, ?, ?, 'complete', ?)`,
  );
  database.transaction(() => {
    for (let n = 0; n < MESSAGES / 2; n++) {
      const id = newId("conversation");
      const asked = said(WORDS_ASKED);
      const abstained = n % 7 === 0;
      const language = n === 17 ? "jpn" : LANGUAGES[n % LANGUAGES.length];
      insert.run(
        ...[tenantId, id, session, asked, abstained ? "abstained" : "answered", JSON.stringify([language])],
        ...[abstained, n % 11 === 0, n, n],
      );
      insertMessage.run(tenantId, newId("message"), id, session, "user", asked, n);
      insertMessage.run(tenantId, newId("message"), id, session, "assistant", said(WORDS_ANSWERED), n);
    }
  })();
  database.close();
}

async function everythingAtOnce(store: Store, tenantId: TenantId) {
  let isOver = false;
  const searchMs: number[] = [];
  const searching = async () => {
    while (!isOver) {
      for (const [, filter] of FILTERS)
        searchMs.push(await timed(() => store.conversations.list(tenantId, filter(), PAGE)));
    }
  };
  const searches = searching();
  const [csvMs = 0, jsonlMs = 0] = await Promise.all([
    exported(store, tenantId, "csv"),
    exported(store, tenantId, "jsonl"),
  ]);
  isOver = true;
  await searches;
  return { csvMs, jsonlMs, searchMs };
}

function exported(store: Store, tenantId: TenantId, format: "csv" | "jsonl"): Promise<number> {
  return timed(async () => {
    for await (const piece of exportConversations({ store, now: Date.now }, tenantId, {}, format))
      new TextEncoder().encode(piece);
  });
}

async function repeated(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n++) all.push(await timed(work));
  return all;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function figure(what: string, ms: number, target: string): Figure {
  return { what, measured: `${ms.toFixed(1)} ms`, target };
}
