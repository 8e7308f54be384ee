/** Rows 55 to 61 from outside: every address that must not be called, at every place where an admin may enter one. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

setDefaultTimeout(120_000);

let hits = 0;
const listener = Bun.listen({
  hostname: "127.0.0.1",
  port: 0,
  socket: { open: () => void hits++, data: (socket) => void socket.end() },
});
const PORT = listener.port;

let parley: Parley;
let operator: AdminClient;
let admin: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  operator = await setUpOwner(parley);
  const [tenant] = (await operator.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
  admin = await addMember(parley, tenant?.id ?? "", "admin");
});
afterAll(async () => {
  await parley.remove();
  listener.stop(true);
});

/** Rows 55, 58 and 59: not one of them becomes callable by an entry of the list. */
const UNSAFE: readonly string[] = [
  ...["http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0177.0.0.1:PORT/", "http://127.1:PORT/"],
  ...["http://１２７.０.０.１:PORT/", "http://127.0.0.1.:PORT/", "http:127.0.0.1:PORT", "http://0:PORT/"],
  ...["http://[::ffff:169.254.169.254]:PORT/", "http://localhost.:PORT/", "http://ⓛocalhost:PORT/"],
  ...["http://ok.corp\\@169.254.169.254:PORT/", "http://u:p@127.0.0.1:PORT/", "http://u@127.0.0.1:PORT/"],
  ...["http://127.0.0.1:PORT/\r\nX-Admin:1", "http://127.0.0.1:PORT/\tx", "http://[fe80::1%25eth0]:PORT/"],
  ...["file:///etc/passwd", "ftp://127.0.0.1:PORT/", "gopher://127.0.0.1:PORT/", "javascript:alert(1)"],
  ...["http://[::]:PORT/", "http://0.1.2.3:PORT/", "http://[64:ff9b::a9fe:a9fe]:PORT/"],
  ...["http://[2002:7f00:1::]:PORT/", "http://168.63.129.16:PORT/", "http://[fec0::1]:PORT/"],
  ...["http://198.18.0.1:PORT/", "http://255.255.255.255:PORT/", "http://[fd00:ec2::254]:PORT/"],
  ...["http://100.100.100.200:PORT/", "http://169.254.169.254:PORT/", "http://[fe80::1]:PORT/"],
].map((address) => address.replace("PORT", String(PORT)));

/** What could be listed and is not; row 59's 100.64.0.1 and row 60's among them. */
const UNLISTED: readonly string[] = [
  ...["http://127.0.0.1:PORT/", "http://[::1]:PORT/", "http://localhost:PORT/", "http://100.64.0.1:PORT/"],
  ...["http://10.0.0.5:PORT/", "http://crm.corp:6379/", "https://crm.corp.evil/"],
].map((address) => address.replace("PORT", String(PORT)));

const tool = (url: string) => ({
  ...{ name: "unsafe", label: "Orders", description: "Orders", type: "rest_api", method: "GET", url },
  parameters: [],
});
/** Where an admin of a tenant enters an address that is called when a visitor asks, or at once. */
const PLACES: readonly [what: string, method: string, path: string, body: (url: string) => object][] = [
  ["a REST tool", "POST", "/api/admin/tools", tool],
  ["an import of an API", "POST", "/api/admin/tools/import", (url) => ({ url })],
  ["an MCP server", "POST", "/api/admin/mcp-servers", (url) => ({ name: "Tools", url })],
  [
    "a credential's token address",
    "POST",
    "/api/admin/credentials",
    (tokenUrl) => ({
      name: "ID",
      kind: "oauth2",
      tokenUrl,
      clientId: "c",
      clientSecret: "s3cret",
      scope: "read",
    }),
  ],
];

const codeOf = async (method: string, path: string, body: object) => {
  const { status, body: answer } = await admin.call<{ error?: { code: string } }>(method, path, body);
  return `${status} ${answer.error?.code ?? ""}`;
};

describe.each(PLACES)("%s", (_, method, path, body) => {
  test("rows 55, 58, 59, 61: is refused at each address that is never called, listed or not, and nothing is kept", async () => {
    const entries = [
      "127.0.0.1",
      "localhost",
      "[::ffff:169.254.169.254]",
      "0.0.0.0",
      "168.63.129.16",
      "198.18.0.1",
    ];
    for (const allow of [[], entries.map((host) => `${host}:${PORT}`)]) {
      await operator.send("PUT", "/api/admin/egress", { allow });
      await expectNothingPersisted(parley, async () => {
        for (const address of UNSAFE)
          expect([address, await codeOf(method, path, body(address))]).toEqual([address, "422 UNSAFE_URL"]);
      });
    }
    expect(hits).toBe(0);
  });
});

// A token's address may be listed later: a tool that needs it says then which entry is missing.
test.each(PLACES.slice(0, 3))(
  "row 60: %s is refused at each address that is not listed",
  async (_, method, path, body) => {
    await operator.send("PUT", "/api/admin/egress", { allow: ["crm.corp:443"] });
    for (const address of UNLISTED)
      expect([address, await codeOf(method, path, body(address))]).toEqual([address, "422 EGRESS_DENIED"]);
    expect(hits).toBe(0);
  },
);
