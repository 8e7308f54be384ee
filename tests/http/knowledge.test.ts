import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { idPattern, newId } from "../../src/domain/ids.ts";
import type {
  ChunkView,
  DocumentView,
  FormatView,
  SearchHitView,
  SourcePage,
  SourceView,
} from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { count, integrity, rows, withDatabase } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterAll(() => parley.remove());

const list = (query = "") => owner.get<SourcePage>(`/api/admin/knowledge${query}`);
const search = async (query: string) =>
  (await owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query })).items;

/** A folder of hidden sources is purged when their 30 s are over; this is then. */
async function undoIsOver(): Promise<void> {
  withDatabase(parley, (database) =>
    database.run("update jobs set run_at = 0 where kind like 'purge-%' and state = 'queued'"),
  );
  // A restart looks for due jobs at once. Cleaning up is announced to nobody, so this asks until it is done.
  await parley.restart();
  while (count(parley, "jobs where kind like 'purge-%' and state in ('queued', 'running')") > 0)
    await owner.get("/readyz");
}

describe("uploading", () => {
  test("answers one item a file in the order of the parts, a refused one with its reason", async () => {
    const { status, body } = await owner.upload(
      { name: "First.txt", content: "The canteen opens at noon." },
      { name: "broken.pdf", content: "This is no PDF." },
      { name: "empty.md", content: "" },
      { name: "program.bin", content: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0]) },
      { name: "Second.md", content: "# Parking\n\nGarage B is free." },
    );

    expect(status).toBe(202);
    expect(body.items.map(({ title, errorCode }) => [title, errorCode])).toEqual([
      ["First", null],
      ["broken", "TYPE_MISMATCH"],
      ["empty", "EMPTY_DOCUMENT"],
      ["program", "UNSUPPORTED_TYPE"],
      ["Second", null],
    ]);
    for (const { status: state, errorMessage } of body.items)
      expect(state === "failed").toBe(errorMessage !== null);
    for (const { id, status: state } of body.items)
      if (state !== "failed") expect((await owner.waitForSource(id)).chunkCount).toBeGreaterThan(0);
  });

  test("answers with the first reason when no file was taken in, and still lists them all", async () => {
    const { status, body } = await owner.upload(
      { name: "a.pdf", content: "no" },
      { name: "b.txt", content: "" },
    );

    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { code: "TYPE_MISMATCH" }, items: [{}, {}] });
  });

  test("takes parts of any media type, because content decides", async () => {
    const { status, body } = await owner.upload(
      { name: "notes.txt", content: "Keys are at the reception.", type: "application/octet-stream" },
      { name: "more.txt", content: "Badges are at the gate.", type: "image/png" },
    );

    expect(status).toBe(202);
    expect(body.items.map(({ sourceType }) => sourceType)).toEqual(["text", "text"]);
    for (const { id } of body.items) await owner.waitForSource(id);
  });

  test("tells which formats it takes, by the endings that files of them have", async () => {
    const { items } = await owner.get<{ items: FormatView[] }>("/api/admin/knowledge/formats");
    const { body } = await owner.upload(
      ...items
        .filter(({ icon }) => icon === "text" || icon === "table")
        .map(({ name, extensions }) => ({
          name: `format.${extensions[0]}`,
          content: `Taken as ${name}, for sure.`,
        })),
    );

    expect(items.length).toBeGreaterThan(5);
    for (const { sourceType } of body.items) {
      expect(items).toContainEqual(expect.objectContaining({ name: sourceType, label: expect.any(String) }));
    }
    expect(new Set(body.items.map(({ sourceType }) => sourceType)).size).toBe(body.items.length);
    for (const { id } of body.items) await owner.waitForSource(id);
  });

  test("takes the same bytes only once", async () => {
    const first = await owner.addDocument("once.txt", "Holidays are announced in May.");
    const again = await owner.upload({ name: "again.txt", content: "Holidays are announced in May." });

    expect(again.body.items[0]?.id).toBe(first.id);
    expect((await list("?q=again")).items).toEqual([]);
  });

  test.each([
    ["nothing", new FormData()],
    [
      "text in place of a file",
      (() => {
        const form = new FormData();
        form.append("file", "text");
        return form;
      })(),
    ],
    [
      "a part of another name",
      (() => {
        const form = formOf([{ name: "a.txt", content: "a" }]);
        form.append("tenantId", "x");
        return form;
      })(),
    ],
  ])("refuses %s", async (_what, form) => {
    const answer = await expectNothingPersisted(parley, () =>
      owner.call("POST", "/api/admin/knowledge/upload", form),
    );
    expect(answer.status).toBe(400);
  });

  test("refuses what is no form at all", async () => {
    const answer = await expectNothingPersisted(parley, () =>
      owner.call("POST", "/api/admin/knowledge/upload", { file: "x" }),
    );
    expect(answer.status).toBe(415);
  });

  test("shows its progress live, up to ready", async () => {
    const socket = await owner.live();
    const { body } = await owner.upload({ name: "live.md", content: "# Live\n\nThe gym opens at six." });
    const id = body.items[0]?.id ?? "";

    const frames = await socket.until(
      ({ type, source }) =>
        type === "source" && (source as SourceView).id === id && (source as SourceView).status === "ready",
    );

    expect(frames.some(({ type }) => type === "job")).toBe(true);
    await socket.close();
  });
});

