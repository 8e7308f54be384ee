/**
 * Makes the data folder that tests/fault/migration.test.ts upgrades: builds an earlier version in a folder of its own,
 * fills a data folder through its API, and keeps it with everything that version told of it.
 *
 *     bun scripts/make-data-folder.ts COMMIT
 *     bun scripts/make-data-folder.ts --found     only what searches find, anew, by dist/parley on the folder kept
 *
 * The second is for whoever changes the ranking on purpose: the folder stays as the earlier version wrote it.
 */
import { Database } from "bun:sqlite";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { EvaluationRunView } from "../src/protocol/admin-api/evals.ts";
import type { SourceView } from "../src/protocol/admin-api/knowledge.ts";
import type { ModelsView } from "../src/protocol/admin-api/models.ts";
import { type AdminClient, setUpOwner } from "../tests/helpers/admin-client.ts";
import {
  everythingTold,
  FOLDER_ARCHIVE,
  FOLDER_TOLD,
  packFolder,
  type ToldFolder,
  unpackFolder,
} from "../tests/helpers/data-folder.ts";
import { type Parley, runParley, startParley } from "../tests/helpers/parley.ts";
import { writeTinyModel } from "../tests/helpers/tiny-model.ts";
import { clientId, openVisitor } from "../tests/helpers/visitor-client.ts";

const REPOSITORY = join(import.meta.dir, "..");
const FIXTURES = join(REPOSITORY, "tests/fixtures");

const QUESTIONS = [
  "How long is parental leave?",
  "On which extension do I report a lost card?",
  "What is the wind limit of crane Berta?",
  "Which laptop does an engineer get?",
  "How many moons does Jupiter have?",
];
/** One pixel. */
const LOGO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** Nothing listens there: an answer that failed is part of the folder too. */
const NOWHERE = "http://127.0.0.1:9/v1";

