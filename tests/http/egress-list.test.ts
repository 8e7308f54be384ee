import { afterAll, beforeAll, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

let parley: Parley;
let operator: AdminClient;
beforeAll(async () => {
  parley = await startParley({ flags: ["--egress-allow", "models.corp:8000"] });
  operator = await setUpOwner(parley);
});
afterAll(() => parley.remove());

test("an operator sees the settings' entries and keeps more, which are there after a restart", async () => {
  expect(await operator.get("/api/admin/egress")).toMatchObject({
    allow: [],
    fromSettings: ["models.corp:8000"],
    offline: false,
  });
  const allow = ["DB.corp:5432=10.0.0.0/8", "*.corp:443", "*.corp:443", "models.corp:8000"];

  const kept = await operator.send("PUT", "/api/admin/egress", { allow });

  expect(kept).toMatchObject({ allow: ["db.corp:5432=10.0.0.0/8", "*.corp:443"] });
  await parley.restart();
  expect(await operator.get("/api/admin/egress")).toEqual(kept);
});

test("a text that is no entry is refused with what one looks like, and nothing changes", async () => {
  await expectNothingPersisted(parley, async () => {
    for (const entry of ["http://crm.corp", "crm.corp", "*:443", "crm.corp:443=here"]) {
      const answer = await operator.call("PUT", "/api/admin/egress", { allow: ["crm.corp:443", entry] });
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { code: "VALIDATION", message: expect.stringContaining(entry) } },
      });
    }
  });
});

test("an owner of a tenant who is no operator neither sees nor changes the list", async () => {
  const [tenant] = (await operator.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
  const owner = await addMember(parley, tenant?.id ?? "", "owner");

  for (const [method, body] of [["GET"], ["PUT", { allow: [] }]] as const)
    expect((await owner.call(method, "/api/admin/egress", body)).status).toBe(403);
});
