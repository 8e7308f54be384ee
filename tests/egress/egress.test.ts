import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { findAllowEntry, parseAllowEntry } from "../../src/egress/allow-list.ts";
import { toDialledRequest } from "../../src/egress/dial.ts";
import { createEgress, type EgressOptions } from "../../src/egress/egress.ts";
import { VENDOR_HOSTS } from "../../src/providers/catalog.ts";

type Dialled = { url: string; address: string };

/** An egress with a resolver and a dialler that only take notes. */
function anEgress(overrides: Partial<EgressOptions> = {}, addresses: string[] = ["10.0.0.5"]) {
  const dialled: Dialled[] = [];
  const denied: Record<string, unknown>[] = [];
  const egress = createEgress({
    log: { warn: (_event, fields) => void denied.push(fields ?? {}) },
    offline: false,
    vendorHosts: VENDOR_HOSTS,
    ownAddresses: () => [],
    resolve: async () => addresses,
    dial: async (url, address) => {
      dialled.push({ url: url.href, address });
      return new Response("ok");
    },
    ...overrides,
  });
  const call = (target: string, granted = target, savedByOperator = false) =>
    egress.fetchFor({ purpose: "llm", baseUrl: new URL(granted), tenantId: null, savedByOperator })(target);
  const refusal = (target: string, savedByOperator = false) =>
    egress.refusal({ purpose: "llm", baseUrl: new URL(target), tenantId: null, savedByOperator });
  return { call, refusal, dialled, denied };
}

