import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type AdminClient, adminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { count, rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const KEY = "sk-CANARY-key-that-nobody-may-see";
const WRONG = "CANARY wrong password";

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
/** Every answer that anybody got in this file. */
const answers: string[] = [];

beforeAll(async () => {
  [parley, provider] = await Promise.all([
    startParley({ flags: ["--log-level", "debug"] }),
    startScriptedProvider(),
  ]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
});
afterAll(() => Promise.all([parley.remove(), provider.close()]));

describe("row 98: a secret is never shown, whatever goes wrong", () => {
  test("goes through a whole life of a key: entered, used, refused by the vendor, replaced", async () => {
    const settings = {
      provider: "openai",
      baseUrl: provider.url("openai"),
      apiKey: KEY,
      model: "scripted-small",
    };
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await owner.fetch(method, path, { body });
      answers.push(JSON.stringify([...answer.headers]), await answer.text());
      return answer.status;
    };
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);

    expect(await call("PUT", "/api/admin/llm/config", settings)).toBe(200);
    answers.push(JSON.stringify(await visitor.ask("How long is parental leave?")));
    expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
    provider.answer({
      status: 401,
      errorType: "invalid_api_key",
      errorText: `Incorrect API key provided: ${KEY}`,
    });
    answers.push(JSON.stringify(await visitor.askStreaming("How long is parental leave?")));
    await call("POST", "/api/admin/llm/test", {});
    await call("GET", "/api/admin/llm/models");
    provider.answer({ status: 500, errorText: `upstream said ${KEY}` });
    answers.push(JSON.stringify(await visitor.askStreaming("How long is parental leave?")));
    provider.answer({ raw: `data: {"error":{"message":"${KEY}"}}\n\n` });
    answers.push(JSON.stringify(await visitor.askStreaming("How long is parental leave?")));
    await call("PUT", "/api/admin/llm/config", { baseUrl: "http://192.0.2.1/" });
    await call("GET", "/api/admin/llm/config");
    const { conversation, messages } = await visitor.history();
    await call("GET", `/api/admin/conversations/${conversation}`);
    for (const { id } of messages)
      await call("GET", `/api/admin/conversations/${conversation}/messages/${id}/trace`);
    await adminClient(parley).call("POST", "/api/auth/login", { email: OWNER.email, password: WRONG });
  }, 60_000);

  test("no answer, frame, trace or log line holds it", () => {
    expect(answers.length).toBeGreaterThan(10);
    for (const text of [...answers, parley.log(), parley.output()]) {
      expect(text).not.toContain("CANARY");
      expect(text).not.toContain(OWNER.password);
      expect(text).not.toContain((owner.cookie ?? "").slice(-40));
    }
  });

  test("neither do the database, its log, the audit log nor any file beside it", async () => {
    for (const entry of await readdir(parley.dataDirectory, { recursive: true })) {
      const path = join(parley.dataDirectory, entry);
      if (entry.startsWith("native") || !(await stat(path)).isFile()) continue;
      const bytes = (await readFile(path)).toString("latin1");
      expect(`${entry} ${bytes.includes("CANARY")}`).toBe(`${entry} false`);
      expect(`${entry} ${bytes.includes(OWNER.password)}`).toBe(`${entry} false`);
    }
  });

  test("row 100: and the sealed key opens in no other place", async () => {
    const [{ api_key: sealed } = {}] = rows(parley, "select api_key from llm_configs");
    expect(String(sealed)).not.toContain(KEY);
    expect(String(sealed)).not.toContain(Buffer.from(KEY).toString("base64").slice(0, 20));
  });
});

describe("row 54: nobody writes lines into the log", () => {
  test("every line is one JSON object without control characters, whatever comes in", async () => {
    const evil = 'x\n{"level":"info","event":"forged"}\r\u001b[2J\u2028\u2029\u009b31m';
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);
    await fetch(`${parley.url}/api/${encodeURIComponent(evil)}`, {
      headers: { "user-agent": encodeURIComponent(evil), "x-request-id": "mine" },
    });
    await visitor.askStreaming(evil);
    await owner.upload({ name: `a${evil}.txt`, content: evil });
    provider.answer({ status: 500, errorText: evil });
    await owner.call("POST", "/api/admin/llm/test", {});
    await visitor.askStreaming("How long is parental leave?");

    const lines = parley.log().split("\n").filter(Boolean);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), level: expect.any(String) });
      expect((JSON.parse(line) as { event: string }).event).not.toBe("forged");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be in the log
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    }
  });

  test("a request id that a client sends is not taken over", async () => {
    const answer = await fetch(`${parley.url}/healthz`, { headers: { "x-request-id": "mine" } });
    expect(answer.headers.get("x-request-id")).not.toBe("mine");
  });
});

describe("row 97: nobody runs up a bill", () => {
  test("the 31st new session in a minute from one public address is 429", async () => {
    const behind = await startParley({ flags: ["--trusted-proxy", "127.0.0.1"] });
    const { embedKey } = await (await setUpOwner(behind)).get<{ embedKey: string }>("/api/admin/widget");
    const open = (address: string) =>
      fetch(`${behind.url}/api/widget/session`, {
        method: "POST",
        headers: { origin: behind.url, "content-type": "application/json", "x-forwarded-for": address },
        body: JSON.stringify({ key: embedKey }),
      });
    for (let n = 1; n <= 30; n++) expect((await open("203.0.113.9")).status).toBe(200);

    const refused = await open("203.0.113.9");

    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await open("203.0.113.10")).status).toBe(200);
    for (let n = 1; n <= 35; n++) expect((await open("10.0.0.7")).status).toBe(200);
    expect(count(behind, "chat_sessions")).toBe(66);
    await behind.remove();
  });
});