const folder = await mkdtemp(join(tmpdir(), "parley-data-folder-"));
try {
  const [commit] = process.argv.slice(2);
  if (commit === undefined) throw new Error("Say which commit, or --found");
  await (commit === "--found" ? findAnew() : make(commit));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function make(commit: string): Promise<void> {
  process.env.PARLEY_BINARY = await build(commit);
  const data = join(folder, "data");
  const parley = await startParley({ dataDirectory: data });
  try {
    const removed = await fill(parley);
    const told = await everythingTold(parley, QUESTIONS);
    await parley.stop();
    const kept: ToldFolder = { commit, migrations: migrationsOf(data), questions: QUESTIONS, removed, told };
    await packFolder(data, FOLDER_ARCHIVE);
    await keep(kept);
  } finally {
    await parley.remove();
  }
}

/** What the ranking of today makes of the folder that is kept. */
async function findAnew(): Promise<void> {
  const kept = (await Bun.file(FOLDER_TOLD).json()) as ToldFolder;
  const data = join(folder, "data");
  await unpackFolder(FOLDER_ARCHIVE, data);
  const parley = await startParley({ dataDirectory: data });
  try {
    const { tenants } = await everythingTold(parley, kept.questions);
    const found = new Map(tenants.map((tenant) => [tenant.id, tenant.found]));
    for (const tenant of kept.told.tenants) tenant.found = found.get(tenant.id) ?? [];
    await keep(kept);
  } finally {
    await parley.remove();
  }
}

async function keep(kept: ToldFolder): Promise<void> {
  await Bun.write(FOLDER_TOLD, `${JSON.stringify(kept, null, 1)}\n`);
  for (const path of [FOLDER_ARCHIVE, FOLDER_TOLD])
    console.log(`${basename(path)}  ${Math.round(Bun.file(path).size / 1000)} kB`);
}

/** The path of its binary. */
async function build(commit: string): Promise<string> {
  const source = join(folder, "source");
  await run(REPOSITORY, "git", "clone", "--quiet", "--no-checkout", REPOSITORY, source);
  await run(source, "git", "checkout", "--quiet", "--detach", commit);
  await run(source, process.execPath, "install", "--frozen-lockfile");
  await run(source, process.execPath, "build.ts");
  return join(source, "dist/parley");
}

async function run(directory: string, ...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { cwd: directory, stdout: "ignore", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed`);
}

/** What two tenants gather: documents of every kind and state, vectors, conversations, golden questions. */
async function fill(parley: Parley): Promise<ToldFolder["removed"]> {
  const owner = await setUpOwner(parley);
  const [first] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
  const second = await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: "Second Office" });
  const [parental] = await addDocuments(owner);
  await addIndex(parley, owner);
  await setUpWidget(owner);
  await converse(parley, owner);
  await measure(owner, parental?.id ?? "");

  owner.tenant = second.id;
  await owner.addDocument(
    "office.md",
    "# Second office\n\nThe second office opens at 07:15 and has a blue door.",
  );
  await askAs(parley, owner, "When does the second office open?");
  await owner.send("PUT", "/api/admin/llm/config", {
    ...{ provider: "openai", baseUrl: NOWHERE, apiKey: "sk-of-the-second-office-1234", model: "none" },
    systemPrompt: "You are the assistant of {company_name}.",
  });
  await failAs(parley, owner, "What colour is the door of the second office?");

  owner.tenant = first?.id ?? "";
  return removeSome(parley, owner);
}

async function addDocuments(owner: AdminClient): Promise<SourceView[]> {
  const file = async (name: string) => ({ name, content: await Bun.file(join(FIXTURES, name)).bytes() });
  const absence = await file("absence.docx");
  const parental = await owner.addDocument(absence.name, absence.content);
  const handbook = await file("handbook.pdf");
  const cranes = await owner.addDocument(handbook.name, handbook.content);
  const { items: samples } = await owner.send<{ items: SourceView[] }>(
    "POST",
    "/api/admin/knowledge/samples",
  );
  for (const { id } of samples) await owner.waitForSource(id);
  const restored = await owner.addDocument(
    "Gate.txt",
    "The gate to the yard is locked at ten in the evening.",
  );

  const { body } = await owner.upload(await file("scanned.pdf"), { name: "empty.txt", content: "" });
  for (const { id } of body.items) await owner.waitForSource(id, "failed");
  await owner.send("PATCH", `/api/admin/knowledge/${parental.id}`, {
    title: "Leave rules",
    tags: ["hr", "leave"],
  });
  // Read a second time, so that its passages are those of a second version.
  await owner.send("POST", `/api/admin/knowledge/${cranes.id}/reingest`);
  await owner.waitForSource(cranes.id);
  await owner.send("DELETE", `/api/admin/knowledge/${restored.id}`);
  await owner.send("POST", `/api/admin/knowledge/${restored.id}/restore`);
  return [parental, cranes, ...samples, restored];
}

async function addIndex(parley: Parley, owner: AdminClient): Promise<void> {
  const model = join(folder, "tiny-words");
  await writeTinyModel(model);
  const imported = await runParley(["model", "import", model, "--data", parley.dataDirectory]);
  if (imported.exitCode !== 0) throw new Error(imported.stderr);
  const socket = await owner.live();
  await owner.send("POST", "/api/admin/models/indexes", { source: "local", model: "tiny-words" });
  const isActive = async () => {
    const { indexes } = await owner.get<ModelsView>("/api/admin/models");
    return indexes.some(({ state, working }) => state === "active" && !working);
  };
  while (!(await isActive())) await socket.next("job");
  await socket.close();
}

async function setUpWidget(owner: AdminClient): Promise<void> {
  await owner.send("PUT", "/api/admin/widget", {
    ...{ displayName: "Ask Port Linden", greeting: "What would you like to know?", primaryColor: "#0b6e4f" },
    ...{ allowedDomains: ["intranet.example"], suggestedQuestions: QUESTIONS.slice(0, 2) },
  });
  const form = new FormData();
  form.append("file", new File([LOGO], "logo.png", { type: "image/png" }));
  await owner.send("POST", "/api/admin/widget/logo", form);
}

async function converse(parley: Parley, owner: AdminClient): Promise<void> {
  const [leave = "", card = "", crane = "", , moons = ""] = QUESTIONS;
  const visitor = await askAs(parley, owner, leave);
  const rate = async (rating: string, comment: string) => {
    const { messages } = await visitor.history();
    const message = messages.at(-1)?.id;
    await visitor.call("POST", "/api/chat/feedback", { session: visitor.session, message, rating, comment });
  };
  await rate("helpful", "Just what I needed.");
  await visitor.ask(crane);
  await visitor.ask("And that of Anna?");
  await visitor.call("POST", "/api/chat/conversation", { session: visitor.session });
  await visitor.ask(moons);
  await rate("unhelpful", "It knows nothing of the sky.");
  await askAs(parley, owner, card);
}

async function askAs(parley: Parley, owner: AdminClient, question: string) {
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  const visitor = await openVisitor(parley, embedKey);
  await visitor.ask(question);
  return visitor;
}

async function failAs(parley: Parley, owner: AdminClient, text: string): Promise<void> {
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  const visitor = await openVisitor(parley, embedKey);
  const question = { session: visitor.session, id: clientId(), text };
  const { status } = await visitor.call("POST", "/api/chat/message", question);
  if (status < 500) throw new Error(`“${text}” was answered ${status}`);
}

async function measure(owner: AdminClient, parental: string): Promise<void> {
  const [leave, card, , , moons] = QUESTIONS;
  const add = (text: string | undefined, expected: object[]) =>
    owner.send("POST", "/api/admin/evals/questions", { text, expected });
  await add(leave, [{ source: parental, passage: "26 weeks" }]);
  await add(card, [{ source: parental }]);
  await add(moons, []);
  const socket = await owner.live();
  const { id } = await owner.send<EvaluationRunView>("POST", "/api/admin/evals/runs");
  const isOver = async () => {
    const { state } = await owner.get<EvaluationRunView>(`/api/admin/evals/runs/${id}`);
    return state !== "queued" && state !== "running";
  };
  while (!(await isOver())) await socket.next("job");
  await socket.close();
}

/** Last, because half a minute later they are purged. */
async function removeSome(parley: Parley, owner: AdminClient): Promise<ToldFolder["removed"]> {
  const withdrawn = await owner.addDocument(
    "Withdrawn.txt",
    "The withdrawn rule is that hats are worn indoors.",
  );
  await askAs(parley, owner, "Where are hats worn?");
  const [newest] = (await owner.get<{ items: { id: string }[] }>("/api/admin/conversations")).items;
  const before = await readdir(join(parley.dataDirectory, "files"));
  const file = before.sort().at(-1) ?? "";
  await owner.send("DELETE", `/api/admin/knowledge/${withdrawn.id}`);
  await owner.send("DELETE", `/api/admin/conversations/${newest?.id}`);
  return { tenant: owner.tenant ?? "", source: withdrawn.id, conversation: newest?.id ?? "", file };
}

function migrationsOf(data: string): string[] {
  const database = new Database(join(data, "parley.db"), { readonly: true });
  try {
    const rows = database
      .query<{ name: string }, []>("select name from schema_migrations order by name")
      .all();
    return rows.map(({ name }) => name);
  } finally {
    database.close();
  }
}