describe("a source", () => {
  test("has its passages in document order, page by page", async () => {
    const sections = Array.from(
      { length: 7 },
      (_, n) => `# Section ${n}\n\nThe ${n}th rule is about item ${n}.`,
    );
    const source = await owner.addDocument("rules.md", sections.join("\n\n"));
    const chunks: ChunkView[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { items: ChunkView[]; nextCursor: string | null } = await owner.get(
        `/api/admin/knowledge/${source.id}/chunks?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(3);
      chunks.push(...page.items);
      cursor = page.nextCursor;
    }

    expect(chunks.map(({ ordinal }) => ordinal)).toEqual(chunks.map((_, n) => n));
    expect(chunks).toHaveLength(source.chunkCount);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length);
  });

  test("is renamed and tagged, each for itself, and found by its new name", async () => {
    const source = await owner.addDocument("kitchen.txt", "The kettle is descaled monthly.");

    await owner.send("PATCH", `/api/admin/knowledge/${source.id}`, { tags: ["kitchen"] });
    await owner.send("PATCH", `/api/admin/knowledge/${source.id}`, { title: "Samovar care" });

    const renamed = await owner.waitForSource(source.id);
    expect(renamed).toMatchObject({ title: "Samovar care", tags: ["kitchen"], filename: "kitchen.txt" });
    expect((await search("samovar")).map(({ source: id }) => id)).toContain(source.id);
  });

  test("is gone at once when deleted, comes back within 30 s, and not after that", async () => {
    const source = await owner.addDocument("secret.txt", "The zebra crossing is closed.");
    const path = `/api/admin/knowledge/${source.id}`;

    expect((await owner.call("DELETE", path)).status).toBe(204);
    expect((await owner.call("GET", path)).status).toBe(404);
    expect((await owner.call("GET", `${path}/chunks`)).status).toBe(404);
    expect(await search("zebra crossing")).toEqual([]);
    expect((await list("?q=secret")).items).toEqual([]);
    expect((await owner.call("DELETE", path)).status).toBe(404);

    expect((await owner.call("POST", `${path}/restore`)).status).toBe(200);
    expect((await search("zebra crossing")).map(({ source: id }) => id)).toEqual([source.id]);

    await owner.call("DELETE", path);
    await undoIsOver();
    expect((await owner.call("POST", `${path}/restore`)).status).toBe(404);
    expect(rows(parley, "select 1 from document_chunks where source_id = ?", source.id)).toEqual([]);
    const files = await readdir(join(parley.dataDirectory, "files"));
    expect(files.sort()).toEqual(
      rows(parley, "select file_id from documents where file_id is not null")
        .map(({ file_id }) => String(file_id))
        .sort(),
    );
    expect(integrity(parley)).toEqual(["ok"]);
  });

  test("is read again without a moment in which it cannot be found", async () => {
    const source = await owner.addDocument("again.txt", "The walrus statue is in the lobby.");
    const before = await search("walrus");

    const { status } = await owner.call("POST", `/api/admin/knowledge/${source.id}/reingest`);

    expect(status).toBe(202);
    expect((await search("walrus")).length).toBe(before.length);
    await owner.waitForSource(source.id);
    expect((await search("walrus")).length).toBe(before.length);
  });

  test("that was refused cannot be read again", async () => {
    const { body } = await owner.upload({ name: "refused.pdf", content: "no" });
    const answer = await owner.call("POST", `/api/admin/knowledge/${body.items[0]?.id}/reingest`);

    expect(answer.status).toBe(409);
  });
});

describe("the documents of a source", () => {
  const documentsOf = async (id: string, query = "") =>
    (await owner.get<{ items: DocumentView[] }>(`/api/admin/knowledge/${id}/documents${query}`)).items;
  const chunksOf = async (id: string, query = "") =>
    (await owner.get<{ items: ChunkView[] }>(`/api/admin/knowledge/${id}/chunks${query}`)).items;

  /** Beside the one of an uploaded file: another that reads the same original, and one that was refused. */
  async function withThreeDocuments(name: string, content: string): Promise<SourceView> {
    const source = await owner.addDocument(name, content);
    const [first] = await documentsOf(source.id);
    withDatabase(parley, (database) => {
      const columns = "tenant_id, source_id, format, byte_size, created_at, updated_at";
      const add = (id: string, title: string, status: string, file: string) =>
        database.run(
          `insert into documents (id, title, filename, status, file_id, error_message, ${columns})
           select ?, ?, ?, ?, ${file}, 'It has a password.', ${columns} from documents where id = ?`,
          [id, title, `${title}.md`, status, first?.id ?? ""],
        );
      add(newId("document"), "Second", "failed", "file_id");
      add(newId("document"), "Third", "failed", "null");
    });
    return owner.get<SourceView>(`/api/admin/knowledge/${source.id}`);
  }

  test("are one for an uploaded file, which says of itself what the source says", async () => {
    const source = await owner.addDocument("only.md", "# Doors\n\nThe door closes at nine.");

    const documents = await documentsOf(source.id);

    expect(documents).toEqual([
      {
        ...{ id: expect.stringMatching(idPattern("document")), source: source.id, title: "only" },
        ...{ filename: "only.md", format: "markdown", status: "ready", progress: null, stage: null },
        ...{ errorCode: null, errorMessage: null, warnings: [], chunkCount: source.chunkCount },
        ...{ pageCount: null, byteSize: source.byteSize, createdAt: source.createdAt },
        updatedAt: expect.any(String),
      },
    ]);
    expect(source).toMatchObject({ documentCount: 1, failedCount: 0 });
    const [chunk] = await chunksOf(source.id);
    expect(chunk?.document).toBe(documents[0]?.id);
    const [hit] = await search("When does the door close?");
    expect(hit).toMatchObject({ source: source.id, document: documents[0]?.id });
  });

  test("are counted by their source, and listed by status", async () => {
    const source = await withThreeDocuments("several.md", "The lift stops at the third floor.");

    expect(source).toMatchObject({
      ...{ status: "ready", documentCount: 3, failedCount: 2, filename: "several.md", sourceType: null },
      ...{ errorCode: null, errorMessage: null, pageCount: null },
    });
    expect((await documentsOf(source.id)).map(({ title }) => title)).toEqual(["several", "Second", "Third"]);
    const failed = await documentsOf(source.id, "?status=failed");
    expect(failed.map(({ errorMessage }) => errorMessage)).toEqual([
      "It has a password.",
      "It has a password.",
    ]);
    const page = await owner.get<{ nextCursor: string }>(
      `/api/admin/knowledge/${source.id}/documents?limit=2`,
    );
    expect(await documentsOf(source.id, `?limit=2&cursor=${page.nextCursor}`)).toHaveLength(1);
  });

  test("are all read again with their source, but for those that were refused", async () => {
    const source = await withThreeDocuments("shared.md", "The bicycle shed is behind the house.");
    await owner.call("POST", `/api/admin/knowledge/${source.id}/reingest`);
    await owner.waitForSource(source.id);

    const [first, second, third] = await documentsOf(source.id);

    expect([first?.status, second?.status, third?.status]).toEqual(["ready", "ready", "failed"]);
    const chunks = await chunksOf(source.id);
    expect(chunks.map(({ document }) => document)).toEqual([first?.id, second?.id] as string[]);
    expect(await chunksOf(source.id, `?document=${second?.id}`)).toEqual(chunks.slice(1));
    expect(await chunksOf(source.id, `?document=${third?.id}`)).toEqual([]);
  });

  test("are found by their own titles, and go with their source", async () => {
    const source = await withThreeDocuments("bell.md", "The dinner bell rings at seven.");
    await owner.call("POST", `/api/admin/knowledge/${source.id}/reingest`);
    await owner.waitForSource(source.id);
    const titles = async () => (await search("When does the dinner bell ring?")).map(({ title }) => title);
    expect((await titles()).slice(0, 2).sort()).toEqual(["Second", "bell"]);

    await owner.call("DELETE", `/api/admin/knowledge/${source.id}`);

    expect((await owner.call("GET", `/api/admin/knowledge/${source.id}/documents`)).status).toBe(404);
    expect(await titles()).toEqual([]);
    await undoIsOver();
    expect(rows(parley, "select 1 from documents where source_id = ?", source.id)).toEqual([]);
    expect(integrity(parley)).toEqual(["ok"]);
  });

  test.each(["documents?status=deleted", "documents?limit=51", "documents?x=1", "chunks?document=x"])(
    "%s is 400",
    async (query) => {
      const source = await owner.addDocument("bounds.md", "Mind the step.");
      const answer = await owner.call("GET", `/api/admin/knowledge/${source.id}/${query}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ error: { code: "VALIDATION" } });
    },
  );
});

