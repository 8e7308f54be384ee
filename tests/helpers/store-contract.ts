/**
 * What every storage engine promises. SQLite runs it in tests/store/sqlite.test.ts; a new engine is finished
 * when this passes unchanged, with the contracts of embedding indexes, index upkeep and golden questions beside it.
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  type ChatSession,
  type Conversation,
  type ExportedMessage,
  type Message,
  type PassageCitation,
  PURGE_CONVERSATIONS,
  type TurnTrace,
} from "../../src/domain/conversation.ts";
import { EGRESS_REFUSED_KEPT, type EgressUse } from "../../src/domain/egress.ts";
import {
  type ConversationId,
  type DocumentId,
  type FileId,
  newId,
  type TenantId,
} from "../../src/domain/ids.ts";
import type { Job } from "../../src/domain/job.ts";
import type {
  FoundChunk,
  IndexedChunk,
  KnowledgeDocument,
  KnowledgeSource,
  NewSource,
} from "../../src/domain/knowledge.ts";
import type { LexicalQuery } from "../../src/domain/lexical.ts";
import type { Page } from "../../src/domain/page.ts";
import type { ModelUse } from "../../src/domain/usage.ts";
import { AppError, type ErrorCode } from "../../src/errors.ts";
import type { ConversationFilter, Store, TranscriptPlace } from "../../src/store/store.ts";
import {
  aChatSession,
  aChunk,
  aConversation,
  aDocument,
  aFile,
  aFirstAdmin,
  aJob,
  anAdminSession,
  anAnswer,
  anLlmConfig,
  aQuestion,
  aSource,
  aTenant,
  aToolCitation,
  aTrace,
  aWidget,
  NOW,
} from "./builders.ts";
import { hitsOf } from "./lexical-hits.ts";
import { rejection } from "./rejection.ts";

/** A database that can be opened again after it was closed. */
export type StoreUnderTest = { open(): Promise<Store> };

const FIRST_PAGE = { cursor: null, limit: 50 };
const ANY_KIND = { ingest: 0, "purge-source": 0, "purge-conversation": 0 };
const NO_USE: ModelUse[] = [];
const A_USE: ModelUse = {
  ...{ llmConfigId: "", provider: "extractive", model: "extractive", inputTokens: null, outputTokens: null },
  ...{ costMicros: null, estimated: false },
};

