/** Parley as a client of the official SDK's server, over a real socket and through egress. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Credential } from "../../../src/domain/credential.ts";
import { newId } from "../../../src/domain/ids.ts";
import type { McpServer, RemoteTool } from "../../../src/domain/mcp-server.ts";
import { parseAllowEntry } from "../../../src/egress/allow-list.ts";
import { createEgress } from "../../../src/egress/egress.ts";
import type { Noted } from "../../../src/egress/ledger.ts";
import { AppError, type ErrorCode, NothingSent } from "../../../src/errors.ts";
import { createMcpConnections, type McpConnections } from "../../../src/tools/mcp/client.ts";
import { aCredential, aMcpServer, NOW } from "../../helpers/builders.ts";
import { type McpToolServer, STOCK_TOOL, startMcpToolServer } from "../../helpers/mcp-tool-server.ts";
import { rejection } from "../../helpers/rejection.ts";

let remote: McpToolServer;
let connections: McpConnections;
let noted: Noted[];
let server: McpServer;

function connectionsTo(allowed: string | string[], credential?: Credential): McpConnections {
  const egress = createEgress({
    ...{ offline: false, vendorHosts: new Set<string>(), ownAddresses: () => [], log: { warn() {} } },
    allow: () => [allowed].flat().map(parseAllowEntry),
    ledger: {
      note: (each) => void noted.push(each),
      meter: (what) => (receivedBytes) => void noted.push({ ...what, receivedBytes }),
    },
  });
  const credentialOf = async () => {
    if (credential === undefined) throw new Error("There is no credential.");
    return credential;
  };
  return createMcpConnections({
    ...{ egress, credentialOf, now: () => NOW, monotonicNow: () => 0, version: "1.2.3" },
  });
}

beforeEach(() => {
  remote = startMcpToolServer();
  noted = [];
  connections = connectionsTo(`127.0.0.1:${remote.port}`);
  server = aMcpServer({ tenantId: newId("tenant"), url: remote.url });
});
afterEach(async () => {
  await connections.close();
  await remote.stop();
});

const signal = () => new AbortController().signal;
const listed = (from = server) => connections.tools(from, signal());
const refusal = async (work: Promise<unknown>): Promise<AppError> => {
  const thrown = await rejection(work);
  if (thrown instanceof AppError) return thrown;
  throw thrown;
};
const anyTool = async () => {};
const call = (agree: (found: RemoteTool | null) => Promise<void> = anyTool, callId: string | null = null) =>
  connections.call(server, { name: "getStock", arguments: { product: "laptop" }, callId }, agree, signal());

describe("a server's tools", () => {
  test("are read with arguments, hints and the server's own name, and bytes go into the ledger as mcp", async () => {
    const { serverVersion, tools, truncated } = await listed();

    expect([serverVersion, truncated]).toEqual(["sample 2.1", false]);
    expect(tools).toMatchObject([
      {
        ...{
          name: "getStock",
          title: "Stock of a product",
          readOnly: true,
          destructive: null,
          problem: null,
        },
        parameters: [
          { name: "product", type: "text", required: true, max: 40, description: "Name of the product" },
          { name: "city", type: "enum", values: ["Berlin", "Bonn"], required: false },
          { name: "least", type: "integer", min: 0 },
        ],
      },
    ]);
    expect(new Set(noted.map(({ purpose, outcome }) => `${purpose} ${outcome}`))).toEqual(
      new Set(["mcp allowed"]),
    );
    expect(noted.some(({ receivedBytes = 0 }) => receivedBytes > 100)).toBe(true);
  });

  test("come page by page, up to as many as anybody looks through", async () => {
    remote.tools = Array.from({ length: 7 }, (_, index) => ({ ...STOCK_TOOL, name: `tool_${index}` }));
    remote.pageSize = 3;
    expect((await listed()).tools.map(({ name }) => name)).toEqual(remote.tools.map(({ name }) => name));

    remote.tools = Array.from({ length: 40 }, (_, index) => ({ ...STOCK_TOOL, name: `tool_${index}` }));
    remote.pageSize = 1;
    const { tools, truncated } = await listed();
    expect([tools.length, truncated]).toEqual([20, true]);
  });

  test("come as JSON as well as in a stream", async () => {
    const other = startMcpToolServer({ json: true });
    connections = connectionsTo(`127.0.0.1:${other.port}`);
    const { tools } = await listed({ ...server, url: other.url });
    expect(tools.map(({ name }) => name)).toEqual(["getStock"]);
    await connections.close();
    await other.stop();
  });

  test("a token that the server does not take any longer is fetched anew", async () => {
    let token = 1;
    const tokens = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => Response.json({ access_token: `token-${token}`, expires_in: 3600 }),
    });
    const tokenUrl = `http://127.0.0.1:${tokens.port}/token`;
    const details = { kind: "oauth2", tokenUrl, clientId: "parley", scope: null } as const;
    const credential = aCredential({ tenantId: server.tenantId, details });
    connections = connectionsTo(
      [remote.port, tokens.port].map((port) => `127.0.0.1:${port}`),
      credential,
    );
    remote.instead = (request) =>
      request.headers.get("authorization") === `Bearer token-${token}`
        ? null
        : new Response(null, { status: 401 });
    const guarded = { ...server, credential: credential.id };
    expect((await listed(guarded)).tools).toHaveLength(1);
    token = 2;
    expect((await listed(guarded)).tools).toHaveLength(1);
    await tokens.stop(true);
  });

  test("no stream is kept open for what the server may have to tell", async () => {
    await listed();
    expect(remote.requests.map(({ method }) => method)).not.toContain("GET");
  });
});

describe("a call", () => {
  test("asks what the tool is first, sends the arguments under its id, and gives what came", async () => {
    remote.answer = () => ({ content: [{ type: "text", text: "7" }], structuredContent: { stock: 7 } });
    const seen: (RemoteTool | null)[] = [];
    const result = await call(async (found) => void seen.push(found), "tcl_1");

    expect(result).toEqual({
      content: [{ type: "text", text: "7" }],
      structured: { stock: 7 },
      isError: false,
    });
    expect(seen).toMatchObject([{ name: "getStock" }]);
    expect(remote.called).toEqual([
      { name: "getStock", arguments: { product: "laptop" }, meta: { "parley/idempotency-key": "tcl_1" } },
    ]);
  });

  test("is not made when whoever sees the tool refuses it, and says so", async () => {
    remote.tools = [];
    const refused = async (found: RemoteTool | null) => {
      expect(found).toBeNull();
      throw new Error("no");
    };
    expect((await refusal(call(refused))).cause).toBeInstanceOf(NothingSent);
    expect(remote.called).toEqual([]);
  });

  test("uses the session that was kept, and a new one where the server forgot it", async () => {
    await call();
    await call();
    const initialised = () => remote.requests.filter(({ rpc }) => rpc === "initialize").length;
    expect([initialised(), remote.sessions()]).toEqual([1, 1]);

    remote.forgetSessions();
    await call();
    expect([initialised(), remote.called.length]).toEqual([2, 3]);
  });

  test("four run at once, each in a session of its own", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: busy, resolve: isBusy } = Promise.withResolvers<void>();
    remote.answer = async () => {
      if (remote.called.length === 4) isBusy();
      await gate;
      return { content: [] };
    };
    const calls = Array.from({ length: 6 }, () => call());
    await busy;
    expect(remote.sessions()).toBe(4);
    open();
    await Promise.all(calls);
    expect([remote.called.length, remote.sessions()]).toEqual([6, 4]);
  });
});

describe("what a server does wrong", () => {
  const answers = (work: NonNullable<McpToolServer["instead"]>) => {
    remote.instead = work;
  };
  const whenCalled = async (request: Request): Promise<boolean> =>
    (await request.clone().text()).includes("tools/call");

  test.each<[string, () => Response, ErrorCode]>([
    ["a page that is not there", () => new Response("no", { status: 404 }), "TOOL_FAILED"],
    ["a web page", () => new Response("<html>", { headers: { "content-type": "text/html" } }), "TOOL_FAILED"],
    [
      "what is no JSON",
      () => new Response("{", { headers: { "content-type": "application/json" } }),
      "TOOL_FAILED",
    ],
    ["another protocol", () => Response.json({ jsonrpc: "1.0" }), "TOOL_FAILED"],
    ["that nobody is let in", () => new Response(null, { status: 401 }), "TOOL_FORBIDDEN"],
    ["that it is busy", () => new Response(null, { status: 503 }), "TOOL_UNAVAILABLE"],
    ["that it failed", () => new Response(null, { status: 500 }), "TOOL_FAILED"],
    ["a redirect elsewhere", () => Response.redirect("http://169.254.169.254/mcp", 307), "EGRESS_DENIED"],
    ["a redirect to another path", () => Response.redirect("/other", 307), "EGRESS_DENIED"],
    [
      "more than anybody reads",
      () => Response.json({ padding: "x".repeat(3_000_000) }),
      "RESPONSE_TOO_LARGE",
    ],
  ])("%s is told in words", async (_, response, code) => {
    answers(response);
    expect((await refusal(listed())).code).toBe(code);
    expect((await refusal(call())).cause).toBeInstanceOf(NothingSent);
  });

  test("a result without end is given up as soon as it is too large", async () => {
    answers(async (request) =>
      (await whenCalled(request))
        ? new Response(endless(), { headers: { "content-type": "text/event-stream" } })
        : null,
    );
    const { code, cause } = await refusal(call());
    expect([code, cause instanceof NothingSent]).toEqual(["RESPONSE_TOO_LARGE", false]);
  });

  test("an answer that breaks off is not waited for, and may have been given", async () => {
    answers(async (request) => ((await whenCalled(request)) ? new Response(brokenOff(), EVENTS) : null));
    const { code, cause } = await refusal(call());
    expect([code, cause instanceof NothingSent]).toEqual(["TOOL_UNAVAILABLE", false]);
  });

  test("one that is not there is not asked again and again", async () => {
    await remote.stop();
    for (let count = 0; count < 3; count++) expect((await refusal(call())).code).toBe("TOOL_UNAVAILABLE");
    expect((await refusal(call())).message).toContain("a moment ago");
    // Whoever looks at the server may have mended it.
    expect((await refusal(listed())).message).toContain("cannot be reached");
  });

  test("one that nobody listed is sent nothing", async () => {
    connections = connectionsTo("127.0.0.1:1");
    const { code } = await refusal(listed());
    expect([code, remote.requests.length]).toEqual(["EGRESS_DENIED", 0]);
    expect((await refusal(connections.requireCallable(server))).code).toBe("EGRESS_DENIED");
    expect(noted).toMatchObject([{ purpose: "mcp", outcome: "refused" }]);
  });

  test("a call that its caller gives up ends at once", async () => {
    const leaving = new AbortController();
    remote.answer = () => {
      leaving.abort(new Error("stopped"));
      return new Promise(() => {});
    };
    const calling = connections.call(
      server,
      { name: "getStock", arguments: {}, callId: null },
      anyTool,
      leaving.signal,
    );
    expect(await calling.catch((thrown: Error) => thrown.message)).toBe("stopped");
  });

  const EVENTS = { headers: { "content-type": "text/event-stream" } };
  function endless(): ReadableStream {
    const part = new TextEncoder().encode(`: ${"x".repeat(65_536)}\n`);
    return new ReadableStream({ pull: (controller) => controller.enqueue(part) });
  }
  function brokenOff(): ReadableStream {
    return new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("event: message\ndata: {"));
        controller.error(new Error("the server's disk is on fire"));
      },
    });
  }
});