describe("the list", () => {
  test("goes through all sources by cursor, each once, while others are added", async () => {
    const seen: string[] = [];
    const { counts } = await list();
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: SourcePage = await list(`?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (seen.length === 2) await owner.addDocument("meanwhile.txt", "Added in between.");
    }

    expect(seen).toHaveLength(counts.all);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("sorts, filters by status and finds literally", async () => {
    await owner.addDocument("100%_real.txt", "A name with signs.");
    const titles = (await list("?sort=title")).items.map(({ title }) => title.toLowerCase());

    expect(titles).toEqual([...titles].sort((left, right) => left.localeCompare(right)));
    expect((await list("?status=failed")).items.every(({ status }) => status === "failed")).toBe(true);
    expect((await list(`?q=${encodeURIComponent("%_R")}`)).items.map(({ title }) => title)).toEqual([
      "100%_real",
    ]);
  });

  test.each([
    "?limit=51",
    "?limit=x",
    "?cursor=%00",
    "?cursor=bm90IGEgY3Vyc29y",
    "?sort=created_at;DROP",
    "?status=deleted",
    "?limit=1&limit=2",
    "?tenantId=x",
    `?q=${"x".repeat(201)}`,
  ])("row 27, row 73: %s is 400", async (query) => {
    const answer = await owner.call("GET", `/api/admin/knowledge${query}`);

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code: "VALIDATION" } });
  });
});

describe("the test bench", () => {
  test("writes nothing when asked, not even to the audit log, but for what was refused", async () => {
    const entries = () => count(parley, "audit_log where action like '%/search'");
    await owner.send("POST", "/api/admin/knowledge/search", { query: "leave" });
    expect(entries()).toBe(0);

    await owner.call("POST", "/api/admin/knowledge/search", { query: 7 });
    expect(entries()).toBe(1);
  });
});

describe("the sample documents", () => {
  test("are added, become searchable, and are not added twice", async () => {
    const { items } = await owner.send<{ items: SourceView[] }>("POST", "/api/admin/knowledge/samples");
    expect(items.length).toBeGreaterThan(0);
    for (const { id } of items) await owner.waitForSource(id);
    const before = count(parley, "knowledge_sources");

    const again = await owner.send<{ items: SourceView[] }>("POST", "/api/admin/knowledge/samples");

    expect(again.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(count(parley, "knowledge_sources")).toBe(before);
  });

  test("bring questions for the chat that they answer, and leave questions that an admin chose", async () => {
    const suggested = async () =>
      (await owner.get<{ suggestedQuestions: string[] }>("/api/admin/widget")).suggestedQuestions;
    await owner.send("PUT", "/api/admin/widget", { suggestedQuestions: [] });
    await owner.send("POST", "/api/admin/knowledge/samples");
    const questions = await suggested();
    expect(questions).toHaveLength(3);
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    for (const question of questions) {
      const answer = await (await openVisitor(parley, embedKey)).ask(question);
      expect(answer.citations.length).toBeGreaterThan(0);
    }

    await owner.send("PUT", "/api/admin/widget", { suggestedQuestions: ["Where is the canteen?"] });
    await owner.send("POST", "/api/admin/knowledge/samples");
    expect(await suggested()).toEqual(["Where is the canteen?"]);
  });

  test("take their questions with them when they are deleted, and bring them back", async () => {
    const suggested = async () =>
      (await owner.get<{ suggestedQuestions: string[] }>("/api/admin/widget")).suggestedQuestions;
    await owner.send("PUT", "/api/admin/widget", { suggestedQuestions: [] });
    const { items } = await owner.send<{ items: SourceView[] }>("POST", "/api/admin/knowledge/samples");
    const travel = items.find(({ filename }) => filename === "Travel and expenses.md");
    expect(await suggested()).toHaveLength(3);

    await owner.call("DELETE", `/api/admin/knowledge/${travel?.id}`);
    expect(await suggested()).toEqual(["May I work from abroad?"]);

    await owner.call("POST", `/api/admin/knowledge/${travel?.id}/restore`);
    expect((await suggested()).toSorted()).toEqual([
      "How do I claim travel expenses?",
      "May I work from abroad?",
      "What may I spend on a hotel in Zurich?",
    ]);
  });
});