export function storeContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  let database: StoreUnderTest;
  let store: Store;
  /** Two tenants, of which the second may never see what belongs to the first. */
  let tenantId: TenantId;
  let otherTenant: TenantId;
  let userId: ReturnType<typeof aFirstAdmin>["user"]["id"];

  beforeEach(async () => {
    database = await makeDatabase();
    store = await database.open();
    const first = aFirstAdmin();
    await store.instance.initialise(first);
    tenantId = first.tenant.id;
    userId = first.user.id;
    const other = aTenant({ createdAt: NOW + 1 });
    await store.tenants.create(other, userId, aWidget(), anLlmConfig({ tenantId: other.id }));
    otherTenant = other.id;
  });

  afterEach(async () => {
    await store.close();
  });

  /** The next job of a lane that reads and cleans up. */
  const claim = (now: number, leaseMs: number, priorities: Record<string, number> = ANY_KIND) =>
    store.jobs.claim(now, leaseMs, priorities);

  async function reopen(): Promise<void> {
    await store.close();
    store = await database.open();
  }

  /** A ready source whose chunks have these contents. */
  async function addSource(
    tenant: TenantId,
    contents: string[],
    changes: Partial<NewSource> = {},
    ofDocument: Partial<KnowledgeDocument> = {},
  ): Promise<{ source: KnowledgeSource; document: KnowledgeDocument; chunks: IndexedChunk[] }> {
    const { source, document, job } = aFile({ tenantId: tenant, ...changes }, ofDocument);
    await store.sources.create(source, [document], [job]);
    const chunks = contents.map((content, ordinal) => aChunk({ sourceId: source.id, ordinal, content }));
    await replace(document, chunks, job.id);
    return {
      source: await store.sources.get(tenant, source.id),
      document: await store.documents.get(tenant, document.id),
      chunks,
    };
  }

  /** A source with this many documents that wait. */
  async function addQueued(
    tenant: TenantId,
    count: number,
  ): Promise<{ source: NewSource; documents: KnowledgeDocument[]; jobs: Job[] }> {
    const source = aSource({ tenantId: tenant });
    const documents = Array.from({ length: count }, () =>
      aDocument(source, { id: newId("document"), title: `Page ${newId("document")}` }),
    );
    const jobs = documents.map(({ id }) => aJob({ tenantId: tenant, subject: id }));
    await store.sources.create(source, documents, jobs);
    return { source, documents, jobs };
  }

  async function replace(
    { tenantId: tenant, id }: Pick<KnowledgeDocument, "tenantId" | "id">,
    chunks: IndexedChunk[],
    jobId = newId("job"),
  ): Promise<void> {
    const outcome = {
      format: "pdf" as const,
      pageCount: 3,
      warnings: ["One image was left out."],
      jobId,
      now: NOW + 5,
      analysis: 1,
      reading: 1,
    };
    await store.chunks.replaceForDocument(tenant, id, chunks, outcome);
  }

  async function openChat(
    tenant: TenantId,
    changes: Partial<ChatSession> = {},
  ): Promise<{ session: ChatSession; conversation: Conversation }> {
    const session = aChatSession({ ...changes, tenantId: tenant });
    const conversation = aConversation(session);
    await store.chatSessions.create(session, `token-${session.id}`, conversation, []);
    return { session, conversation };
  }

  async function ask(session: ChatSession, changes: Partial<Message> = {}): Promise<Message> {
    const question = aQuestion({ conversationId: session.conversationId, ...changes });
    await store.turns.acceptQuestion({
      tenantId: session.tenantId,
      sessionId: session.id,
      conversationId: session.conversationId,
      question,
      page: null,
      jobs: [],
    });
    return question;
  }

  async function answer(
    session: ChatSession,
    question: Message,
    changes: Partial<Message> = {},
  ): Promise<Message> {
    const begun = anAnswer({ conversationId: session.conversationId });
    await store.turns.beginAnswer(session.tenantId, question.id, begun);
    const finished: Message = { ...begun, content: "26 weeks. [1]", status: "complete", ...changes };
    await store.turns.finishAnswer(session.tenantId, finished, aTrace(), [A_USE], NOW + 10, []);
    return finished;
  }

  const search = async (tenant: TenantId, ...words: string[]) => {
    return (await searchHits(tenant, { words: words.map((word) => [word]) })).map(
      ({ chunk }) => chunk.content,
    );
  };

  const searchHits = async (tenant: TenantId, query: LexicalQuery, limit = 10) => {
    const matches = await store.chunks.searchByTerms(tenant, query, limit);
    const chunks = await store.chunks.findByRows(tenant, [...matches.rows]);
    return hitsOf(matches).map((hit) => ({ ...hit, chunk: chunks.get(hit.row) as FoundChunk }));
  };

  describe(`${engine} keeps the store contract`, () => {
    describe("instance", () => {
      test("knows when its database was made, after it was opened again too", async () => {
        const database = await makeDatabase();
        const fresh = await database.open();
        const madeAt = await fresh.instance.madeAt();
        await fresh.close();
        const reopened = await database.open();

        expect(madeAt).toBe(NOW);
        expect(await reopened.instance.madeAt()).toBe(madeAt);
        await reopened.close();
      });

      test("is initialised once, however many calls race", async () => {
        const fresh = await (await makeDatabase()).open();
        expect(await fresh.instance.initialised()).toBe(false);

        const attempts = Array.from({ length: 20 }, () => fresh.instance.initialise(aFirstAdmin()));
        const outcomes = await Promise.allSettled(attempts);

        expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        const codes = outcomes.flatMap((outcome) =>
          outcome.status === "rejected" ? outcome.reason.code : [],
        );
        expect(new Set(codes)).toEqual(new Set(["ALREADY_INITIALISED"]));
        expect(await fresh.tenants.list()).toHaveLength(1);
        expect(await fresh.instance.initialised()).toBe(true);
        await fresh.close();
      });

      test("makes nothing at all when one part of it cannot be made", async () => {
        const fresh = await (await makeDatabase()).open();
        const first = aFirstAdmin({ widget: aWidget({ primaryColor: "red" }) });

        expect(await rejection(fresh.instance.initialise(first))).toBeInstanceOf(Error);

        expect(await fresh.instance.initialised()).toBe(false);
        expect(await fresh.tenants.list()).toEqual([]);
        await fresh.close();
      });
    });

    describe("tenants", () => {
      test("are found by id and by embed key, oldest first in the list", async () => {
        const tenant = await store.tenants.get(tenantId);

        expect(await store.tenants.findByEmbedKey(tenant.embedKey)).toEqual(tenant);
        expect(await store.tenants.findByEmbedKey("pk_unknown")).toBeNull();
        expect((await store.tenants.list()).map(({ id }) => id)).toEqual([tenantId, otherTenant]);
        await expectCode("NOT_FOUND", store.tenants.get(newId("tenant")));
      });

      test("cannot share a short name or an embed key, and a refused one leaves nothing", async () => {
        const taken = await store.tenants.get(tenantId);
        const twin = aTenant({ slug: taken.slug });

        await expectCode(
          "CONFLICT",
          store.tenants.create(twin, userId, aWidget(), anLlmConfig({ tenantId: twin.id })),
        );
        await expectCode("CONFLICT", store.tenants.update(otherTenant, { embedKey: taken.embedKey }));

        expect(await store.tenants.list()).toHaveLength(2);
        await expectCode("NOT_FOUND", store.widgets.get(twin.id));
      });

      test("are renamed, and come with settings and an owner", async () => {
        expect((await store.tenants.update(tenantId, { name: "Contoso" })).name).toBe("Contoso");
        expect((await store.tenants.get(otherTenant)).name).not.toBe("Contoso");
        expect((await store.widgets.get(otherTenant)).displayName).toBe("Assistant");
        expect((await store.llmConfigs.getDefault(otherTenant)).provider).toBe("extractive");
        expect(await store.users.findRole(userId, otherTenant)).toBe("owner");
        await expectCode("NOT_FOUND", store.tenants.update(newId("tenant"), { name: "x" }));
      });
    });

    describe("users and their sessions", () => {
      test("are found by e-mail in any case, with the password's hash", async () => {
        const user = await store.users.find(userId);

        const found = await store.users.findByEmail((user?.email ?? "").toUpperCase());

        expect(found).toEqual({ user: user as never, passwordHash: "$argon2id$test" });
        expect(await store.users.findByEmail("nobody@example.org")).toBeNull();
        expect(await store.users.find(newId("user"))).toBeNull();
        expect(user).not.toHaveProperty("passwordHash");
      });

      test("get another password once, which signs them out everywhere", async () => {
        const session = anAdminSession({ userId });
        await store.adminSessions.create(session);
        const replacing = (hash: string) => store.users.replacePassword(userId, "$argon2id$test", hash);

        await replacing("$argon2id$other");

        const { email } = (await store.users.find(userId)) ?? { email: "" };
        expect((await store.users.findByEmail(email))?.passwordHash).toBe("$argon2id$other");
        expect(await store.adminSessions.find(session.idHash)).toBeNull();
        await expectCode("CONFLICT", replacing("$argon2id$third"));
      });

      test("have a role only where they are members", async () => {
        const memberships = await store.users.memberships(userId);

        expect(memberships.map(({ tenantId, role }) => [tenantId, role])).toEqual([
          [tenantId, "owner"],
          [otherTenant, "owner"],
        ]);
        expect(await store.users.findRole(newId("user"), tenantId)).toBeNull();
        expect(await store.users.memberships(newId("user"))).toEqual([]);
      });

      test("stay signed in until the session is removed or expired", async () => {
        const session = anAdminSession({ userId });
        const expired = anAdminSession({ userId, expiresAt: NOW });
        await store.adminSessions.create(session);
        await store.adminSessions.create(expired);
        await store.adminSessions.touch(session.idHash, NOW + 9);

        expect((await store.adminSessions.find(session.idHash))?.session.lastSeenAt).toBe(NOW + 9);
        expect((await store.adminSessions.find(session.idHash))?.user.id).toBe(userId);
        expect(await store.adminSessions.removeExpired(NOW)).toBe(1);
        expect(await store.adminSessions.find(expired.idHash)).toBeNull();
        await store.adminSessions.remove(session.idHash);
        await store.adminSessions.remove(session.idHash);
        expect(await store.adminSessions.find(session.idHash)).toBeNull();
      });
    });

    describe("throttles", () => {
      test("count within a window, start over after it, and survive a restart", async () => {
        for (let count = 1; count <= 3; count++) {
          expect(await store.throttles.hit("sign-in", 1_000, NOW)).toEqual({
            count,
            windowEndsAt: NOW + 1_000,
          });
        }
        await reopen();

        expect(await store.throttles.peek("sign-in", 1_000, NOW + 999)).toEqual({
          count: 3,
          windowEndsAt: NOW + 1_000,
        });
        expect((await store.throttles.peek("sign-in", 1_000, NOW + 1_000)).count).toBe(0);
        expect((await store.throttles.hit("sign-in", 1_000, NOW + 1_000)).count).toBe(1);
        expect((await store.throttles.peek("another", 1_000, NOW)).count).toBe(0);
        await store.throttles.clear("sign-in");
        expect((await store.throttles.peek("sign-in", 1_000, NOW + 1_001)).count).toBe(0);
      });
    });

    describe("the clock", () => {
      const DAY = 86_400_000;

      test("moves what runs along: it has as long to go as before", async () => {
        const [running, over] = [
          anAdminSession({ userId, expiresAt: NOW + 600 }),
          anAdminSession({ userId, expiresAt: NOW }),
        ];
        for (const session of [running, over]) await store.adminSessions.create(session);
        await store.throttles.hit("sign-in", 1_000, NOW);
        const later = aJob({ tenantId, runAt: NOW + 300 });
        await store.jobs.create(later);

        await store.clock.move(NOW, NOW - DAY);

        expect((await store.adminSessions.find(running.idHash))?.session.expiresAt).toBe(NOW - DAY + 600);
        expect((await store.adminSessions.find(over.idHash))?.session.expiresAt).toBe(NOW);
        const throttle = await store.throttles.peek("sign-in", 1_000, NOW - DAY);
        expect(throttle).toEqual({ count: 1, windowEndsAt: NOW - DAY + 1_000 });
        expect((await store.jobs.find(later.id))?.runAt).toBe(NOW - DAY + 300);
      });

      test("brings back what a clock wrote that was ahead, and leaves the rest as it is", async () => {
        const ahead = anAdminSession({
          ...{ userId, createdAt: NOW + DAY, lastSeenAt: NOW + DAY + 50, expiresAt: NOW + DAY + 600 },
        });
        const usual = anAdminSession({ userId, expiresAt: NOW + 600 });
        for (const session of [ahead, usual]) await store.adminSessions.create(session);
        const job = aJob({ tenantId, runAt: NOW + DAY + 300, createdAt: NOW + DAY, updatedAt: NOW + DAY });
        await store.jobs.create(job);

        await store.clock.settle(NOW);

        const settled = (await store.adminSessions.find(ahead.idHash))?.session;
        expect(settled).toMatchObject({ createdAt: NOW, lastSeenAt: NOW, expiresAt: NOW + 600 });
        expect((await store.adminSessions.find(usual.idHash))?.session).toEqual(usual);
        expect((await store.jobs.find(job.id))?.runAt).toBe(NOW + 300);
      });
    });

    describe("settings", () => {
      test("of a model keep its key for this tenant only", async () => {
        const settings = anLlmConfig({ tenantId, provider: "openai", apiKey: "sk-secret", model: "gpt" });
        await store.llmConfigs.replaceDefault(tenantId, settings);

        expect(await store.llmConfigs.getDefault(tenantId)).toEqual(settings);
        expect((await store.llmConfigs.getDefault(otherTenant)).apiKey).toBeNull();
        await expectCode("NOT_FOUND", store.llmConfigs.getDefault(newId("tenant")));
      });

      test("of a widget are replaced as a whole, for this tenant only", async () => {
        const widget = aWidget({ allowedDomains: ["a.example", "b.example"], logoFile: "logo.png" });
        await store.widgets.replace(tenantId, widget, NOW);
        await store.widgets.replace(otherTenant, aWidget({ allowedDomains: ["a.example"] }), NOW);

        expect(await store.widgets.get(tenantId)).toEqual(widget);
        expect((await store.widgets.get(otherTenant)).logoFile).toBeNull();
        expect((await store.widgets.allAllowedDomains()).sort()).toEqual(["a.example", "b.example"]);
        expect(await store.widgets.logoFiles()).toEqual(["logo.png"]);
        await expectCode("NOT_FOUND", store.widgets.replace(newId("tenant"), widget, NOW));
      });
    });

    describe("sources", () => {
      test("come back as they were stored, with what their document says", async () => {
        const { source, document } = aFile({ tenantId, tags: ["hr"] }, { warnings: ["Odd."] });
        await store.sources.create(source, [document], []);

        expect(await store.sources.get(tenantId, source.id)).toEqual({
          ...source,
          ...{ status: "queued", progress: null, documentCount: 1, failedCount: 0, chunkCount: 0 },
          ...{ byteSize: document.byteSize, onlyDocument: document },
        });
      });

      test("are made together with their documents and jobs, or not at all", async () => {
        const { source, document, job } = aFile({ tenantId });
        await store.jobs.create(job);

        await expectCode("CONFLICT", store.sources.create(source, [document], [job]));

        await expectCode("NOT_FOUND", store.sources.get(tenantId, source.id));
        await expectCode("NOT_FOUND", store.documents.get(tenantId, document.id));
      });

      test("of one file are made once for the same bytes, however many calls race", async () => {
        const files = Array.from({ length: 5 }, () => aFile({ tenantId }, { contentHash: "raced" }));

        const found = await Promise.all(
          files.map(({ source, document, job }) => store.sources.createUnlessKnown(source, document, job)),
        );

        expect(found.filter((source) => source === null)).toHaveLength(1);
        const { items } = await store.sources.list(tenantId, {}, "newest", FIRST_PAGE);
        expect(new Set(found.map((source) => source ?? items[0]?.id))).toEqual(
          new Set(items.map(({ id }) => id)),
        );
        const theirs = aFile({ tenantId: otherTenant }, { contentHash: "raced" });
        expect(await store.sources.createUnlessKnown(theirs.source, theirs.document, theirs.job)).toBeNull();
      });

      test("are as their documents are: one at work, one that waits, all that failed, else ready", async () => {
        const { source, documents } = await addQueued(tenantId, 4);
        const [first, second, third, fourth] = documents as [
          KnowledgeDocument,
          KnowledgeDocument,
          KnowledgeDocument,
          KnowledgeDocument,
        ];
        const state = async () => {
          const { status, progress, failedCount, chunkCount } = await store.sources.get(tenantId, source.id);
          return { status, progress, failedCount, chunkCount };
        };
        const fail = ({ id }: KnowledgeDocument) =>
          store.documents.update(tenantId, id, { status: "failed" });

        expect(await state()).toEqual({ status: "queued", progress: null, failedCount: 0, chunkCount: 0 });
        await store.documents.update(tenantId, first.id, { status: "processing", progress: 0.5 });
        await fail(second);
        expect(await state()).toMatchObject({ status: "processing", progress: 0.375, failedCount: 1 });
        await replace(first, [aChunk({ sourceId: source.id }), aChunk({ sourceId: source.id, ordinal: 1 })]);
        expect(await state()).toMatchObject({ status: "queued", progress: null, chunkCount: 2 });
        await fail(third);
        await replace(fourth, [aChunk({ sourceId: source.id })]);
        expect(await state()).toEqual({ status: "ready", progress: null, failedCount: 2, chunkCount: 3 });
        await fail(first);
        await fail(fourth);
        expect(await state()).toMatchObject({ status: "failed", failedCount: 4 });
        expect(await store.sources.get(tenantId, source.id)).toMatchObject({
          ...{ documentCount: 4, byteSize: 4 * first.byteSize, onlyDocument: null },
        });
        expect(await store.sources.counts(tenantId)).toMatchObject({
          all: 1,
          failed: 1,
          ready: 0,
          queued: 0,
        });
      });

      test("grow by documents that are added later, in one write with their jobs", async () => {
        const { source, document, job } = aFile({ tenantId }, { status: "ready" });
        await store.sources.create(source, [document], []);
        const second = aDocument(source, { id: newId("document"), updatedAt: NOW + 7 });
        const toRead = { ...job, subject: second.id };

        await store.documents.create(tenantId, source.id, [second], [toRead]);

        expect(await store.sources.get(tenantId, source.id)).toMatchObject({
          ...{ status: "queued", documentCount: 2, onlyDocument: null, updatedAt: NOW + 7 },
        });
        expect((await claim(NOW, 1_000))?.subject).toBe(second.id);
        const third = aDocument(source, { id: newId("document") });
        await expectCode("CONFLICT", store.documents.create(tenantId, source.id, [third], [toRead]));
        await expectCode("NOT_FOUND", store.documents.get(tenantId, third.id));
        await expectCode("NOT_FOUND", store.documents.create(tenantId, newId("source"), [], []));
      });

      test("are listed page by page in every order, each once", async () => {
        const titles = ["beta", "Alpha", "ämter", "gamma", "beta"];
        for (const [index, title] of titles.entries()) {
          const createdAt = NOW + (index % 2);
          const { source, document } = aFile({ tenantId, title, createdAt }, { byteSize: index % 3 });
          await store.sources.create(source, [document], []);
        }
        for (const sort of ["newest", "oldest", "title", "size"] as const) {
          const whole = await store.sources.list(tenantId, {}, sort, FIRST_PAGE);
          const paged: KnowledgeSource[] = [];
          let cursor: string | null = null;
          do {
            const page = await store.sources.list(tenantId, {}, sort, { cursor, limit: 2 });
            paged.push(...page.items);
            cursor = page.nextCursor;
          } while (cursor !== null);
          expect(whole.items).toHaveLength(titles.length);
          expect(paged).toEqual(whole.items);
        }
        const byTitle = await store.sources.list(tenantId, {}, "title", FIRST_PAGE);
        expect(byTitle.items.map(({ title }) => title)).toEqual(["Alpha", "beta", "beta", "gamma", "ämter"]);
        await expectCode("VALIDATION", store.sources.list(tenantId, {}, "newest", { cursor: "x", limit: 2 }));
      });

      test("are filtered by status and by title, in any case and with no special characters", async () => {
        for (const [title, status] of [
          ["Übersicht 100%", "ready"],
          ["Other", "failed"],
        ] as const) {
          const { source, document } = aFile({ tenantId, title }, { status });
          await store.sources.create(source, [document], []);
        }

        const titles = async (filter: Parameters<typeof store.sources.list>[1]) =>
          (await store.sources.list(tenantId, filter, "newest", FIRST_PAGE)).items.map(({ title }) => title);

        expect(await titles({ titleContains: "übersicht" })).toEqual(["Übersicht 100%"]);
        expect(await titles({ titleContains: "%" })).toEqual(["Übersicht 100%"]);
        expect(await titles({ status: "failed" })).toEqual(["Other"]);
        expect(await store.sources.counts(tenantId)).toEqual({
          all: 2,
          queued: 0,
          processing: 0,
          ready: 1,
          failed: 1,
        });
      });

      test("change only in what is given, and give a new title to their only document", async () => {
        const { source, document } = aFile({ tenantId, tags: ["hr"] });
        await store.sources.create(source, [document], []);
        const before = await store.sources.get(tenantId, source.id);

        const changed = await store.sources.update(tenantId, source.id, { title: "Leave" });

        expect(changed).toEqual({ ...before, title: "Leave", onlyDocument: { ...document, title: "Leave" } });
        await expectCode("NOT_FOUND", store.sources.update(tenantId, newId("source"), { title: "x" }));
      });

      test("are read again for a title that is another one, once, and even while they are read", async () => {
        const { source, document } = await addSource(tenantId, ["parental leave"]);
        const rename = async (title: string) => {
          const job = aJob({ tenantId, subject: document.id });
          await store.sources.update(tenantId, source.id, { title }, job);
          return (await store.jobs.find(job.id)) !== null;
        };

        expect(await rename(source.title)).toBe(false);
        expect(await rename("Leave")).toBe(true);
        expect((await store.documents.get(tenantId, document.id)).status).toBe("queued");
        expect(await rename("Absence")).toBe(false);
        await claim(NOW, 1_000);
        expect(await rename("Holidays")).toBe(true);
      });

      test("with several documents leave these their titles", async () => {
        const { source, documents } = await addQueued(tenantId, 2);

        await store.sources.update(tenantId, source.id, { title: "Leave" });

        const { items } = await store.documents.list(tenantId, source.id, {}, FIRST_PAGE);
        expect(items.map(({ title }) => title)).toEqual(documents.map(({ title }) => title));
      });

      test("that are removed are hidden from everything at once", async () => {
        const { source, document, chunks } = await addSource(tenantId, ["parental leave"]);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));

        await expectCode("NOT_FOUND", store.sources.get(tenantId, source.id));
        expect((await store.sources.list(tenantId, {}, "newest", FIRST_PAGE)).items).toEqual([]);
        expect((await store.sources.counts(tenantId)).all).toBe(0);
        expect(await search(tenantId, "leave")).toEqual([]);
        expect(await store.chunks.searchByTerms(tenantId, { words: [["leave"]] }, 10)).toMatchObject({
          chunks: 0,
          withWord: [0],
        });
        expect(await store.chunks.findMany(tenantId, chunkIds(chunks))).toEqual([]);
        expect(await store.chunks.neighbours(tenantId, document.id, 0, 9)).toEqual([]);
        await expectCode("NOT_FOUND", store.documents.get(tenantId, document.id));
        await expectCode("NOT_FOUND", store.documents.list(tenantId, source.id, {}, FIRST_PAGE));
        await expectCode("NOT_FOUND", store.documents.update(tenantId, document.id, { status: "ready" }));
        await expectCode(
          "NOT_FOUND",
          store.documents.requeue(tenantId, [aJob({ tenantId, subject: document.id })]),
        );
        expect(await store.chunks.languages(tenantId)).toEqual([]);
        await expectCode("NOT_FOUND", store.chunks.list(tenantId, source.id, {}, FIRST_PAGE));
        await expectCode(
          "NOT_FOUND",
          store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id)),
        );
      });

      test("are restored with their chunks while the purge waits, which is then cancelled", async () => {
        const { source } = await addSource(tenantId, ["parental leave"]);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id, NOW + 30_000));

        const restored = await store.sources.restore(tenantId, source.id, NOW + 1);

        expect(restored).toEqual({ ...source, updatedAt: NOW + 1 });
        expect(await search(tenantId, "leave")).toEqual(["parental leave"]);
        expect(await claim(NOW + 60_000, 1_000)).toBeNull();
        await expectCode("NOT_FOUND", store.sources.restore(tenantId, source.id, NOW + 2));
      });

      test("that were waiting to be read wait again once restored, and are not read in between", async () => {
        const { source, documents, jobs } = await addQueued(tenantId, 3);
        const [read, running] = documents as [KnowledgeDocument, KnowledgeDocument];
        const claimed = [await claim(NOW, 1_000), await claim(NOW, 1_000)];
        expect(claimed.map((job) => job?.id)).toEqual([jobs[0]?.id, jobs[1]?.id]);
        await replace(read, [aChunk({ sourceId: source.id })], jobs[0]?.id);
        await store.documents.update(tenantId, running.id, { status: "processing" });

        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id, NOW + 30_000));
        expect(await claim(NOW + 2_000, 1_000)).toBeNull();
        await store.sources.restore(tenantId, source.id, NOW + 1);

        const again = [await claim(NOW + 2_000, 1_000), await claim(NOW + 2_000, 1_000)];
        expect(again.map((job) => job?.id)).toEqual([jobs[1]?.id, jobs[2]?.id]);
        expect(await claim(NOW + 2_000, 1_000)).toBeNull();
      });

      test("cannot be restored beside a file of the same bytes that was added meanwhile", async () => {
        const { source, document } = await addSource(tenantId, ["parental leave"]);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        const again = aFile({ tenantId }, { contentHash: document.contentHash });
        await store.sources.create(again.source, [again.document], []);

        await expectCode("CONFLICT", store.sources.restore(tenantId, source.id, NOW));

        expect((await store.sources.counts(tenantId)).all).toBe(1);
      });

      test("cannot be restored once their purge has begun", async () => {
        const { source } = await addSource(tenantId, ["parental leave"]);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        await claim(NOW, 1_000);
        await store.jobs.releaseAll(NOW);

        await expectCode("NOT_FOUND", store.sources.restore(tenantId, source.id, NOW));
      });

      test("leave nothing behind when they are purged", async () => {
        const { source, document, chunks } = await addSource(tenantId, ["parental leave", "more leave"]);
        await store.sources.purge(tenantId, source.id);
        expect(await store.sources.get(tenantId, source.id)).toEqual(source);
        expect(await store.sources.filesToPurge(tenantId, source.id)).toEqual([]);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        expect(await store.documents.fileIds()).toEqual(new Set([document.fileId as string]));
        expect(await store.sources.filesToPurge(otherTenant, source.id)).toEqual([]);
        expect(await store.sources.filesToPurge(tenantId, source.id)).toEqual([document.fileId as FileId]);

        await store.sources.purge(tenantId, source.id);

        expect(await store.documents.fileIds()).toEqual(new Set());
        expect(await store.sources.filesToPurge(tenantId, source.id)).toEqual([]);
        await store.sources.purge(tenantId, source.id);
        await expectCode("NOT_FOUND", store.sources.restore(tenantId, source.id, NOW));
        expect(await store.chunks.findMany(tenantId, chunkIds(chunks))).toEqual([]);
        expect(await store.chunks.sweep()).toBe(0);
      });

      test("are purged with all their documents, chunks and jobs, but for files that others need", async () => {
        const { source, documents, jobs } = await addQueued(tenantId, 3);
        for (const [place, document] of documents.entries())
          await replace(document, [aChunk({ sourceId: source.id })], jobs[place]?.id);
        const { document: other } = await addSource(
          tenantId,
          ["leave"],
          {},
          { fileId: documents[0]?.fileId ?? null },
        );
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));

        const files = await store.sources.filesToPurge(tenantId, source.id);
        await store.sources.purge(tenantId, source.id);

        expect(files.sort()).toEqual(documents.slice(1).map(({ fileId }) => fileId as FileId));
        expect(await store.documents.fileIds()).toEqual(new Set([other.fileId as string]));
        expect(await Promise.all(jobs.map(({ id }) => store.jobs.find(id)))).toEqual([null, null, null]);
        expect(await store.chunks.sweep()).toBe(0);
        expect(await search(tenantId, "leave")).toEqual(["leave"]);
      });
    });

    describe("documents", () => {
      test("with the same bytes are found unless they failed or their source was deleted", async () => {
        const failed = aFile({ tenantId }, { status: "failed", contentHash: "same" });
        await store.sources.create(failed.source, [failed.document], []);
        expect(await store.documents.findByContentHash(tenantId, "same")).toBeNull();

        const { source, document } = aFile({ tenantId }, { status: "ready", contentHash: "same" });
        await store.sources.create(source, [document], []);
        expect(await store.documents.findByContentHash(tenantId, "same")).toEqual(document);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        expect(await store.documents.findByContentHash(tenantId, "same")).toBeNull();
      });

      test("change only in what is given", async () => {
        const { source, document } = aFile({ tenantId });
        await store.sources.create(source, [document], []);

        const changed = await store.documents.update(tenantId, document.id, {
          status: "processing",
          progress: 0.5,
        });

        expect(changed).toEqual({ ...document, status: "processing", progress: 0.5 });
        await expectCode("NOT_FOUND", store.documents.update(tenantId, newId("document"), { title: "x" }));
      });

      test("of a source are listed page by page as they were added, each once, or by status", async () => {
        const { source, documents } = await addQueued(tenantId, 5);
        await addQueued(tenantId, 2);
        const failed = await store.documents.update(tenantId, (documents[3] as KnowledgeDocument).id, {
          status: "failed",
        });

        const paged: KnowledgeDocument[] = [];
        let cursor: string | null = null;
        do {
          const page = await store.documents.list(tenantId, source.id, {}, { cursor, limit: 2 });
          paged.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== null);

        expect(paged.map(({ id }) => id)).toEqual(documents.map(({ id }) => id));
        const byStatus = await store.documents.list(tenantId, source.id, { status: "failed" }, FIRST_PAGE);
        expect(byStatus).toEqual({ items: [failed], nextCursor: null });
        await expectCode("NOT_FOUND", store.documents.list(tenantId, newId("source"), {}, FIRST_PAGE));
      });

      test("queued again keep serving what they had", async () => {
        const { document } = await addSource(tenantId, ["parental leave"]);

        await store.documents.requeue(tenantId, [aJob({ tenantId, subject: document.id })]);

        expect((await store.documents.get(tenantId, document.id)).status).toBe("queued");
        expect(await search(tenantId, "leave")).toEqual(["parental leave"]);
      });

      test("that wait or are being read are not queued a second time", async () => {
        const { document } = await addSource(tenantId, ["parental leave"]);
        const again = () => store.documents.requeue(tenantId, [aJob({ tenantId, subject: document.id })]);

        expect(await again()).toHaveLength(1);
        expect(await again()).toEqual([]);
        await claim(NOW, 1_000);
        await store.documents.update(tenantId, document.id, { status: "processing" });
        expect(await again()).toEqual([]);
      });

      test("are queued again all together or not at all", async () => {
        const { document } = await addSource(tenantId, ["parental leave"]);
        const jobs = [aJob({ tenantId, subject: document.id }), aJob({ tenantId })];

        await expectCode("NOT_FOUND", store.documents.requeue(tenantId, jobs));

        expect((await store.documents.get(tenantId, document.id)).status).toBe("ready");
        expect(await claim(NOW, 1_000)).toBeNull();
      });
    });

    describe("chunks", () => {
      test("of a document appear all at once, with everything about it", async () => {
        const { source, document, chunks } = await addSource(tenantId, ["one", "two"]);

        expect(document).toMatchObject({
          status: "ready",
          chunkCount: 2,
          pageCount: 3,
          format: "pdf",
          progress: null,
        });
        expect(document.warnings).toEqual(["One image was left out."]);
        const listed = await store.chunks.list(tenantId, source.id, {}, FIRST_PAGE);
        expect(listed.items).toEqual(chunks.map(withoutTerms));
      });

      test("of a new version replace the old ones and finish the job", async () => {
        const { source, document, chunks: old } = await addSource(tenantId, ["old leave"]);
        const job = aJob({ tenantId, subject: document.id });
        await store.documents.requeue(tenantId, [job]);

        await replace(document, [aChunk({ sourceId: source.id, content: "new leave" })], job.id);

        expect(await search(tenantId, "leave")).toEqual(["new leave"]);
        expect(await search(tenantId, "old")).toEqual([]);
        expect(await store.chunks.findMany(tenantId, chunkIds(old))).toEqual([]);
        expect((await store.jobs.find(job.id))?.state).toBe("done");
        expect(await store.chunks.sweep()).toBe(0);
      });

      test("are invisible until the last one is written, while others do their work", async () => {
        const { source, document } = await addSource(tenantId, ["old leave"]);
        const chunks = Array.from({ length: 400 }, (_, ordinal) =>
          aChunk({ sourceId: source.id, ordinal, content: `new leave ${ordinal}` }),
        );
        let finished = false;
        const replacing = replace(document, chunks).finally(() => {
          finished = true;
        });

        const seen = new Set<string>();
        while (!finished) {
          const query = { words: [["new"]] };
          const { chunks: visible, withWord } = await store.chunks.searchByTerms(tenantId, query, 10);
          seen.add(`${visible}/${withWord[0]}`);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await replacing;

        seen.delete("400/400");
        expect([...seen].filter((state) => state !== "1/0")).toEqual([]);
        expect((await store.sources.get(tenantId, source.id)).chunkCount).toBe(400);
      });

      test("of a source that is removed meanwhile are dropped", async () => {
        const { source, document } = aFile({ tenantId });
        await store.sources.create(source, [document], []);
        const chunks = Array.from({ length: 200 }, (_, ordinal) => aChunk({ sourceId: source.id, ordinal }));

        const replacing = expectCode("NOT_FOUND", replace(document, chunks));
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        await replacing;

        expect(await store.chunks.sweep()).toBe(0);
        await expectCode("NOT_FOUND", replace(document, chunks));
      });

      test("with the same id twice change nothing", async () => {
        const { source, document } = await addSource(tenantId, ["old leave"]);
        const twin = aChunk({ sourceId: source.id });

        await expectCode("CONFLICT", replace(document, [twin, { ...twin, ordinal: 1 }]));

        expect(await search(tenantId, "leave")).toEqual(["old leave"]);
        expect(await store.chunks.sweep()).toBe(0);
      });

      test("are found by id in the order asked for, and next to one another", async () => {
        const { source, document, chunks } = await addSource(tenantId, ["a", "b", "c", "d"], {
          title: "Letters",
        });
        const [a, b, c, d] = chunkIds(chunks);

        const found = await store.chunks.findMany(tenantId, [
          c,
          a,
          newId("chunk"),
          d,
        ] as (typeof chunks)[0]["id"][]);
        const near = await store.chunks.neighbours(tenantId, document.id, 1, 2);

        expect(found.map(({ id }) => id)).toEqual([c, a, d] as never);
        expect(found[0]).toMatchObject({ sourceTitle: "Letters", documentTitle: "Letters" });
        expect(near.map(({ id }) => id)).toEqual([b, c] as never);
        const page = await store.chunks.list(tenantId, source.id, {}, { cursor: null, limit: 3 });
        const rest = await store.chunks.list(tenantId, source.id, {}, { cursor: page.nextCursor, limit: 3 });
        expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual([a, b, c, d] as never);
        expect(rest.nextCursor).toBeNull();
      });

      test("of a source follow one another document by document, and have neighbours in their own only", async () => {
        const { source, documents } = await addQueued(tenantId, 3);
        for (const [place, document] of documents.entries()) {
          const contents = ["one", "two", "three"].slice(place);
          const chunks = contents.map((content, ordinal) =>
            aChunk({ sourceId: source.id, documentId: document.id, ordinal, content: `${place} ${content}` }),
          );
          await replace(document, chunks);
        }
        const [first, second] = documents as [KnowledgeDocument, KnowledgeDocument];
        const list = async (filter: { documentId?: DocumentId }, limit: number) => {
          const contents: string[] = [];
          let cursor: string | null = null;
          do {
            const page = await store.chunks.list(tenantId, source.id, filter, { cursor, limit });
            contents.push(...page.items.map(({ content }) => content));
            cursor = page.nextCursor;
          } while (cursor !== null);
          return contents;
        };

        const all = ["0 one", "0 two", "0 three", "1 two", "1 three", "2 three"];
        expect(await list({}, 50)).toEqual(all);
        expect(await list({}, 2)).toEqual(all);
        expect(await list({ documentId: second.id }, 1)).toEqual(["1 two", "1 three"]);
        const near = await store.chunks.neighbours(tenantId, second.id, 0, 9);
        expect(near.map(({ content }) => content)).toEqual(["1 two", "1 three"]);
        expect(near[0]).toMatchObject({
          ...{ sourceId: source.id, documentId: second.id },
          ...{ sourceTitle: source.title, documentTitle: second.title },
        });
        expect(await list({ documentId: newId("document") }, 50)).toEqual([]);
        await replace(first, [aChunk({ sourceId: source.id, content: "anew" })]);
        expect(await list({}, 50)).toEqual(["anew", ...all.slice(3)]);
      });

      test("are searched best first, with positive scores and positions", async () => {
        await addSource(tenantId, [
          "leave of absence and leave",
          "one leave in a long text of many words",
          "else",
        ]);

        const hits = await searchHits(tenantId, { words: [["leave"], ["absence"], ["zebra"]] });

        expect(hits.map(({ chunk }) => chunk.content)).toEqual([
          "leave of absence and leave",
          "one leave in a long text of many words",
        ]);
        expect(hits.every(({ score }) => score > 0)).toBe(true);
        expect(hits[0]?.positions).toEqual([[0, 4], [2], []]);
        const [best, ...others] = await searchHits(tenantId, { words: [["leave"]] }, 1);
        expect(others).toEqual([]);
        expect(best?.chunk.content).toBe("leave of absence and leave");
      });

      test("that hold every word of a tiny corpus still have a score", async () => {
        await addSource(tenantId, ["leave"]);

        const [hit] = await searchHits(tenantId, { words: [["leave"]] });

        expect(hit?.score).toBeGreaterThan(0.1);
      });

      test("count the alternatives of a word as one word", async () => {
        await addSource(tenantId, ["mouse", "mice", "house"]);

        const together = await searchHits(tenantId, { words: [["mouse", "mice"]] });
        const query = { words: [["mouse", "mice"], ["cat"], []] };

        expect(together).toHaveLength(2);
        expect(together[0]?.score).toBe(together[1]?.score as number);
        expect(await store.chunks.searchByTerms(tenantId, query, 10)).toMatchObject({
          chunks: 3,
          withWord: [2, 0, 0],
        });
      });

      test("match by title and headings as well, and better there", async () => {
        const { source, document } = aFile({ tenantId });
        await store.sources.create(source, [document], []);
        await replace(document, [
          aChunk({ sourceId: source.id, ordinal: 0, content: "leave x" }),
          aChunk({ sourceId: source.id, ordinal: 1, content: "y", headingTerms: "leave" }),
          aChunk({ sourceId: source.id, ordinal: 2, content: "z", titleTerms: "leave" }),
        ]);

        const hits = await searchHits(tenantId, { words: [["leave"]] });

        expect(hits.map(({ chunk }) => chunk.ordinal)).toEqual([2, 1, 0]);
        expect(hits.map(({ title }) => title)).toEqual([[1], [0], [0]]);
        expect(hits.map(({ headings }) => headings)).toEqual([[0], [1], [0]]);
      });

      test("are found by terms of any script, and by operators of the engine as plain text", async () => {
        const terms = [
          "中文",
          "नमस्ते",
          "กำ",
          "e-4471",
          "c++",
          "straße",
          "and",
          "near(",
          'a"b',
          "*",
          "title:x",
          "7~x",
        ];
        await addSource(tenantId, ["other"]);
        const { source, document } = aFile({ tenantId });
        await store.sources.create(source, [document], []);
        await replace(
          document,
          terms.map((term, ordinal) =>
            aChunk({ sourceId: source.id, ordinal, content: term, contentTerms: term }),
          ),
        );

        for (const term of terms) expect(await search(tenantId, term)).toEqual([term]);
        expect(await search(tenantId, "OR", "leave NOT other", "")).toEqual([]);
        expect(await searchHits(tenantId, { words: [] })).toEqual([]);
      });

      test("may be asked for with very many words", async () => {
        await addSource(tenantId, ["leave"]);
        const words = Array.from({ length: 1_000 }, (_, index) => `word${index}`);

        expect(await search(tenantId, ...words, "leave")).toEqual(["leave"]);
      });

      test("are searchable in the same moment as they are stored", async () => {
        for (let round = 0; round < 10; round++) {
          await addSource(tenantId, [`round${round}`]);
          expect(await search(tenantId, `round${round}`)).toEqual([`round${round}`]);
        }
      });

      test("tell their languages, most frequent first", async () => {
        const { source, document } = aFile({ tenantId });
        await store.sources.create(source, [document], []);
        const languages = ["deu", "eng", "eng"];
        const chunks = languages.map((language, ordinal) =>
          aChunk({ sourceId: source.id, ordinal, language }),
        );
        await replace(document, chunks);

        expect(await store.chunks.languages(tenantId)).toEqual(["eng", "deu"]);
        await replace(document, [aChunk({ sourceId: source.id, language: "fra" })]);
        expect(await store.chunks.languages(tenantId)).toEqual(["fra"]);
      });

      test("tell the languages of what is visible: without removed sources, with restored ones", async () => {
        await addSource(tenantId, ["one"]);
        const { source, document } = await addSource(tenantId, ["zwei"]);
        await replace(document, [aChunk({ sourceId: source.id, language: "deu" })]);
        const purge = () => aJob({ tenantId, kind: "purge-source", subject: source.id, runAt: NOW + 30_000 });

        await store.sources.remove(tenantId, source.id, NOW, purge());
        expect(await store.chunks.languages(tenantId)).toEqual(["eng"]);
        await store.sources.restore(tenantId, source.id, NOW);
        expect(await store.chunks.languages(tenantId)).toEqual(["deu", "eng"]);
        await store.sources.remove(tenantId, source.id, NOW, purge());
        await store.sources.purge(tenantId, source.id);
        expect(await store.chunks.languages(tenantId)).toEqual(["eng"]);
        expect(await store.chunks.languages(otherTenant)).toEqual([]);
      });
    });

    describe("jobs", () => {
      test("are claimed one at a time, oldest first, and only when due", async () => {
        const later = aJob({ tenantId, runAt: NOW + 100 });
        const second = aJob({ tenantId, createdAt: NOW + 1 });
        const first = aJob({ tenantId });
        for (const job of [later, second, first]) await store.jobs.create(job);
        expect(await store.jobs.nextDueAt(["ingest"])).toBe(NOW);

        const claimed = await Promise.all([claim(NOW, 1_000), claim(NOW, 1_000)]);

        expect(claimed.map((job) => job?.id)).toEqual([first.id, second.id]);
        expect(claimed[0]).toEqual({ ...first, state: "running", attempts: 1 });
        expect(await claim(NOW, 1_000)).toBeNull();
        expect(await store.jobs.nextDueAt(["ingest"])).toBe(NOW + 100);
        expect((await claim(NOW + 100, 1_000))?.id).toBe(later.id);
      });

      test("go to the tenant with the least at work, so that nobody waits behind a heap", async () => {
        for (let index = 0; index < 5; index++)
          await store.jobs.create(aJob({ tenantId, createdAt: NOW + index }));
        const single = aJob({ tenantId: otherTenant, createdAt: NOW + 50 });
        await store.jobs.create(single);

        await claim(NOW, 1_000);

        expect((await claim(NOW, 1_000))?.id).toBe(single.id);
      });

      test("alternate between tenants also when only one is worked on at a time", async () => {
        const tenants = [tenantId, tenantId, tenantId, otherTenant, otherTenant];
        for (const [index, tenant] of tenants.entries()) {
          await store.jobs.create(aJob({ tenantId: tenant, createdAt: NOW + index }));
        }
        const order: TenantId[] = [];
        for (let job = await claim(NOW, 1_000); job; job = await claim(NOW, 1_000)) {
          order.push(job.tenantId);
          await store.jobs.update(job.id, { state: "done" });
        }

        expect(order).toEqual([tenantId, otherTenant, tenantId, otherTenant, tenantId]);
      });

      test("whose lease ran out are claimed again, unless it was renewed", async () => {
        const job = aJob({ tenantId });
        await store.jobs.create(job);
        await claim(NOW, 1_000);
        await store.jobs.update(job.id, { leaseUntil: NOW + 2_000, progress: 0.5, stage: "Reading" });

        expect(await claim(NOW + 1_500, 1_000)).toBeNull();
        const again = await claim(NOW + 2_000, 1_000);

        expect(again).toMatchObject({ id: job.id, attempts: 2, progress: 0.5, stage: "Reading" });
        await expectCode("NOT_FOUND", store.jobs.update(newId("job"), { state: "done" }));
      });

      test("are claimed for a lane: of its kinds only, and in the order that it gives them", async () => {
        const [slow, urgent, foreign] = ["slow", "urgent", "foreign"].map((kind) => aJob({ tenantId, kind }));
        for (const job of [slow, urgent, foreign]) await store.jobs.create(job as Job);
        const lane = { slow: 1, urgent: 0 };

        expect((await claim(NOW, 1_000, lane))?.kind).toBe("urgent");
        // Another lane's work is no reason to wait.
        await store.jobs.create(aJob({ tenantId: otherTenant, kind: "slow", createdAt: NOW + 1 }));
        expect((await claim(NOW, 1_000, { slow: 0 }))?.tenantId).toBe(otherTenant);
        expect((await claim(NOW, 1_000, lane))?.id).toBe((slow as Job).id);
        expect(await claim(NOW, 1_000, lane)).toBeNull();
        expect(await store.jobs.waitingKinds()).toEqual(["foreign"]);
      });

      test("that made room come behind what was due meanwhile", async () => {
        const first = aJob({ tenantId });
        await store.jobs.create(first);
        await claim(NOW, 1_000);
        await store.jobs.create(aJob({ tenantId, createdAt: NOW + 1, runAt: NOW + 1 }));

        await store.jobs.updateRunning(first.id, { state: "queued", attempts: 0, runAt: NOW + 2 });

        expect((await claim(NOW + 2, 1_000))?.id).not.toBe(first.id);
        expect(await claim(NOW + 2, 1_000)).toMatchObject({ id: first.id, attempts: 1 });
      });

      test("end once: what was cancelled or is over stays so", async () => {
        const job = aJob({ tenantId });
        await store.jobs.create(job);
        expect(await store.jobs.updateRunning(job.id, { state: "done" })).toBe(false);
        await claim(NOW, 1_000);
        expect(await store.jobs.updateRunning(job.id, { progress: 0.5 })).toBe(true);
        await store.jobs.update(job.id, { state: "cancelled" });

        expect(await store.jobs.updateRunning(job.id, { state: "done" })).toBe(false);
        expect(await store.jobs.find(job.id)).toMatchObject({ state: "cancelled", progress: 0.5 });
        expect(await store.jobs.updateRunning(newId("job"), { state: "done" })).toBe(false);
      });

      test("of which one is enough are queued once, and again when it has begun", async () => {
        const [first, second] = [aJob({ tenantId, subject: "it" }), aJob({ tenantId, subject: "it" })];

        const both = [store.jobs.createUnlessQueued(first), store.jobs.createUnlessQueued(second)];
        expect(await Promise.all(both)).toEqual([true, false]);
        expect(await store.jobs.find(second.id)).toBeNull();

        await claim(NOW, 1_000);
        expect(await store.jobs.createUnlessQueued(second)).toBe(true);
      });

      test("that failed are queued again by kind, and keep their attempts", async () => {
        const failed = {
          state: "failed",
          attempts: 3,
          errorCode: "INTERNAL",
          errorMessage: "It broke.",
        } as const;
        const [purge, other] = [
          aJob({ tenantId, kind: "purge-source", ...failed }),
          aJob({ tenantId, ...failed }),
        ];
        for (const job of [purge, other]) await store.jobs.create(job);

        expect(await store.jobs.requeueFailed(["purge-source"], NOW + 5)).toBe(1);

        expect(await store.jobs.find(purge.id)).toMatchObject({
          ...{ state: "queued", attempts: 3, runAt: NOW + 5, errorCode: null, errorMessage: null },
        });
        expect((await store.jobs.find(other.id))?.state).toBe("failed");
      });

      test("are due by kind", async () => {
        await store.jobs.create(aJob({ tenantId, kind: "soon", runAt: NOW + 1 }));
        await store.jobs.create(aJob({ tenantId, kind: "later", runAt: NOW + 2 }));

        expect(await store.jobs.isDue(["later"], NOW + 1)).toBe(false);
        expect(await store.jobs.isDue(["later", "soon"], NOW + 1)).toBe(true);
        expect(await store.jobs.nextDueAt(["later"])).toBe(NOW + 2);
        expect(await store.jobs.nextDueAt([])).toBeNull();
      });

      test("that a new version leaves to do come with it, or not at all", async () => {
        const { source, document } = await addSource(tenantId, ["one"]);
        const toDo = (subject: string) => aJob({ tenantId, kind: "follow", subject });
        const waiting = toDo("known");
        await store.jobs.create(waiting);
        const chunks = [aChunk({ sourceId: source.id, content: "two" })];
        const jobs = [toDo("known"), toDo("new")];
        const outcome = {
          format: "pdf" as const,
          pageCount: 1,
          warnings: [],
          now: NOW,
          analysis: 1,
          reading: 1,
          jobs,
        };

        await store.chunks.replaceForDocument(tenantId, document.id, chunks, {
          ...outcome,
          jobId: newId("job"),
        });

        expect(await store.jobs.findLatest("follow", "new")).toEqual(jobs[1] as Job);
        expect(await store.jobs.findLatest("follow", "known")).toEqual(waiting);
        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        const late = { ...outcome, jobs: [toDo("lost")], jobId: newId("job") };
        await expectCode("NOT_FOUND", store.chunks.replaceForDocument(tenantId, document.id, chunks, late));
        expect(await store.jobs.findLatest("follow", "lost")).toBeNull();
      });

      test("that were running at the end of the process are queued again", async () => {
        const job = aJob({ tenantId });
        await store.jobs.create(job);
        await claim(NOW, 60_000);
        await reopen();

        expect(await store.jobs.releaseAll(NOW)).toBe(1);
        expect((await claim(NOW, 1_000))?.attempts).toBe(2);
      });

      test("that are not finished are listed with their document's title", async () => {
        const { source, document, job } = aFile({ tenantId, title: "Handbook" });
        await store.sources.create(source, [document], [job]);
        await store.jobs.create(aJob({ tenantId, state: "done" }));
        await store.jobs.create(aJob({ tenantId, kind: "purge-source" }));

        expect(await store.jobs.listActive(tenantId, ["ingest"])).toEqual([{ ...job, title: "Handbook" }]);
        expect(await store.jobs.find(job.id)).toEqual({ ...job, title: "Handbook" });
        expect(await store.jobs.find(newId("job"))).toBeNull();
      });
    });

    describe("chat sessions", () => {
      test("are found by the hash of their token", async () => {
        const { session } = await openChat(tenantId);

        expect(await store.chatSessions.findByTokenHash(`token-${session.id}`)).toEqual(session);
        expect(await store.chatSessions.findByTokenHash("unknown")).toBeNull();
        await store.chatSessions.update(session.id, { tokenHash: "new", expiresAt: NOW + 1, origin: null });
        expect(await store.chatSessions.findByTokenHash(`token-${session.id}`)).toBeNull();
        expect(await store.chatSessions.findByTokenHash("new")).toMatchObject({
          expiresAt: NOW + 1,
          origin: null,
        });
        await expectCode("NOT_FOUND", store.chatSessions.update(newId("chat-session"), { expiresAt: 1 }));
      });

      test("come with a conversation or not at all, and may start another", async () => {
        const { session, conversation } = await openChat(tenantId);
        const another = aChatSession({ tenantId });
        await expectCode(
          "CONFLICT",
          store.chatSessions.create(another, "x", { ...conversation, sessionId: another.id }, []),
        );
        expect(await store.chatSessions.findByTokenHash("x")).toBeNull();

        const next = aConversation(session, { id: newId("conversation") });
        await ask(session);
        expect(await store.chatSessions.startConversation(session, next, [])).toBeNull();

        expect((await store.chatSessions.findByTokenHash(`token-${session.id}`))?.conversationId).toBe(
          next.id,
        );
        expect((await store.conversations.get(tenantId, conversation.id)).messageCount).toBe(1);
      });

      test("start no conversation beside one that nobody has used, however many ask for it at once", async () => {
        const { session } = await openChat(tenantId);
        const start = () => {
          const next = aConversation(session, { id: newId("conversation") });
          return store.chatSessions.startConversation(session, next, []);
        };

        expect(await start()).toBe(session.conversationId);
        await ask(session);
        const [first, ...others] = await Promise.all([start(), start(), start()]);

        const current = (await store.chatSessions.findByTokenHash(`token-${session.id}`))?.conversationId;
        expect([first, ...others]).toEqual([null, current ?? null, current ?? null]);
        const gone = aChatSession({ tenantId });
        await expectCode("NOT_FOUND", store.chatSessions.startConversation(gone, aConversation(gone), []));
      });

      test("are removed once they are over, if nobody asked anything in them", async () => {
        const over = { tenantId, expiresAt: NOW };
        const { session: empty } = await openChat(tenantId, over);
        const { session: asked } = await openChat(tenantId, over);
        const { session: running } = await openChat(tenantId, { expiresAt: NOW + 1 });
        const { session: foreign } = await openChat(otherTenant, { expiresAt: NOW });
        await ask(asked);

        expect(await store.chatSessions.removeEmpty(tenantId, NOW, NOW, 10)).toBe(1);

        const isThere = async ({ id }: ChatSession) =>
          (await store.chatSessions.findByTokenHash(`token-${id}`)) !== null;
        expect(await Promise.all([empty, asked, running, foreign].map(isThere))).toEqual([
          false,
          true,
          true,
          true,
        ]);
        await expectCode("NOT_FOUND", store.conversations.get(tenantId, empty.conversationId));
        expect((await store.conversations.get(tenantId, asked.conversationId)).messageCount).toBe(1);
      });

      test("are removed as well once their last conversation is deleted for good", async () => {
        const { session } = await openChat(tenantId, { expiresAt: NOW });
        await ask(session);
        const { conversationId } = session;
        const remove = () => store.chatSessions.removeEmpty(tenantId, NOW, NOW, 10);

        await store.conversations.remove(tenantId, conversationId, NOW, [aPurge(tenantId, conversationId)]);
        expect(await remove()).toBe(0);
        await store.conversations.purge(tenantId, conversationId);

        expect(await remove()).toBe(1);
      });

      test("are removed some at a time, but for the latest of each origin of late", async () => {
        const opened = async (createdAt: number, origin: string | null) =>
          openChat(tenantId, { createdAt, origin, expiresAt: NOW });
        for (let n = 0; n < 3; n++) await opened(NOW + n, null);
        for (let n = 0; n < 3; n++) await opened(NOW + n, "https://wiki.corp");
        await opened(NOW - 10, "https://old.corp");
        const remove = () => store.chatSessions.removeEmpty(tenantId, NOW, NOW - 10, 4);

        expect([await remove(), await remove(), await remove()]).toEqual([4, 2, 0]);
        expect(await store.chatSessions.recentOrigins(tenantId, 10)).toEqual(["https://wiki.corp"]);
      });

      test("that are too many are removed oldest first, over or not, but for what is younger and was used", async () => {
        const opened = async (age: number) => {
          const { session } = await openChat(tenantId, { createdAt: NOW - age, expiresAt: NOW + 1 });
          return session;
        };
        const [oldest, older, asked, old, young] = [
          await opened(50),
          await opened(40),
          await opened(35),
          await opened(30),
          await opened(10),
        ];
        await ask(asked);
        await openChat(otherTenant, { createdAt: NOW - 99, expiresAt: NOW + 1 });
        const remove = (kept: number) => store.chatSessions.removeSurplus(tenantId, kept, NOW - 20, 2);

        expect([await remove(4), await remove(2)]).toEqual([0, 2]);
        const isThere = async ({ id }: ChatSession) =>
          (await store.chatSessions.findByTokenHash(`token-${id}`)) !== null;
        expect(await Promise.all([oldest, older, asked, old, young].map(isThere))).toEqual([
          false,
          false,
          true,
          true,
          true,
        ]);
        expect([await remove(0), await remove(0)]).toEqual([1, 0]);
      });

      test("never get a sequence number twice, also after a restart", async () => {
        const { session } = await openChat(tenantId);

        const firsts = await Promise.all([
          store.chatSessions.reserveSequence(session.id, 10),
          store.chatSessions.reserveSequence(session.id, 5),
        ]);
        await reopen();

        expect(firsts).toEqual([1, 11]);
        expect(await store.chatSessions.reserveSequence(session.id, 1)).toBe(16);
        await expectCode("NOT_FOUND", store.chatSessions.reserveSequence(newId("chat-session"), 1));
      });

      test("remember the origins of their tenant, newest first, each once", async () => {
        const origins = ["https://a", "https://b", "https://a", null];
        for (const [index, origin] of origins.entries()) {
          const session = aChatSession({ tenantId, origin, createdAt: NOW + index });
          await store.chatSessions.create(session, session.id, aConversation(session), []);
        }
        await openChat(otherTenant);

        expect(await store.chatSessions.recentOrigins(tenantId, 10)).toEqual(["https://a", "https://b"]);
        expect(await store.chatSessions.recentOrigins(tenantId, 1)).toEqual(["https://a"]);
      });
    });

    describe("turns", () => {
      test("keep the question, name the conversation after the first, and remember the page", async () => {
        const { session, conversation } = await openChat(tenantId);
        const question = aQuestion({
          conversationId: conversation.id,
          content: `  How\nlong ${"x".repeat(200)}`,
        });
        const turn = { tenantId, sessionId: session.id, conversationId: conversation.id };

        const { duplicate } = await store.turns.acceptQuestion({
          ...turn,
          question,
          page: { url: "https://intranet/hr", title: "HR" },
          jobs: [],
        });
        await ask(session, { content: "And then?" });

        expect(duplicate).toBeNull();
        const stored = await store.conversations.get(tenantId, conversation.id);
        expect(stored.title).toStartWith("How long xxx");
        expect(stored.title?.length).toBeLessThanOrEqual(80);
        expect(stored).toMatchObject({ messageCount: 2, page: { url: "https://intranet/hr", title: "HR" } });
        expect((await store.conversations.messages(tenantId, conversation.id))[0]).toEqual(question);
      });

      test("store a question that is sent again once, and say how it was answered", async () => {
        const { session, conversation } = await openChat(tenantId);
        const question = await ask(session, { clientId: "client-once" });
        const again = aQuestion({
          conversationId: conversation.id,
          clientId: "client-once",
          content: "changed",
        });
        const turn = {
          tenantId,
          sessionId: session.id,
          conversationId: conversation.id,
          question: again,
          page: null,
          jobs: [],
        };

        expect(await store.turns.acceptQuestion(turn)).toEqual({ duplicate: { question, answer: null } });
        const answered = await answer(session, question);
        expect(await store.turns.acceptQuestion(turn)).toEqual({ duplicate: { question, answer: answered } });

        expect(await store.conversations.messages(tenantId, conversation.id)).toHaveLength(2);
        const { session: another } = await openChat(tenantId);
        await ask(another, { clientId: "client-once" });
        expect(await store.conversations.messages(tenantId, another.conversationId)).toHaveLength(1);
      });

      test("refuse a question to a conversation that is not the session's or is deleted", async () => {
        const { session } = await openChat(tenantId);
        const { session: another } = await openChat(tenantId);
        const turn = {
          tenantId,
          sessionId: session.id,
          conversationId: another.conversationId,
          question: aQuestion({ conversationId: another.conversationId }),
          page: null,
          jobs: [],
        };

        await expectCode("NOT_FOUND", store.turns.acceptQuestion(turn));

        const purge = aPurge(tenantId, session.conversationId, NOW, "purge-conversation");
        await store.conversations.remove(tenantId, session.conversationId, NOW, [purge]);
        const question = aQuestion({ conversationId: session.conversationId });
        const late = { ...turn, conversationId: session.conversationId, question };
        await expectCode("NOT_FOUND", store.turns.acceptQuestion(late));
      });

      test("allow one answer at a time in a conversation", async () => {
        const { session } = await openChat(tenantId);
        const question = await ask(session);
        const conversationId = session.conversationId;

        const attempts = [1, 2, 3].map(() =>
          store.turns.beginAnswer(tenantId, question.id, anAnswer({ conversationId })),
        );
        const outcomes = await Promise.allSettled(attempts);

        expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        expect(
          outcomes.flatMap((outcome) => (outcome.status === "rejected" ? outcome.reason.code : [])),
        ).toEqual(["TURN_RUNNING", "TURN_RUNNING"]);
        expect((await store.conversations.get(tenantId, conversationId)).messageCount).toBe(2);
        const unknown = store.turns.beginAnswer(tenantId, newId("message"), anAnswer({ conversationId }));
        await expectCode("NOT_FOUND", unknown);
      });

      test("finish with everything about the answer in one write", async () => {
        const { session } = await openChat(tenantId);
        const citation: PassageCitation = {
          kind: "passage",
          n: 1,
          chunk: newId("chunk"),
          source: newId("source"),
          title: "Handbook",
          text: "26 weeks",
        };
        const rows = aToolCitation({ n: 2, rows: [["9007199254740993", "12.50", null, true]] });
        const answered = await answer(session, await ask(session), { citations: [citation, rows] });

        expect(await store.conversations.findMessage(tenantId, answered.id)).toEqual(answered);
        expect(await store.conversations.findTrace(tenantId, answered.id)).toEqual(aTrace());
        expect(await store.conversations.get(tenantId, session.conversationId)).toMatchObject({
          lastOutcome: "answered",
          updatedAt: NOW + 10,
        });
        const unknown = anAnswer({ conversationId: session.conversationId });
        await expectCode("NOT_FOUND", store.turns.finishAnswer(tenantId, unknown, aTrace(), NO_USE, NOW, []));
        await answer(session, await ask(session), { abstained: true });
        expect((await store.conversations.get(tenantId, session.conversationId)).lastOutcome).toBe(
          "abstained",
        );
      });

      test("to small talk are no outcome: the conversation is as its latest question ended", async () => {
        const { session } = await openChat(tenantId);
        const { conversationId } = session;
        const shown = () => store.conversations.get(tenantId, conversationId);
        const filtered = async (lastOutcome: "small-talk" | "answered") =>
          (await store.conversations.list(tenantId, { lastOutcome }, FIRST_PAGE)).items.map(({ id }) => id);
        const hello = await ask(session, { content: "Hello" });
        expect((await shown()).lastOutcome).toBeNull();

        const greeted = await answer(session, hello, { smallTalk: "greeting", followUps: ["How long?"] });
        expect(await store.conversations.findMessage(tenantId, greeted.id)).toEqual(greeted);
        expect((await store.conversations.findMessage(tenantId, hello.id))?.smallTalk).toBe("greeting");
        expect(await shown()).toMatchObject({ lastOutcome: "small-talk", title: "Hello" });
        expect(await filtered("small-talk")).toContain(conversationId);
        const search = { lastOutcome: "small-talk" as const, textContains: "HELLO" };
        const found = await store.conversations.list(tenantId, search, FIRST_PAGE);
        expect(found.items).toMatchObject([{ id: conversationId, lastOutcome: "small-talk" }]);

        await answer(session, await ask(session, { content: "How long is leave?" }));
        await answer(session, await ask(session, { content: "Thanks" }), { smallTalk: "thanks" });
        expect(await shown()).toMatchObject({ lastOutcome: "answered", title: "How long is leave?" });
        expect(await filtered("small-talk")).not.toContain(conversationId);
        expect(await filtered("answered")).toContain(conversationId);
      });

      test("that the end of the process cut off are interrupted with the text so far", async () => {
        const { session } = await openChat(tenantId);
        const question = await ask(session);
        const begun = anAnswer({ conversationId: session.conversationId });
        await store.turns.beginAnswer(tenantId, question.id, begun);
        const append = (text: string) => store.turns.appendPartials([{ tenantId, answerId: begun.id, text }]);
        await append("26 ");
        await append("we");
        await reopen();

        expect(await store.turns.interruptUnfinished(NOW + 20, [])).toBe(1);
        expect(await store.turns.interruptUnfinished(NOW + 21, [])).toBe(0);

        const stored = await store.conversations.findMessage(tenantId, begun.id);
        expect(stored).toMatchObject({ status: "interrupted", content: "26 we" });
        const conversation = await store.conversations.get(tenantId, session.conversationId);
        expect(conversation).toMatchObject({ lastOutcome: "interrupted", updatedAt: NOW + 20 });
        await append("late");
        expect((await store.conversations.findMessage(tenantId, begun.id))?.content).toBe("26 we");
        await answer(session, await ask(session));
      });

      test("recall the latest finished messages before a question, oldest first", async () => {
        const { session } = await openChat(tenantId);
        const contents: string[] = [];
        for (const content of ["one", "two"]) {
          await answer(session, await ask(session, { content }), { content: `${content}!` });
          contents.push(content, `${content}!`);
        }
        const question = await ask(session, { content: "three" });
        await store.turns.beginAnswer(
          tenantId,
          question.id,
          anAnswer({ conversationId: session.conversationId }),
        );

        const recent = await store.turns.recent(tenantId, session.conversationId, question.id, 3);

        expect(recent.map(({ content }) => content)).toEqual(contents.slice(-3));
      });
    });

    describe("conversations", () => {
      test("are listed by latest activity, only those with a message, page by page", async () => {
        const sessions: ChatSession[] = [];
        for (let index = 0; index < 3; index++) {
          const { session } = await openChat(tenantId);
          await ask(session, { content: `Question ${index}`, createdAt: NOW + (index % 2) });
          sessions.push(session);
        }
        await openChat(tenantId);

        const whole = await store.conversations.list(tenantId, {}, FIRST_PAGE);
        const first = await store.conversations.list(tenantId, {}, { cursor: null, limit: 2 });
        const second = await store.conversations.list(tenantId, {}, { cursor: first.nextCursor, limit: 2 });

        expect(whole.items.map(({ title }) => title)).toEqual(["Question 1", "Question 2", "Question 0"]);
        expect([...first.items, ...second.items]).toEqual(whole.items);
      });

      test("are searched in titles and messages, in any case, and filtered by outcome", async () => {
        const { session } = await openChat(tenantId);
        await answer(session, await ask(session), { content: "Über 26 Wochen" });
        const { session: another } = await openChat(tenantId);
        await answer(another, await ask(another, { content: "Other" }), {
          status: "failed",
          errorCode: "PROVIDER_TIMEOUT",
        });

        const found = async (filter: Parameters<typeof store.conversations.list>[1]) =>
          (await store.conversations.list(tenantId, filter, FIRST_PAGE)).items.map(({ id }) => id);

        expect(await found({ textContains: "über" })).toEqual([session.conversationId]);
        expect(await found({ textContains: "%" })).toEqual([]);
        expect(await found({ lastOutcome: "failed" })).toEqual([another.conversationId]);
        expect(await found({ textContains: "OTHER", lastOutcome: "answered" })).toEqual([]);
      });

      describe("are filtered", () => {
        const found = async (filter: ConversationFilter, textContains?: string) => {
          const whole = { ...filter, ...(textContains && { textContains }) };
          const { items } = await store.conversations.list(tenantId, whole, FIRST_PAGE);
          const ids = await store.conversations.listIds(tenantId, whole, FIRST_PAGE);
          expect(ids).toEqual({ items: items.map(({ id }) => id), nextCursor: null });
          return items.map(({ title }) => title);
        };
        const said = async (content: string, changes: Partial<Message> = {}, trace?: Partial<TurnTrace>) => {
          const { session } = await openChat(tenantId);
          const question = await ask(session, { content, language: changes.language ?? null });
          const begun = anAnswer({ conversationId: session.conversationId });
          await store.turns.beginAnswer(tenantId, question.id, begun);
          const finished = { ...begun, status: "complete" as const, content: "It is so.", ...changes };
          const at = finished.createdAt;
          await store.turns.finishAnswer(tenantId, finished, aTrace(trace), NO_USE, at, []);
          return { session, id: session.conversationId, answer: finished };
        };

        test("by what their messages are: rating, language, abstention, tools, provider", async () => {
          const rated = await said("Rated?", { language: "eng", createdAt: NOW + 1 });
          await said("Frage?", { language: "deu", abstained: true, createdAt: NOW + 2 });
          const call = { name: "stock", arguments: "{}", result: "1", ms: 1 };
          await said("Stock?", { createdAt: NOW + 3 }, { toolCalls: [call], provider: "openai" });
          await store.conversations.rate(rated.session.id, rated.answer.id, "helpful", null, NOW, []);

          expect(await found({ rating: "helpful" })).toEqual(["Rated?"]);
          expect(await found({ rating: "unhelpful" })).toEqual([]);
          expect(await found({ language: "deu" })).toEqual(["Frage?"]);
          expect(await found({ language: "de" })).toEqual([]);
          expect(await found({ abstained: true })).toEqual(["Frage?"]);
          expect(await found({ abstained: false })).toEqual(["Stock?", "Rated?"]);
          expect(await found({ tools: true })).toEqual(["Stock?"]);
          expect(await found({ tools: false, provider: "extractive" })).toEqual(["Frage?", "Rated?"]);
          expect(await found({ provider: "openai" })).toEqual(["Stock?"]);
          expect(await found({ provider: "openai" }, "RATED")).toEqual([]);
          expect(await found({ provider: "extractive" }, "?")).toEqual(["Frage?", "Rated?"]);
          expect(await store.conversations.filterValues(tenantId)).toEqual({
            ...{ languages: ["deu", "eng"], providers: ["extractive", "openai"] },
          });
          expect(await store.conversations.filterValues(otherTenant)).toEqual({
            languages: [],
            providers: [],
          });

          await store.conversations.rate(rated.session.id, rated.answer.id, "unhelpful", null, NOW, []);
          expect(await found({ rating: "helpful" })).toEqual([]);
          expect(await found({ rating: "unhelpful" }, "rated")).toEqual(["Rated?"]);
        });

        test("by their latest activity, from a moment on and before another, and by their ids", async () => {
          const ids = [];
          for (const n of [1, 2, 3]) ids.push((await said(`${n}?`, { createdAt: NOW + n })).id);

          expect(await found({ from: NOW + 2 })).toEqual(["3?", "2?"]);
          expect(await found({ to: NOW + 2 })).toEqual(["1?"]);
          expect(await found({ from: NOW + 2, to: NOW + 3 }, "?")).toEqual(["2?"]);
          expect(await found({ ids: ids.slice(0, 2) })).toEqual(["2?", "1?"]);
          expect(await found({ ids: ids.slice(0, 1) }, "2")).toEqual([]);
          expect(await found({ ids: [] })).toEqual([]);
          expect((await store.conversations.listIds(otherTenant, { ids }, FIRST_PAGE)).items).toEqual([]);
        });

        test("by what people set on them, which does not move them", async () => {
          const { id } = await said("Old?", { createdAt: NOW + 1 });
          await said("New?", { createdAt: NOW + 2 });
          const before = await store.conversations.get(tenantId, id);
          const marks = { flagged: true, flagReason: "Wrong", note: "Ask Ada", starred: true };

          expect(await store.conversations.mark(tenantId, id, marks)).toEqual({ ...before, ...marks });
          expect(await store.conversations.mark(tenantId, id, {})).toEqual({ ...before, ...marks });
          expect(await found({})).toEqual(["New?", "Old?"]);
          expect(await found({ flagged: true })).toEqual(["Old?"]);
          expect(await found({ flagged: false })).toEqual(["New?"]);
          expect(await found({ starred: true, flagged: true }, "old")).toEqual(["Old?"]);
          await expectCode("NOT_FOUND", store.conversations.mark(otherTenant, id, { starred: false }));
          await expectCode("NOT_FOUND", store.conversations.mark(tenantId, newId("conversation"), {}));
        });
      });

      test("are exported message by message, in pieces that join to the whole", async () => {
        const visitor = { id: "u-1", name: "Jon", email: null, groups: [] };
        const { session } = await openChat(tenantId, { visitor });
        const citation: PassageCitation = {
          ...{ kind: "passage", n: 1, chunk: newId("chunk"), source: newId("source") },
          ...{ title: "Handbook", text: "26 weeks" },
        };
        const asked = await ask(session, { content: "How long?", language: "eng" });
        const begun = anAnswer({ conversationId: session.conversationId });
        await store.turns.beginAnswer(tenantId, asked.id, begun);
        const answered: Message = {
          ...{ ...begun, status: "complete", content: "26 weeks." },
          citations: [citation, citation],
        };
        // One answer may have asked two models.
        const use = { llmConfigId: newId("llm-config"), costMicros: null, estimated: false };
        const uses: ModelUse[] = [
          { ...use, provider: "openai", model: "first", inputTokens: 5, outputTokens: null },
          { ...use, provider: "ollama", model: "second", inputTokens: 7, outputTokens: 3 },
        ];
        await store.turns.finishAnswer(tenantId, answered, aTrace(), uses, NOW + 10, []);
        await store.conversations.rate(session.id, answered.id, "helpful", null, NOW, []);
        const { session: another } = await openChat(tenantId);
        // More characters than one piece takes.
        for (let n = 0; n < 3; n++) await ask(another, { content: `${n}${"x".repeat(200_000)}` });
        const ids = [session.conversationId, newId("conversation"), another.conversationId];

        const read = async (tenant: TenantId) => {
          const pieces: ExportedMessage[][] = [];
          for (let from: TranscriptPlace | null = null; ; ) {
            const piece: Awaited<ReturnType<typeof store.conversations.transcripts>> =
              await store.conversations.transcripts(tenant, ids, from);
            pieces.push(piece.messages);
            if (piece.next === null) return pieces;
            from = piece.next;
          }
        };
        const pieces = await read(tenantId);

        expect(pieces.length).toBeGreaterThan(1);
        const messages = pieces.flat();
        expect(messages.map(({ content }) => content.slice(0, 9))).toEqual([
          ...["How long?", "26 weeks.", "0xxxxxxxx", "1xxxxxxxx", "2xxxxxxxx"],
        ]);
        expect(messages[1]).toEqual({
          ...{ conversationId: session.conversationId, messageId: answered.id, role: "assistant" },
          ...{ content: "26 weeks.", status: "complete", language: null, rating: "helpful" },
          ...{ provider: "ollama", model: "second", inputTokens: 12, outputTokens: 3 },
          ...{ sources: ["Handbook"], page: null, visitor: "u-1", createdAt: NOW },
        });
        expect(messages[0]).toMatchObject({ role: "user", language: "eng", provider: null, sources: [] });
        expect((await read(otherTenant)).flat()).toEqual([]);
      });

      describe("that are removed together", () => {
        const deletion = newId("deletion");
        const purge = (runAt = NOW + 30_000) =>
          aJob({ tenantId, kind: PURGE_CONVERSATIONS, subject: deletion, runAt });
        const opened = async (count: number) => {
          const ids: ConversationId[] = [];
          for (let n = 0; n < count; n++) {
            const { session } = await openChat(tenantId);
            await answer(session, await ask(session));
            ids.push(session.conversationId);
          }
          return ids;
        };
        const shown = async () =>
          (await store.conversations.list(tenantId, {}, FIRST_PAGE)).items.map(({ id }) => id).sort();

        test("are hidden, but for those under legal hold, and come back whole", async () => {
          const ids = await opened(3);
          const [held = newId("conversation")] = ids;
          await store.conversations.mark(tenantId, held, { legalHold: true });
          const before = await store.conversations.list(tenantId, {}, FIRST_PAGE);

          expect(await store.conversations.removeMany(otherTenant, ids, deletion, purge(), [])).toBe(0);
          expect(await store.conversations.removeMany(tenantId, ids, deletion, purge(), [])).toBe(2);
          expect(await store.conversations.removeMany(tenantId, ids, deletion, purge(), [])).toBe(0);
          expect(await shown()).toEqual([held]);
          await expectCode("CONFLICT", store.conversations.remove(tenantId, held, NOW, []));
          expect(await store.conversations.idsOfDeletion(otherTenant, deletion, 10)).toEqual([]);
          const hidden = await store.conversations.idsOfDeletion(tenantId, deletion, 10);
          expect(hidden.sort()).toEqual(ids.slice(1).sort());

          await expectCode(
            "NOT_FOUND",
            store.conversations.restoreMany(otherTenant, deletion, hidden, NOW, []),
          );
          await store.conversations.restoreMany(tenantId, deletion, hidden.slice(0, 1), NOW, []);
          await store.conversations.restoreMany(tenantId, deletion, hidden.slice(1), NOW, []);
          expect(await store.conversations.list(tenantId, {}, FIRST_PAGE)).toEqual(before);
          expect(await claim(NOW + 90_000_000, 1_000, { [PURGE_CONVERSATIONS]: 0 })).toBeNull();
        });

        test("can each be restored alone, and are gone for good once the purge has begun", async () => {
          const ids = await opened(3);
          await store.conversations.removeMany(tenantId, ids.slice(0, 2), deletion, purge(NOW), []);
          await store.conversations.removeMany(tenantId, ids.slice(2), deletion, purge(NOW + 10), []);
          const [first = newId("conversation"), second = newId("conversation")] = ids;
          expect((await store.conversations.restore(tenantId, first, NOW, [])).id).toBe(first);
          // It waits for what was hidden last.
          expect(await claim(NOW, 1_000, { [PURGE_CONVERSATIONS]: 0 })).toBeNull();

          expect(await claim(NOW + 10, 1_000, { [PURGE_CONVERSATIONS]: 0 })).not.toBeNull();
          await expectCode("NOT_FOUND", store.conversations.restore(tenantId, second, NOW, []));
          await expectCode("NOT_FOUND", store.conversations.restoreMany(tenantId, deletion, ids, NOW, []));
          while (await store.conversations.purgeMany(tenantId, deletion));

          expect(await shown()).toEqual([first]);
          expect(await store.conversations.idsOfDeletion(tenantId, deletion, 10)).toEqual([]);
          expect((await store.conversations.transcripts(tenantId, ids, null)).messages).toHaveLength(2);
        });
      });

      test("lose how their answers came about after a while, but for those under legal hold", async () => {
        const asked = async () => {
          const { session } = await openChat(tenantId);
          return answer(session, await ask(session));
        };
        const [one, held, other] = [await asked(), await asked(), await asked()];
        await store.conversations.mark(tenantId, held.conversationId, { legalHold: true });

        expect(await store.conversations.removeTraces(tenantId, NOW + 10, 5)).toBe(0);
        expect(await store.conversations.removeTraces(otherTenant, NOW + 11, 5)).toBe(0);
        expect(await store.conversations.removeTraces(tenantId, NOW + 11, 1)).toBe(1);
        expect(await store.conversations.removeTraces(tenantId, NOW + 11, 5)).toBe(1);
        const left = await Promise.all(
          [one, held, other].map(({ id }) => store.conversations.findTrace(tenantId, id)),
        );
        expect(left.map((trace) => trace !== null)).toEqual([false, true, false]);
        expect(await store.conversations.messages(tenantId, one.conversationId)).toHaveLength(2);
      });

      test("are kept for as many days as a tenant says, which others have nothing to do with", async () => {
        const nothing = { conversationDays: null, traceDays: null };
        expect(await store.retention.get(tenantId)).toEqual(nothing);
        await store.retention.replace(tenantId, { conversationDays: 30, traceDays: null }, NOW);
        await store.retention.replace(tenantId, { conversationDays: 90, traceDays: 7 }, NOW + 1);
        await reopen();

        expect(await store.retention.get(tenantId)).toEqual({ conversationDays: 90, traceDays: 7 });
        expect(await store.retention.get(otherTenant)).toEqual(nothing);
      });

      test("take a rating for a finished answer of the same session, the latest counts", async () => {
        const { session } = await openChat(tenantId);
        const question = await ask(session);
        const answered = await answer(session, question);
        await store.conversations.rate(session.id, answered.id, "helpful", null, NOW, []);
        await store.conversations.rate(session.id, answered.id, "unhelpful", "Wrong.", NOW + 1, []);
        expect((await store.conversations.findMessage(tenantId, answered.id))?.rating).toBe("unhelpful");

        const { session: another } = await openChat(tenantId);
        await expectCode(
          "NOT_FOUND",
          store.conversations.rate(another.id, answered.id, "helpful", null, NOW, []),
        );
        await expectCode(
          "NOT_FOUND",
          store.conversations.rate(session.id, question.id, "helpful", null, NOW, []),
        );
        const running = anAnswer({ conversationId: session.conversationId });
        await store.turns.beginAnswer(tenantId, question.id, running);
        await expectCode(
          "NOT_FOUND",
          store.conversations.rate(session.id, running.id, "helpful", null, NOW, []),
        );
      });

      test("that are removed are hidden at once, and restored whole while the purge waits", async () => {
        const { session } = await openChat(tenantId);
        const id = session.conversationId;
        const answered = await answer(session, await ask(session));
        const before = await store.conversations.get(tenantId, id);
        await store.conversations.remove(tenantId, id, NOW, [
          aPurge(tenantId, id, NOW + 30_000, "purge-conversation"),
        ]);

        await expectCode("NOT_FOUND", store.conversations.get(tenantId, id));
        await expectCode("NOT_FOUND", store.conversations.messages(tenantId, id));
        expect((await store.conversations.list(tenantId, {}, FIRST_PAGE)).items).toEqual([]);
        expect(await store.conversations.findMessage(tenantId, answered.id)).toBeNull();
        expect(await store.conversations.findTrace(tenantId, answered.id)).toBeNull();
        expect((await store.conversations.statistics(tenantId, 0)).questions).toBe(0);

        expect(await store.conversations.restore(tenantId, id, NOW + 1, [])).toEqual(before);
        expect(await store.conversations.messages(tenantId, id)).toHaveLength(2);
        expect(await claim(NOW + 60_000, 1_000)).toBeNull();
      });

      test("leave nothing behind when they are purged", async () => {
        const { session } = await openChat(tenantId);
        const id = session.conversationId;
        const answered = await answer(session, await ask(session));
        await store.conversations.purge(tenantId, id);
        expect(await store.conversations.messages(tenantId, id)).toHaveLength(2);
        await store.conversations.remove(tenantId, id, NOW, [
          aPurge(tenantId, id, NOW, "purge-conversation"),
        ]);

        await store.conversations.purge(tenantId, id);

        await expectCode("NOT_FOUND", store.conversations.restore(tenantId, id, NOW, []));
        expect(await store.conversations.findMessage(tenantId, answered.id)).toBeNull();
        expect(await store.conversations.findTrace(tenantId, answered.id)).toBeNull();
        await store.conversations.purge(tenantId, id);
      });

      test("are counted since a moment, with what nobody could answer", async () => {
        const { session } = await openChat(tenantId);
        const citation: PassageCitation = {
          kind: "passage",
          n: 1,
          chunk: newId("chunk"),
          source: newId("source"),
          title: "Handbook",
          text: "26 weeks",
        };
        await answer(session, await ask(session, { createdAt: NOW - 1_000 }), { citations: [citation] });
        await answer(session, await ask(session, { content: "Late?" }), {
          abstained: true,
          nearest: [citation],
        });
        await answer(session, await ask(session, { content: "Now?" }), { abstained: true });
        await answer(session, await ask(session), { status: "failed", errorCode: "PROVIDER_TIMEOUT" });
        await answer(session, await ask(session, { content: "Thanks" }), { smallTalk: "thanks" });

        expect(await store.conversations.statistics(tenantId, NOW)).toEqual({
          conversations: 1,
          questions: 3,
          answered: 1,
          abstained: 2,
          failed: 1,
          firstTokenMsP50: 2,
          questionTimes: [NOW, NOW, NOW],
          everAnswered: 1,
          unanswered: [
            { conversationId: session.conversationId, question: "Now?", nearestTitle: null },
            { conversationId: session.conversationId, question: "Late?", nearestTitle: "Handbook" },
          ],
        });
      });
    });

    describe("writes that others must hear of", () => {
      type Told = { written: boolean; jobs: number };
      const TOLD: Told = { written: true, jobs: 1 };
      const REFUSED: Told = { written: false, jobs: 0 };
      const aNotice = () => aJob({ tenantId, kind: "reanalyse" });

      /** Whether the write was done, and how many of the jobs that came with it are there. */
      async function told(write: (jobs: Job[]) => Promise<unknown>): Promise<Told> {
        const job = aNotice();
        const written = await write([job]).then(
          () => true,
          () => false,
        );
        return { written, jobs: (await store.jobs.find(job.id)) === null ? 0 : 1 };
      }

      async function anAnswered() {
        const { session } = await openChat(tenantId);
        const question = await ask(session);
        return { session, id: session.conversationId, question, answered: await answer(session, question) };
      }

      test("of a chat session queue their jobs with it, or are refused without", async () => {
        const session = aChatSession({ tenantId });
        const conversation = aConversation(session);
        const next = aConversation(session, { id: newId("conversation") });
        const create = (jobs: Job[]) => store.chatSessions.create(session, "t", conversation, jobs);
        const startNext = (jobs: Job[]) => store.chatSessions.startConversation(session, next, jobs);

        expect(await told(create)).toEqual(TOLD);
        expect(await told(create)).toEqual(REFUSED);
        await ask(session);
        expect(await told(startNext)).toEqual(TOLD);
        await ask({ ...session, conversationId: next.id });
        expect(await told(startNext)).toEqual(REFUSED);
      });

      test("of a question queue their jobs once, and a resend none", async () => {
        const { session } = await openChat(tenantId);
        const { id: sessionId, conversationId } = session;
        const question = aQuestion({ conversationId, clientId: "client-once" });
        const turn = { tenantId, sessionId, conversationId, question, page: null };
        const elsewhere = { ...turn, conversationId: newId("conversation") };
        const lost = { ...elsewhere, question: aQuestion({ conversationId: elsewhere.conversationId }) };

        expect(await told((jobs) => store.turns.acceptQuestion({ ...turn, jobs }))).toEqual(TOLD);
        expect(await told((jobs) => store.turns.acceptQuestion({ ...turn, jobs }))).toEqual({
          written: true,
          jobs: 0,
        });
        expect(await told((jobs) => store.turns.acceptQuestion({ ...lost, jobs }))).toEqual(REFUSED);
      });

      test("of an answer and its rating queue their jobs, or are refused without", async () => {
        const { session } = await openChat(tenantId);
        const question = await ask(session);
        const begun = anAnswer({ conversationId: session.conversationId });
        await store.turns.beginAnswer(tenantId, question.id, begun);
        const finish = (finished: Message) => (jobs: Job[]) =>
          store.turns.finishAnswer(tenantId, finished, aTrace(), NO_USE, NOW, jobs);
        const rate = (id: Message["id"]) => (jobs: Job[]) =>
          store.conversations.rate(session.id, id, "helpful", null, NOW, jobs);

        expect(await told(finish({ ...begun, status: "complete" }))).toEqual(TOLD);
        expect(await told(finish({ ...begun, status: "failed" }))).toEqual(REFUSED);
        expect((await store.conversations.findMessage(tenantId, begun.id))?.status).toBe("complete");
        expect(await told(finish(anAnswer({ conversationId: session.conversationId })))).toEqual(REFUSED);
        expect(await told(rate(begun.id))).toEqual(TOLD);
        expect(await told(rate(question.id))).toEqual(REFUSED);
      });

      test("of a conversation queue their jobs, which outlive it, or are refused without", async () => {
        const { id } = await anAnswered();
        const removal = aJob({ tenantId, kind: "reanalyse", subject: id });
        const remove = (jobs: Job[]) =>
          store.conversations.remove(tenantId, id, NOW, [
            aPurge(tenantId, id, NOW, "purge-conversation"),
            ...jobs,
          ]);
        const restore = (jobs: Job[]) => store.conversations.restore(tenantId, id, NOW, jobs);

        expect(await told(restore)).toEqual(REFUSED);
        expect(await told(remove)).toEqual(TOLD);
        expect(await told(remove)).toEqual(REFUSED);
        expect(await told(restore)).toEqual(TOLD);
        await remove([removal]);
        await store.conversations.purge(tenantId, id);
        expect(await told(restore)).toEqual(REFUSED);
        expect(await store.jobs.find(removal.id)).toMatchObject({ state: "queued" });
      });

      test("of answers that a dead process left queue their jobs with the end of all of them", async () => {
        const { session, id } = await anAnswered();
        const begun = anAnswer({ conversationId: id });
        await store.turns.beginAnswer(tenantId, (await ask(session)).id, begun);
        await reopen();

        expect(await store.turns.unfinished()).toEqual([
          { tenantId, conversationId: id, messageId: begun.id },
        ]);
        expect(await told((jobs) => store.turns.interruptUnfinished(NOW, jobs))).toEqual(TOLD);
        expect(await store.turns.unfinished()).toEqual([]);
      });

      test("are not done when their jobs cannot be queued", async () => {
        const { session, id, answered } = await anAnswered();
        const taken = aNotice();
        await store.jobs.create(taken);
        const question = aQuestion({ conversationId: id });

        await expectCode(
          "CONFLICT",
          store.turns.acceptQuestion({
            ...{ tenantId, sessionId: session.id, conversationId: id, question, page: null },
            jobs: [aNotice(), taken],
          }),
        );
        await expectCode(
          "CONFLICT",
          store.conversations.rate(session.id, answered.id, "helpful", null, NOW, [taken]),
        );
        await expectCode("CONFLICT", store.conversations.remove(tenantId, id, NOW, [taken]));

        const messages = await store.conversations.messages(tenantId, id);
        expect(messages).toHaveLength(2);
        expect(messages[1]?.rating).toBeNull();
      });
    });

    describe("what the instance may call", () => {
      const use = (changes: Partial<EgressUse> = {}): EgressUse => ({
        ...{ destination: "crm.corp:443", purpose: "tool", tenantId, outcome: "allowed", calls: 1 },
        ...{ sentBytes: 10, receivedBytes: 20, firstAt: NOW, lastAt: NOW },
        ...changes,
      });

      test("keeps the operator's entries in their order, until others take their place", async () => {
        expect(await store.egress.allowed()).toEqual([]);
        await store.egress.replaceAllowed(["b.corp:1", "a.corp:2"]);
        await reopen();
        expect(await store.egress.allowed()).toEqual(["b.corp:1", "a.corp:2"]);
        await store.egress.replaceAllowed([]);
        expect(await store.egress.allowed()).toEqual([]);
      });

      test("adds up what was called, apart by destination, purpose, tenant and outcome", async () => {
        const others = [
          use({ destination: "crm.corp:444", lastAt: NOW + 1 }),
          use({ purpose: "database", lastAt: NOW + 2 }),
          use({ tenantId: null, lastAt: NOW + 3 }),
          use({ outcome: "refused", lastAt: NOW + 4 }),
        ];
        await store.egress.record([use({ firstAt: NOW - 5 }), ...others]);
        await store.egress.record([use({ calls: 2, sentBytes: 1, firstAt: NOW + 9, lastAt: NOW + 9 })]);
        await reopen();

        expect((await store.egress.uses(FIRST_PAGE)).items).toEqual([
          use({ calls: 3, sentBytes: 11, receivedBytes: 40, firstAt: NOW - 5, lastAt: NOW + 9 }),
          ...others.toReversed(),
        ]);
      });

      test("gives the ledger page by page, latest first", async () => {
        const uses = Array.from({ length: 7 }, (_, n) =>
          use({ destination: `h${n}:1`, lastAt: NOW + (n >> 1) }),
        );
        await store.egress.record(uses);
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<EgressUse> = await store.egress.uses({ cursor, limit: 3 });
          seen.push(...page.items.map(({ destination }) => destination));
          cursor = page.nextCursor;
        } while (cursor !== null);

        expect(seen.toSorted()).toEqual(uses.map(({ destination }) => destination));
        expect(seen[0]).toBe("h6:1");
        await expectCode("VALIDATION", store.egress.uses({ cursor: "nonsense", limit: 3 }));
      });

      test("keeps the latest of what was refused, and everything that was called", async () => {
        const many = Array.from({ length: EGRESS_REFUSED_KEPT + 5 }, (_, n) =>
          use({ destination: `h${n}:1`, outcome: "refused", lastAt: NOW + n }),
        );
        await store.egress.record([use({ lastAt: NOW - 1 }), ...many]);
        let kept = 0;
        let cursor: string | null = null;
        let last: EgressUse | undefined;
        do {
          const page: Page<EgressUse> = await store.egress.uses({ cursor, limit: 200 });
          kept += page.items.length;
          last = page.items.at(-1);
          cursor = page.nextCursor;
        } while (cursor !== null);

        expect(kept).toBe(EGRESS_REFUSED_KEPT + 1);
        expect(last?.outcome).toBe("allowed");
      });
    });

    describe("audit", () => {
      test("lists entries newest first, by tenant or all of them, page by page", async () => {
        const entry = {
          at: NOW,
          actor: "system",
          address: null,
          requestId: null,
          target: null,
          changes: null,
        };
        await store.audit.append({ ...entry, tenantId, action: "source.remove", changes: { title: "x" } });
        await store.audit.append({ ...entry, tenantId: otherTenant, action: "other.thing" });
        await store.audit.append({ ...entry, tenantId: null, action: "sign-in.failed" });

        const first = await store.audit.list(null, { cursor: null, limit: 2 });
        const rest = await store.audit.list(null, { cursor: first.nextCursor, limit: 2 });
        const own = await store.audit.list(tenantId, FIRST_PAGE);

        const actions = [...first.items, ...rest.items].map(({ action }) => action);
        expect(actions).toEqual(["sign-in.failed", "other.thing", "source.remove"]);
        expect(own.items).toEqual([
          expect.objectContaining({ action: "source.remove", changes: { title: "x" } }),
        ]);
      });
    });

    describe("another tenant", () => {
      test("gets no source, chunk or job of this one, whatever it asks", async () => {
        const { source, document, chunks } = await addSource(
          tenantId,
          ["secret leave"],
          {},
          { contentHash: "secret" },
        );
        await store.jobs.create(aJob({ tenantId, subject: document.id }));
        await addSource(otherTenant, ["weaker leave and much else besides"]);
        const purge = aPurge(otherTenant, source.id);
        const chunkId = chunkIds(chunks);

        await expectCode("NOT_FOUND", store.sources.get(otherTenant, source.id));
        await expectCode("NOT_FOUND", store.sources.update(otherTenant, source.id, { title: "mine" }));
        const documentOfOther = { ...document, tenantId: otherTenant };
        await expectCode("NOT_FOUND", store.documents.get(otherTenant, document.id));
        await expectCode("NOT_FOUND", store.documents.list(otherTenant, source.id, {}, FIRST_PAGE));
        await expectCode("NOT_FOUND", store.documents.update(otherTenant, document.id, { title: "mine" }));
        await expectCode(
          "NOT_FOUND",
          store.documents.create(otherTenant, source.id, [{ ...documentOfOther, id: newId("document") }], []),
        );
        await expectCode(
          "NOT_FOUND",
          store.documents.requeue(otherTenant, [aJob({ tenantId: otherTenant, subject: document.id })]),
        );
        await expectCode("NOT_FOUND", store.sources.remove(otherTenant, source.id, NOW, purge));
        await expectCode("NOT_FOUND", store.chunks.list(otherTenant, source.id, {}, FIRST_PAGE));
        await expectCode("NOT_FOUND", replace(documentOfOther, [aChunk({ sourceId: source.id })]));
        expect(await store.documents.findByContentHash(otherTenant, "secret")).toBeNull();
        expect((await store.sources.list(otherTenant, {}, "newest", FIRST_PAGE)).items).toHaveLength(1);
        expect((await store.sources.counts(otherTenant)).all).toBe(1);
        expect(await store.chunks.findMany(otherTenant, chunkId)).toEqual([]);
        expect(await store.chunks.neighbours(otherTenant, document.id, 0, 9)).toEqual([]);
        expect(await store.jobs.listActive(otherTenant, ["ingest"])).toEqual([]);
        expect(await store.sources.get(tenantId, source.id)).toEqual(source);

        await store.sources.remove(tenantId, source.id, NOW, aPurge(tenantId, source.id));
        await expectCode("NOT_FOUND", store.sources.restore(otherTenant, source.id, NOW));
        expect(await store.sources.filesToPurge(otherTenant, source.id)).toEqual([]);
        await store.sources.purge(otherTenant, source.id);
        await store.sources.restore(tenantId, source.id, NOW);
        expect((await store.chunks.list(tenantId, source.id, {}, FIRST_PAGE)).items).toHaveLength(1);
      });

      test("does not see, nor feel in its scores, what this one has", async () => {
        await addSource(otherTenant, ["weaker leave and much else besides", "nothing"]);
        const query = { words: [["leave"], ["secret"]] };
        const alone = await store.chunks.searchByTerms(otherTenant, query, 10);

        await addSource(
          tenantId,
          Array.from({ length: 200 }, (_, index) => `secret leave ${index}`),
        );

        expect(await store.chunks.searchByTerms(otherTenant, query, 10)).toEqual(alone);
        expect(alone.rows).toHaveLength(1);
        expect(await store.chunks.findByRows(tenantId, [...alone.rows])).toEqual(new Map());
        expect(await store.chunks.languages(otherTenant)).toEqual(["eng"]);
        expect(await search(newId("tenant"), "leave")).toEqual([]);
      });

      test("gets no conversation, message or trace of this one, whatever it asks", async () => {
        const { session } = await openChat(tenantId);
        const id = session.conversationId;
        const question = await ask(session);
        const answered = await answer(session, question);
        const purge = aPurge(otherTenant, id, NOW, "purge-conversation");

        await expectCode("NOT_FOUND", store.conversations.get(otherTenant, id));
        await expectCode("NOT_FOUND", store.conversations.messages(otherTenant, id));
        await expectCode("NOT_FOUND", store.conversations.remove(otherTenant, id, NOW, [purge]));
        await expectCode("NOT_FOUND", store.turns.recent(otherTenant, id, question.id, 9));
        const begun = anAnswer({ conversationId: id });
        await expectCode("NOT_FOUND", store.turns.beginAnswer(otherTenant, question.id, begun));
        await expectCode(
          "NOT_FOUND",
          store.turns.finishAnswer(otherTenant, answered, aTrace(), NO_USE, NOW, []),
        );
        const turn = {
          tenantId: otherTenant,
          sessionId: session.id,
          conversationId: id,
          page: null,
          jobs: [],
        };
        const foreign = { ...turn, question: aQuestion({ conversationId: id }) };
        await expectCode("NOT_FOUND", store.turns.acceptQuestion(foreign));
        expect(await store.conversations.findMessage(otherTenant, answered.id)).toBeNull();
        expect(await store.conversations.findTrace(otherTenant, answered.id)).toBeNull();
        expect((await store.conversations.list(otherTenant, {}, FIRST_PAGE)).items).toEqual([]);
        expect(
          (await store.conversations.list(otherTenant, { textContains: "leave" }, FIRST_PAGE)).items,
        ).toEqual([]);
        const statistics = await store.conversations.statistics(otherTenant, 0);
        expect(statistics).toMatchObject({ conversations: 0, questions: 0, everAnswered: 0, unanswered: [] });
        expect(await store.chatSessions.recentOrigins(otherTenant, 9)).toEqual([]);

        const running = anAnswer({ conversationId: id });
        await store.turns.beginAnswer(tenantId, question.id, running);
        await store.turns.appendPartials([
          { tenantId: otherTenant, answerId: running.id, text: "overwritten" },
        ]);
        expect((await store.conversations.findMessage(tenantId, running.id))?.content).toBe("");

        const own = aPurge(tenantId, id, NOW, "purge-conversation");
        await store.conversations.remove(tenantId, id, NOW, [own]);
        await store.conversations.purge(otherTenant, id);
        await expectCode("NOT_FOUND", store.conversations.restore(otherTenant, id, NOW, []));
        await store.conversations.restore(tenantId, id, NOW, []);
        expect(await store.conversations.messages(tenantId, id)).toHaveLength(3);
      });
    });

    test("remembers one reranker at a time, or none, over a restart", async () => {
      const [first, second] = ["first", "second"].map((model, n) => ({
        ...{ model, chosenAt: NOW + n },
        scale: { related: 3.25, unrelated: -7.5 },
      }));
      expect(await store.reranker.findActive()).toBeNull();

      for (const reranker of [first, second]) await store.reranker.replace(reranker ?? null);
      await reopen();
      expect(await store.reranker.findActive()).toEqual(second ?? null);

      await store.reranker.replace(null);
      expect(await store.reranker.findActive()).toBeNull();
    });

    test("acknowledges many writes at once, and one that fails among them fails alone", async () => {
      const tenants = Array.from({ length: 200 }, (_, n) => aTenant({ createdAt: NOW + 10 + n }));
      const twin = tenants[100] as (typeof tenants)[number];
      const taken = await store.tenants.get(tenantId);
      tenants[100] = { ...twin, slug: taken.slug };

      const outcomes = await Promise.allSettled(
        tenants.map((tenant) =>
          store.tenants.create(tenant, userId, aWidget(), anLlmConfig({ tenantId: tenant.id })),
        ),
      );

      expect(outcomes.flatMap(({ status }, place) => (status === "rejected" ? [place] : []))).toEqual([100]);
      await expectCode("NOT_FOUND", store.tenants.get(twin.id));
      await expectCode("NOT_FOUND", store.widgets.get(twin.id));
      await reopen();
      expect(await store.tenants.list()).toHaveLength(201);
    });

    test("shows a write to whoever asks after it was acknowledged, while others write and read", async () => {
      const busy = Array.from({ length: 50 }, (_, n) => store.throttles.hit(`other-${n}`, 1_000, NOW));
      const lists = Array.from({ length: 10 }, () => store.conversations.list(tenantId, {}, FIRST_PAGE));
      for (let count = 1; count <= 20; count++) {
        await store.throttles.hit("mine", 1_000, NOW);
        expect((await store.throttles.peek("mine", 1_000, NOW)).count).toBe(count);
      }
      await Promise.all([...busy, ...lists]);
    });

    test("keeps the writes that were called before it was closed", async () => {
      const writes = Array.from({ length: 20 }, () => store.throttles.hit("last", 1_000, NOW));
      await reopen();

      expect((await Promise.all(writes)).at(-1)?.count).toBe(20);
      expect((await store.throttles.peek("last", 1_000, NOW)).count).toBe(20);
    });

    test("answers the probe of a health check", async () => {
      await store.check();
      await store.check();
    });
  });
}

function aPurge(
  tenantId: TenantId,
  subject: string,
  runAt = NOW,
  kind: "purge-source" | "purge-conversation" = "purge-source",
) {
  return aJob({ tenantId, kind, subject, runAt });
}

function chunkIds(chunks: IndexedChunk[]) {
  return chunks.map(({ id }) => id);
}

function withoutTerms({ titleTerms: _, headingTerms: __, contentTerms: ___, ...chunk }: IndexedChunk) {
  return chunk;
}

async function expectCode(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  const outcome = await promise.then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(outcome).toBeInstanceOf(AppError);
  expect((outcome as AppError).code).toBe(code);
}