describe("egress for language models", () => {
  test.each([
    "127.0.0.1",
    "::1",
    "10.0.0.5",
    "192.168.1.4",
    "fd12::1",
    "100.64.0.1",
    "1.1.1.1",
    "2606:4700::1111",
  ])("reaches a model server at %s", async (address) => {
    const { call, dialled } = anEgress({}, [address]);

    await call("http://models.corp:8000/v1/models");

    expect(dialled).toEqual([{ url: "http://models.corp:8000/v1/models", address }]);
  });

  test.each([
    "169.254.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "not an address",
  ])("never reaches %s, and says so", async (address) => {
    const { call, dialled, denied } = anEgress({}, [address]);

    await expect(call("http://models.corp/v1")).rejects.toMatchObject({ code: "UNSAFE_URL" });
    expect(dialled).toEqual([]);
    expect(denied).toMatchObject([{ purpose: "llm", host: "models.corp:80", code: "UNSAFE_URL" }]);
  });

  test("refuses a name with one forbidden address among good ones", async () => {
    const { call, dialled } = anEgress({}, ["10.0.0.5", "169.254.169.254"]);

    await expect(call("http://models.corp/v1")).rejects.toMatchObject({ code: "UNSAFE_URL" });
    expect(dialled).toEqual([]);
  });

  test("asks the resolver once and dials what it vetted, so a second answer changes nothing", async () => {
    const answers = [["10.0.0.5"], ["169.254.169.254"]];
    const { call, dialled } = anEgress({ resolve: async () => answers.shift() ?? [] });

    await call("http://models.corp/v1");

    expect(dialled[0]?.address).toBe("10.0.0.5");
    expect(answers).toHaveLength(1);
  });

  test.each([
    ["http://0/v1", "UNSAFE_URL"],
    ["http://[::ffff:169.254.169.254]/v1", "UNSAFE_URL"],
    ["http://2852039166/v1", "UNSAFE_URL"],
  ])("judges the address in %s as it is dialled", async (target, code) => {
    const { call, dialled } = anEgress();

    await expect(call(target)).rejects.toMatchObject({ code });
    expect(dialled).toEqual([]);
  });

  test.each([
    "http://other.corp:8000/v1",
    "http://models.corp:8001/v1",
    "https://models.corp:8000/v1",
    "http://models.corp.evil:8000/v1",
  ])("keeps to the granted host and port: not %s", async (target) => {
    const { call, dialled } = anEgress();

    await expect(call(target, "http://models.corp:8000/v1")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(dialled).toEqual([]);
  });

  test("refuses a name or password in the address", async () => {
    await expect(anEgress().call("http://u:p@models.corp/v1")).rejects.toMatchObject({ code: "UNSAFE_URL" });
  });

  test("offline it refuses the vendors and still reaches what an operator wrote down", async () => {
    const { call, dialled } = anEgress({ offline: true });

    for (const vendor of [
      "https://api.openai.com/v1",
      "https://api.anthropic.com/v1",
      "https://API.openai.com./v1",
    ]) {
      await expect(call(vendor)).rejects.toMatchObject({
        code: "EGRESS_DENIED",
        message: expect.stringContaining("offline"),
      });
    }
    await call("http://models.corp/v1", "http://models.corp/v1", true);

    expect(dialled).toHaveLength(1);
  });

  test.each([{ offline: true }, { restricted: true }])(
    "with %j it calls no address on the word of a tenant's admin, and asks no resolver for it",
    async (mode) => {
      const asked: string[] = [];
      const resolve = async (name: string) => [asked.push(name) ? "10.0.0.5" : ""];
      const { call, dialled, denied } = anEgress({ ...mode, resolve });

      for (const [url, entry] of [
        ["http://models.corp/v1", "models.corp:80"],
        ["https://models.corp/v1", "models.corp:443"],
        ["http://127.0.0.1:11434", "127.0.0.1:11434"],
        ["http://[::1]:11434", "[::1]:11434"],
        ["https://[fd00::5]/", "[fd00::5]:443"],
      ] as const)
        await expect(call(url)).rejects.toMatchObject({
          code: "EGRESS_DENIED",
          message: expect.stringContaining(`--egress-allow ${entry}, or saves the address under Model`),
        });
      expect([asked, dialled]).toEqual([[], []]);
      expect(denied).toHaveLength(5);

      const allow = () => [parseAllowEntry("*.corp:80")];
      const listed = anEgress({ ...mode, allow });
      await listed.call("http://models.corp/v1");
      await expect(listed.call("http://models.corp:8000/v1")).rejects.toMatchObject({
        code: "EGRESS_DENIED",
      });
      expect(listed.dialled).toHaveLength(1);
    },
  );

  test("says what it would refuse without asking where a name leads, and logs nothing of it", () => {
    const resolve = async () => {
      throw new Error("asked");
    };
    const { refusal, denied } = anEgress({ restricted: true, resolve });

    expect(refusal("http://models.corp:8000/v1")?.message).toContain("--egress-allow models.corp:8000");
    expect(refusal("http://models.corp:8000/v1", true)).toBeNull();
    expect(refusal("http://169.254.169.254/v1", true)?.code).toBe("UNSAFE_URL");
    expect(denied).toEqual([]);
  });

  test("what is listed is called offline, vendors too, and what is never called stays so", async () => {
    const allow = () => ["api.openai.com:443", "models.corp:80"].map(parseAllowEntry);
    const vendor = anEgress({ offline: true, allow }, ["1.1.1.1"]);
    await vendor.call("https://api.openai.com/v1");
    expect(vendor.dialled).toHaveLength(1);

    const metadata = anEgress({ offline: true, allow }, ["169.254.169.254"]);
    await expect(metadata.call("http://models.corp/v1")).rejects.toMatchObject({ code: "UNSAFE_URL" });
  });

  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["0.0.0.0", "127.0.0.1"],
    ["0.0.0.0", "127.9.9.9"],
    ["::", "::1"],
    ["::", "::ffff:127.0.0.1"],
    ["localhost", "127.0.0.1"],
    ["[::1]", "::1"],
    ["10.0.0.5", "10.0.0.5"],
  ])("never calls Parley itself: listening at %s, asked for %s", async (host, address) => {
    const { call, dialled } = anEgress(
      { vendorHosts: VENDOR_HOSTS, ownAddresses: () => [{ host, port: 8080 }] },
      [address],
    );

    await expect(call("http://models.corp:8080/v1")).rejects.toMatchObject({
      code: "UNSAFE_URL",
      message: expect.stringContaining("Parley's own address"),
    });
    await call("http://models.corp:8081/v1");
    expect(dialled).toHaveLength(1);
  });

  test("reaches another machine at the same port", async () => {
    const { call, dialled } = anEgress(
      { vendorHosts: VENDOR_HOSTS, ownAddresses: () => [{ host: "0.0.0.0", port: 8080 }] },
      ["10.99.98.97"],
    );

    await call("http://models.corp:8080/v1");

    expect(dialled).toHaveLength(1);
  });

  test("tries the next address when nobody listens at the first", async () => {
    const tried: string[] = [];
    const { call } = anEgress(
      {
        dial: async (_url, address) => {
          tried.push(address);
          if (address === "::1") throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
          return new Response("ok");
        },
      },
      ["::1", "127.0.0.1"],
    );

    expect(await (await call("http://localhost:11434/api/tags")).text()).toBe("ok");
    expect(tried).toEqual(["::1", "127.0.0.1"]);
  });

  test("stops waiting for a resolver that hangs", async () => {
    const controller = new AbortController();
    const egress = createEgress({
      log: { warn: () => {} },
      offline: false,
      vendorHosts: VENDOR_HOSTS,
      ownAddresses: () => [],
      resolve: () => new Promise(() => {}),
    });
    const answer = egress.fetchFor({
      purpose: "llm",
      baseUrl: new URL("http://models.corp"),
      tenantId: null,
    })("http://models.corp/v1", {
      signal: controller.signal,
    });

    controller.abort(new Error("stopped"));

    await expect(answer).rejects.toThrow("stopped");
  });
});

