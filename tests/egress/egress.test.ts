import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { toDialledRequest } from "../../src/egress/dial.ts";
import { createEgress, type EgressOptions } from "../../src/egress/egress.ts";

type Dialled = { url: string; address: string };

/** An egress with a resolver and a dialler that only take notes. */
function anEgress(overrides: Partial<EgressOptions> = {}, addresses: string[] = ["10.0.0.5"]) {
  const dialled: Dialled[] = [];
  const denied: Record<string, unknown>[] = [];
  const egress = createEgress({
    log: { warn: (_event, fields) => void denied.push(fields ?? {}) },
    offline: false,
    ownAddresses: () => [],
    resolve: async () => addresses,
    dial: async (url, address) => {
      dialled.push({ url: url.href, address });
      return new Response("ok");
    },
    ...overrides,
  });
  const call = (target: string, granted = target) =>
    egress.fetchFor({ purpose: "llm", baseUrl: new URL(granted) })(target);
  return { call, dialled, denied };
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
    expect(denied).toMatchObject([{ purpose: "llm", host: "models.corp", code: "UNSAFE_URL" }]);
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
    await call("http://models.corp/v1");

    expect(dialled).toHaveLength(1);
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
    const { call, dialled } = anEgress({ ownAddresses: () => [{ host, port: 8080 }] }, [address]);

    await expect(call("http://models.corp:8080/v1")).rejects.toMatchObject({
      code: "UNSAFE_URL",
      message: expect.stringContaining("Parley's own address"),
    });
    await call("http://models.corp:8081/v1");
    expect(dialled).toHaveLength(1);
  });

  test("reaches another machine at the same port", async () => {
    const { call, dialled } = anEgress({ ownAddresses: () => [{ host: "0.0.0.0", port: 8080 }] }, [
      "10.99.98.97",
    ]);

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
      ownAddresses: () => [],
      resolve: () => new Promise(() => {}),
    });
    const answer = egress.fetchFor({ purpose: "llm", baseUrl: new URL("http://models.corp") })(
      "http://models.corp/v1",
      {
        signal: controller.signal,
      },
    );

    controller.abort(new Error("stopped"));

    await expect(answer).rejects.toThrow("stopped");
  });
});

describe("a dialled request", () => {
  test("goes to the address and keeps the name for the Host header and the certificate", () => {
    const { target, request } = toDialledRequest(new URL("https://models.corp:8443/v1?a=b"), "10.0.0.5", {
      headers: { authorization: "Bearer x", host: "evil" },
    });

    expect(target.href).toBe("https://10.0.0.5:8443/v1?a=b");
    expect(new Headers(request.headers).get("host")).toBe("models.corp:8443");
    expect(request).toMatchObject({ redirect: "manual", proxy: false, tls: { serverName: "models.corp" } });
  });

  test("asks for no name where the address is a number, or where there is no certificate", () => {
    const url = new URL("https://[2606:4700::1111]/v1");

    expect(toDialledRequest(url, "2606:4700::1111", {})).toMatchObject({
      target: { host: "[2606:4700::1111]" },
    });
    expect(toDialledRequest(url, "2606:4700::1111", {}).request.tls).toBeUndefined();
    expect(toDialledRequest(new URL("http://models.corp"), "10.0.0.5", {}).request.tls).toBeUndefined();
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
      ownAddresses: () => [],
      resolve: async () => ["127.0.0.1"],
    });
    return egress.fetchFor({ purpose: "llm", baseUrl })(new URL(path, baseUrl));
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
