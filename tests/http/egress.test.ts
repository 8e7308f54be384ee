/** Which model addresses are called on whose word: the operator's, or that of an admin of one tenant. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { LlmConfigView, LlmTestAnswer, LlmTrouble } from "../../src/protocol/admin-api/llm.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember } from "../helpers/database.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

type Trouble = { trouble: LlmTrouble };

let parley: Parley;
let provider: ScriptedProvider;
let operator: AdminClient;
let admin: AdminClient;
let embedKey: string;

beforeAll(async () => {
  parley = await startParley({ flags: ["--restrict-egress"] });
  operator = await setUpOwner(parley);
  const [tenant] = (await operator.get<{ items: { id: string; embedKey: string }[] }>("/api/admin/tenants"))
    .items;
  embedKey = tenant?.embedKey ?? "";
  admin = await addMember(parley, tenant?.id ?? "", "admin");
  await operator.addDocument("leave.txt", "Parental leave is 26 weeks.");
});
afterAll(() => parley.remove());
beforeEach(async () => {
  provider = await startScriptedProvider();
});

const entryOf = (server: ScriptedProvider) => new URL(server.url("openai")).host;
const settings = () => ({
  ...{ provider: "openai", baseUrl: provider.url("openai"), apiKey: null, model: "scripted-small" },
});
const save = (person: AdminClient, changes: Record<string, unknown>) =>
  person.send<LlmConfigView>("PUT", "/api/admin/llm/config", changes);
const problem = async () => (await operator.get<LlmConfigView>("/api/admin/llm/config")).addressProblem;
const tryModel = (person: AdminClient, changes: Record<string, unknown> = {}) =>
  person.send<LlmTestAnswer>("POST", "/api/admin/llm/test", changes);
const denied = () => ({
  ok: false,
  error: { code: "EGRESS_DENIED", message: expect.stringContaining(`--egress-allow ${entryOf(provider)}`) },
});

describe.each([["--restrict-egress"], ["--offline"]])("with %s", (flag) => {
  beforeAll(() => parley.restart({ flags: [flag] }));

  test("an address that a tenant's admin enters is not called, and the operator is told how to list it", async () => {
    expect(await tryModel(admin, settings())).toMatchObject(denied());
    expect((await save(admin, settings())).addressProblem).toContain(`--egress-allow ${entryOf(provider)}`);
    expect(await problem()).toContain("or saves the address under Model.");
    expect((await admin.get<Trouble>("/api/admin/llm/trouble")).trouble?.code).toBe("EGRESS_DENIED");
    expect(await tryModel(admin)).toMatchObject(denied());
    // Not on an operator's word for something else, either.
    await save(operator, { temperature: 0.5 });
    expect(await tryModel(operator)).toMatchObject(denied());
    await (await openVisitor(parley, embedKey)).askStreaming("How long is parental leave?");
    expect((await admin.call("GET", "/api/admin/llm/models")).body).toMatchObject({
      error: { code: "EGRESS_DENIED" },
    });

    expect(provider.connections).toBe(0);
    await provider.close();
  });

  test("an address that an operator enters is called, until an admin enters another", async () => {
    expect((await save(operator, settings())).addressProblem).toBeNull();
    expect(await tryModel(admin)).toMatchObject({ ok: true });
    await save(admin, { ...settings(), temperature: 0.3 });
    expect(await tryModel(admin)).toMatchObject({ ok: true });
    const asked = provider.connections;

    const other = await startScriptedProvider();
    expect(await tryModel(admin, { baseUrl: other.url("openai"), apiKey: null })).toMatchObject({
      ok: false,
    });
    await save(admin, { baseUrl: other.url("openai"), apiKey: null });
    expect(await tryModel(admin)).toMatchObject({ ok: false, error: { code: "EGRESS_DENIED" } });

    expect(other.connections).toBe(0);
    expect(asked).toBeGreaterThan(0);
    await Promise.all([provider.close(), other.close()]);
  });

  test("an address on the operator's list is called, where the list expects it", async () => {
    await save(admin, settings());
    const port = new URL(provider.url("openai")).port;

    await parley.restart({ flags: [flag, "--egress-allow", `127.0.0.1:${port}=10.0.0.0/8`] });
    expect(await tryModel(admin)).toMatchObject({ ok: false, error: { code: "EGRESS_DENIED" } });
    expect(provider.connections).toBe(0);
    expect(await problem()).toContain("not in the network");

    await parley.restart({
      flags: [flag],
      environment: { PARLEY_EGRESS_ALLOW: `x.corp:1,127.0.0.1:${port}` },
    });
    expect(await tryModel(admin)).toMatchObject({ ok: true });
    expect(await problem()).toBeNull();
    await parley.restart({ flags: [flag], environment: {} });
    await provider.close();
  });
});

test("offline, a vendor that is chosen says that it is not called when it is saved", async () => {
  await parley.restart({ flags: ["--offline"] });

  const saved = await save(operator, { ...settings(), baseUrl: null, apiKey: "sk-1" });

  expect(saved.addressProblem).toContain("offline");
  await provider.close();
});

test("an address that is never called says so when it is saved, with or without a list", async () => {
  await parley.restart({ flags: [] });

  const metadata = await save(operator, { ...settings(), baseUrl: "http://169.254.169.254/v1" });

  expect(metadata.addressProblem).toContain("never calls");
  expect((await save(operator, { ...settings(), baseUrl: parley.url })).addressProblem).toContain(
    "own address",
  );
  await provider.close();
});

test("with neither, any address is called that an admin enters", async () => {
  await parley.restart({ flags: [] });

  expect((await save(admin, settings())).addressProblem).toBeNull();
  expect(await tryModel(admin)).toMatchObject({ ok: true });
  await provider.close();
});

test("an entry that is none is refused at start, with what one looks like", async () => {
  const { exitCode, stderr } = await runParley(["--egress-allow", "http://models.corp"]);

  expect(exitCode).toBe(78);
  expect(stderr).toContain("host:port");
});