test.each([
  ["llm", "model server", "under Model"],
  ["embeddings", "embedding server", "under Search models"],
] as const)("what is refused for %s says where to change it", async (purpose, server, page) => {
  const call = (address: string, target: string, offline = false) =>
    createEgress({
      log: { warn: () => {} },
      offline,
      vendorHosts: VENDOR_HOSTS,
      ownAddresses: () => [],
      resolve: async () => [address],
      dial: async () => new Response(null, { status: 302 }),
    }).fetchFor({ purpose, baseUrl: new URL(target), tenantId: null })(target);

  await expect(call("169.254.169.254", "http://models.corp")).rejects.toThrow(server);
  await expect(call("10.0.0.5", "http://models.corp")).rejects.toThrow(page);
  await expect(call("1.1.1.1", "https://api.openai.com/v1", true)).rejects.toThrow(page);
});

/** Entries that let this host be anywhere, this machine included. */
const anywhere = (host: string, port: number) =>
  ["", "=127.0.0.0/8", "=::1/128"].flatMap((network) => {
    const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
    return findAllowEntry(`${name}:${port}${network}`) ?? [];
  });

describe("the address for a database driver", () => {
  function vetting(
    overrides: Partial<EgressOptions> = {},
    addresses: string[] = ["10.0.0.5"],
    host = "db.corp",
    port = 5432,
  ) {
    const denied: unknown[] = [];
    const asked: string[] = [];
    const egress = createEgress({
      log: { warn: (_event, fields) => void denied.push(fields) },
      offline: false,
      vendorHosts: VENDOR_HOSTS,
      ownAddresses: () => [],
      allow: () => anywhere(host, port),
      resolve: async (hostname) => {
        asked.push(hostname);
        return addresses;
      },
      ...overrides,
    });
    const never = new AbortController().signal;
    return {
      vetted: (signal: AbortSignal = never) =>
        egress.vettedHost({ purpose: "database", host, port, tenantId: null }, signal),
      denied,
      asked,
    };
  }

  test.each([
    "127.0.0.1",
    "::1",
    "10.0.0.5",
    "192.168.1.4",
    "fd12::1",
    "100.64.0.1",
    "1.1.1.1",
    "2606:4700::1111",
  ])("may be %s, and the name stays for the certificate", async (address) => {
    expect(await vetting({}, [address]).vetted()).toEqual({
      addresses: [address],
      port: 5432,
      servername: "db.corp",
    });
  });

  test.each([
    "169.254.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "198.18.0.1",
    "fec0::1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "not an address",
  ])("is never %s, and the refusal is logged", async (address) => {
    const { vetted, denied } = vetting({}, [address]);

    await expect(vetted()).rejects.toMatchObject({
      code: "UNSAFE_URL",
      message: expect.stringContaining("database server"),
    });
    expect(denied).toEqual([{ purpose: "database", host: "db.corp:5432", code: "UNSAFE_URL" }]);
  });

  test("is none when one of several is forbidden", async () => {
    const { vetted } = vetting({}, ["10.0.0.5", "169.254.169.254"]);

    await expect(vetted()).rejects.toMatchObject({ code: "UNSAFE_URL" });
  });

  test("row 57: is an address and no name, so that a name that moves after the check moves nothing", async () => {
    const answers = [["10.0.0.5", "10.0.0.6"], ["169.254.169.254"]];
    const { vetted } = vetting({ resolve: async () => answers.shift() ?? [] });

    const { addresses } = await vetted();

    expect(addresses).toEqual(["10.0.0.5", "10.0.0.6"]);
    expect(answers).toHaveLength(1);
    await expect(vetted()).rejects.toMatchObject({ code: "UNSAFE_URL" });
  });

  test("is never Parley's own, and may be another port of its machine", async () => {
    const ownAddresses = () => [{ host: "0.0.0.0", port: 5432 }];

    await expect(vetting({ ownAddresses }, ["127.0.0.1"]).vetted()).rejects.toMatchObject({
      code: "UNSAFE_URL",
      message: expect.stringContaining("Parley's own address"),
    });
    expect(await vetting({ ownAddresses }, ["127.0.0.1"], "db.corp", 5433).vetted()).toMatchObject({
      port: 5433,
    });
  });

  test.each([{}, { offline: true }, { restricted: true }])("is a listed one where %j", async (mode) => {
    const unlisted = vetting({ ...mode, allow: () => [] });
    await expect(unlisted.vetted()).rejects.toMatchObject({
      code: "EGRESS_DENIED",
      message: expect.stringContaining("--egress-allow db.corp:5432"),
    });
    expect(unlisted.asked).toEqual([]);

    const allow = () => [parseAllowEntry("db.corp:5432=10.0.0.0/8")];
    expect(await vetting({ ...mode, allow }).vetted()).toMatchObject({ addresses: ["10.0.0.5"] });
    await expect(vetting({ ...mode, allow }, ["10.0.0.5", "192.168.1.4"]).vetted()).rejects.toMatchObject({
      code: "EGRESS_DENIED",
      message: expect.stringContaining("192.168.1.4"),
    });
  });

  test.each([
    ["10.0.0.5", "10.0.0.5"],
    ["0x7f.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["::1", "::1"],
    ["[::1]", "::1"],
    ["::ffff:10.0.0.5", "::ffff:a00:5"],
  ])("of %s is %s, with nobody asked and no name for a certificate", async (host, address) => {
    const { vetted, asked } = vetting({}, [], host);

    expect(await vetted()).toEqual({ addresses: [address], port: 5432, servername: null });
    expect(asked).toEqual([]);
  });

  test.each([["0"], ["2852039166"], ["::ffff:169.254.169.254"], ["169.254.169.254."]])(
    "of %s is judged as what it is",
    async (host) => {
      await expect(vetting({}, [], host).vetted()).rejects.toMatchObject({ code: "UNSAFE_URL" });
    },
  );

  test("is asked for without the trailing dot", async () => {
    const { vetted, asked } = vetting({}, ["10.0.0.5"], "DB.corp.");

    expect(await vetted()).toMatchObject({ servername: "db.corp" });
    expect(asked).toEqual(["db.corp"]);
  });

  test.each([
    "",
    "db.corp:5432",
    "[::1]:80",
    "db.corp/x",
    "reader:secret@db.corp",
    "db.corp?sslmode=disable",
    "db.corp#x",
    "db.corp\\x",
    "db corp",
    "db.corp\r\nx",
    "fe80::1%eth0",
    "postgres://db.corp",
    "/var/run/postgresql",
  ])("of %j is refused before anybody is asked", async (host) => {
    const { vetted, asked } = vetting({}, ["10.0.0.5"], host);

    await expect(vetted()).rejects.toMatchObject({ code: "UNSAFE_URL" });
    expect(asked).toEqual([]);
  });

  test.each([0, -1, 65_536, 5432.5, Number.NaN])("at port %p is refused", async (port) => {
    await expect(vetting({}, ["10.0.0.5"], "db.corp", port).vetted()).rejects.toMatchObject({
      code: "UNSAFE_URL",
    });
  });

  test("waits no longer than its caller, and a name without an address is the resolver's error", async () => {
    const controller = new AbortController();
    const waiting = vetting({ resolve: () => new Promise(() => {}) }).vetted(controller.signal);
    controller.abort(new Error("stopped"));

    await expect(waiting).rejects.toThrow("stopped");
    await expect(vetting({}, []).vetted()).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});

describe("a dialled request", () => {
  test("goes to the address and keeps the name for the Host header and the certificate", () => {
    const url = new URL("https://models.corp:8443/v1?a=b");
    const given = { headers: { authorization: "Bearer x", host: "evil" } };
    const { target, request } = toDialledRequest(url, "10.0.0.5", given, { ca: null });

    expect(target.href).toBe("https://10.0.0.5:8443/v1?a=b");
    expect(new Headers(request.headers).get("host")).toBe("models.corp:8443");
    expect(request).toMatchObject({ redirect: "manual", proxy: false, tls: { serverName: "models.corp" } });
  });

  test("asks for no name where the address is a number, or where there is no certificate", () => {
    const url = new URL("https://[2606:4700::1111]/v1");

    const usual = { ca: null };

    expect(toDialledRequest(url, "2606:4700::1111", {}, usual)).toMatchObject({
      target: { host: "[2606:4700::1111]" },
    });
    expect(toDialledRequest(url, "2606:4700::1111", {}, usual).request.tls).toBeUndefined();
    const plain = new URL("http://models.corp");
    expect(toDialledRequest(plain, "10.0.0.5", {}, { ca: ["PEM"] }).request.tls).toBeUndefined();
  });
});

describe("egress over real HTTP", () => {
  let server: ReturnType<typeof Bun.serve>;
  const seen: string[] = [];
  beforeAll(() => {
    server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        const { pathname } = new URL(request.url);
        seen.push(`${request.headers.get("host")}${pathname}`);
        return pathname === "/away" ? Response.redirect("/landed", 302) : new Response("ok");
      },
    });
  });
  afterAll(() => server.stop(true));

  const call = (path: string) => {
    const baseUrl = new URL(`http://models.corp:${server.port}`);
    const egress = createEgress({
      log: { warn: () => {} },
      offline: false,
      vendorHosts: VENDOR_HOSTS,
      ownAddresses: () => [],
      resolve: async () => ["127.0.0.1"],
    });
    return egress.fetchFor({ purpose: "llm", baseUrl, tenantId: null })(new URL(path, baseUrl));
  };

  test("reaches the vetted address under the server's own name", async () => {
    expect(await (await call("/v1")).text()).toBe("ok");
    expect(seen.at(-1)).toBe(`models.corp:${server.port}/v1`);
  });

  test("follows no redirect", async () => {
    await expect(call("/away")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(seen.some((line) => line.endsWith("/landed"))).toBe(false);
  });
});
