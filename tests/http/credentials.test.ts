import { afterAll, beforeAll, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

type Credential = { id: string; secret: { set: boolean } };

const SECRET = "zanzibar-secret-1234";
const PATH = "/api/admin/credentials";

let parley: Parley;
let admin: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  const owner = await setUpOwner(parley);
  const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
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
