import { afterAll, beforeAll, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

type Credential = { id: string; secret: { set: boolean } };

const SECRET = "zanzibar-secret-1234";
const PATH = "/api/admin/credentials";

let parley: Parley;
let operator: AdminClient;
let admin: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  operator = await setUpOwner(parley);
  const [tenant] = (await operator.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
  admin = await addMember(parley, tenant?.id ?? "", "admin");
});
afterAll(() => parley.remove());

const KINDS = [
  { kind: "bearer", token: SECRET },
  { kind: "basic", username: "reader", password: SECRET },
  { kind: "header", header: "X-Api-Key", value: SECRET },
  {
    kind: "oauth2",
    tokenUrl: "https://id.corp/token",
    clientId: "parley",
    clientSecret: SECRET,
    scope: "read",
  },
];

test.each(KINDS)("a $kind credential is kept, and its secret is never shown", async (body) => {
  const added = await admin.send<Credential>("POST", PATH, { name: `ERP ${body.kind}`, ...body });

  expect(added.id).toMatch(/^crd_/);
  expect(added).toMatchObject({ kind: body.kind, hosts: [], secret: { set: true } });
  const answers = [added, await admin.get(`${PATH}/${added.id}`), await admin.get(PATH)];
  expect(JSON.stringify(answers)).not.toContain(SECRET);
  const files = await Array.fromAsync(new Bun.Glob("parley.db*").scan(parley.dataDirectory));
  for (const file of files)
    expect(await Bun.file(`${parley.dataDirectory}/${file}`).text()).not.toContain(SECRET);
  expect(parley.log()).not.toContain(SECRET);
});

test.each<[string, Record<string, unknown>]>([
  ["another kind", { kind: "digest", token: "x" }],
  ["no secret", { kind: "bearer", token: "" }],
  ["a line break in a token", { kind: "bearer", token: "x\r\nX-Admin: 1" }],
  ["a line break in a header's value", { kind: "header", header: "X-Api-Key", value: "1\r\nX-Admin: 1" }],
  ["a header that Parley sets", { kind: "header", header: "Host", value: "x" }],
  ["a cookie", { kind: "header", header: "Cookie", value: "x" }],
  ["a header's name with a colon", { kind: "header", header: "X-Key: 1", value: "x" }],
  ["a field of another kind", { kind: "bearer", token: "x", username: "y" }],
  ["a user name with a colon", { kind: "basic", username: "a:b", password: "x" }],
  ["a host without a port", { kind: "bearer", token: "x", hosts: ["erp.corp"] }],
])("row 64: a credential with %s is refused, and nothing is kept", async (_what, body) => {
  await expectNothingPersisted(parley, async () => {
    const answer = await admin.call("POST", PATH, { name: "Wrong", ...body });

    expect([answer.status, JSON.stringify(answer.body)]).toEqual([
      400,
      expect.stringContaining("VALIDATION"),
    ]);
  });
});

test("a secret is entered again before it goes to another host", async () => {
  const bound = { name: "Bound", kind: "bearer", token: SECRET, hosts: ["erp.corp:443"] };
  const { id } = await admin.send<Credential>("POST", PATH, bound);
  const client = { ...KINDS[3], name: "Client" };
  const oauth = await admin.send<Credential>("POST", PATH, client);

  for (const [each, changes] of [
    [id, { hosts: [] }],
    [id, { hosts: ["evil.corp:443"] }],
    [oauth.id, { tokenUrl: "https://evil.corp/token" }],
  ] as const)
    expect(await admin.call("PATCH", `${PATH}/${each}`, changes)).toMatchObject({
      status: 422,
      body: { error: { code: "CREDENTIAL_REENTRY_REQUIRED" } },
    });
  expect((await admin.call("PATCH", `${PATH}/${id}`, { username: "x" })).status).toBe(400);

  const moved = { hosts: ["crm.corp:443"], token: "another-1234", name: "Moved" };
  expect(await admin.send("PATCH", `${PATH}/${id}`, moved)).toMatchObject({
    name: "Moved",
    hosts: ["crm.corp:443"],
  });
});

test("a removed credential is gone, comes back within its time, and its name is free meanwhile", async () => {
  const { id } = await admin.send<Credential>("POST", PATH, { name: "Gone", kind: "bearer", token: SECRET });
  expect((await admin.call("POST", PATH, { name: "Gone", kind: "bearer", token: "x" })).status).toBe(409);

  await admin.send("DELETE", `${PATH}/${id}`);
  expect((await admin.call("GET", `${PATH}/${id}`)).status).toBe(404);
  await admin.send("POST", `${PATH}/${id}/restore`);
  expect(await admin.get(`${PATH}/${id}`)).toMatchObject({ name: "Gone", secret: { set: true } });

  await admin.send("DELETE", `${PATH}/${id}`);
  await admin.send("POST", PATH, { name: "Gone", kind: "bearer", token: "x" });
  expect((await admin.call("POST", `${PATH}/${id}/restore`)).status).toBe(409);
});

test("a credential that tools use stays, and it is said which they are", async () => {
  await operator.send("PUT", "/api/admin/egress", { allow: ["erp.corp:443"] });
  const { id } = await admin.send<Credential>("POST", PATH, { name: "Used", kind: "bearer", token: SECRET });
  const orders = await addTool("orders", "Orders in ERP", id);
  const stock = await addTool("stock", "Stock in ERP", id);
  await addTool("weather", "Weather", null);
  const usedBy = [
    { id: orders, label: "Orders in ERP" },
    { id: stock, label: "Stock in ERP" },
  ];
  expect(await admin.get(`${PATH}/${id}`)).toMatchObject({ usedBy });
  expect((await admin.get<{ items: object[] }>(PATH)).items).toContainEqual(
    expect.objectContaining({ id, usedBy }),
  );

  expect(await admin.call("DELETE", `${PATH}/${id}`)).toMatchObject({
    status: 409,
    body: {
      error: {
        code: "CONFLICT",
        message:
          "Tools use this credential: “Orders in ERP”, “Stock in ERP”. Delete them first, or give them another one.",
      },
    },
  });
  expect(await admin.get(`${PATH}/${id}`)).toMatchObject({ secret: { set: true }, usedBy });

  await admin.send("PATCH", `/api/admin/tools/${stock}`, { credential: null });
  await admin.send("DELETE", `/api/admin/tools/${orders}`);
  await admin.send("DELETE", `${PATH}/${id}`);
  // What is brought back would be called without what the API wants to see.
  expect(await admin.call("POST", `/api/admin/tools/${orders}/restore`)).toMatchObject({
    status: 409,
    body: {
      error: { code: "CONFLICT", message: expect.stringContaining("credential of this tool was deleted") },
    },
  });
  await admin.send("POST", `${PATH}/${id}/restore`);
  await admin.send("POST", `/api/admin/tools/${orders}/restore`);
  expect(await admin.get(`${PATH}/${id}`)).toMatchObject({
    usedBy: [{ id: orders, label: "Orders in ERP" }],
  });
});

async function addTool(name: string, label: string, credential: string | null): Promise<string> {
  const { id } = await admin.send<{ id: string }>("POST", "/api/admin/tools", {
    ...{ name, label, description: `${label}.`, type: "rest_api", method: "GET", credential },
    url: `https://erp.corp/${name}`,
  });
  return id;
}
