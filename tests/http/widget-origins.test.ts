import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { rawRequest, upgradeRequest } from "../helpers/raw-http.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
let embedKey: string;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
});
afterAll(() => parley.remove());

const PAGE = "https://app.corp";
const allow = (...allowedDomains: string[]) => owner.send("PUT", "/api/admin/widget", { allowedDomains });

function openSession(headers: Record<string, string>): Promise<Response> {
  return fetch(`${parley.url}/api/widget/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ key: embedKey }),
  });
}

describe("where the widget may be embedded", () => {
  test("row 36: nowhere, until an admin allows a page", async () => {
    await allow();
    for (const headers of [{ origin: PAGE }, { origin: "https://evil.example" }, { origin: "null" }, {}]) {
      const answer = await expectNothingPersisted(parley, () => openSession(headers));
      expect(answer.status).toBe(403);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect(await answer.json()).toMatchObject({ error: { code: "ORIGIN_NOT_ALLOWED" } });
    }
  });

  test("on Parley's own pages always", async () => {
    await allow();

    expect((await openSession({ origin: parley.url })).status).toBe(200);
    expect((await openSession({ "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await openSession({ origin: parley.url, "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  test.each([
    "https://app.corp.evil",
    "https://evilapp.corp",
    "http://app.corp",
    "https://app.corp:8443",
    "null",
    "https://app.corp.",
    "https://sub.app.corp",
    "https://app.corp@evil.example",
    "https://app.corp/path",
    " https://app.corp.evil",
    "https://аpp.corp",
    "file://app.corp",
  ])("row 37: %s is not https://app.corp", async (origin) => {
    await allow(PAGE);
    const answer = await expectNothingPersisted(parley, () =>
      openSession({ origin: Buffer.from(origin).toString("latin1") }),
    );

    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("row 37: letters of either case are the same origin", async () => {
    await allow(PAGE);

    for (const origin of [PAGE, "https://APP.corp"]) {
      const answer = await openSession({ origin });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
      expect(answer.headers.get("vary")).toContain("Origin");
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  test("takes origins and bare hosts with wildcards, and refuses what is neither", async () => {
    for (const domain of [
      "https://app.corp",
      "app.corp",
      "*.corp",
      "https://*.corp",
      "app.corp:8443",
      "[::1]:3000",
    ])
      expect((await owner.call("PUT", "/api/admin/widget", { allowedDomains: [domain] })).status).toBe(200);
    for (const domain of [
      "*",
      "https://",
      "a b",
      "javascript:alert(1)",
      "https://app.corp\t/path",
      "ftp://app.corp",
    ]) {
      const answer = await expectNothingPersisted(parley, () =>
        owner.call("PUT", "/api/admin/widget", { allowedDomains: [domain] }),
      );
      expect(`${domain} ${answer.status}`).toBe(`${domain} 400`);
      expect(answer.body).toMatchObject({ error: { message: expect.not.stringContaining("pattern") } });
    }
  });

  test("takes the pasted address of a page as its origin", async () => {
    const { body } = await owner.call("PUT", "/api/admin/widget", {
      allowedDomains: ["https://App.corp/hr/leave?year=2026#top"],
    });
    expect(body.allowedDomains).toEqual(["https://app.corp"]);
  });
});

describe("a preflight", () => {
  const preflight = (path: string, origin: string) =>
    fetch(`${parley.url}${path}`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });

  test("is answered without credentials for any page that some tenant allows", async () => {
    await allow(PAGE);
    for (const path of [
      ...["/api/widget/session", "/api/chat/message", "/api/chat/stop", "/api/chat/feedback"],
      ...["/widget.js", "/assets/any.js", "/logos/any"],
    ]) {
      const answer = await preflight(path, PAGE);
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe(PAGE);
      expect(answer.headers.get("access-control-allow-headers")).toContain("authorization");
      expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("is refused for any other page, and for the backoffice always", async () => {
    await allow(PAGE);
    const refused = await preflight("/api/widget/session", "https://evil.example");
    expect(refused.status).toBe(403);
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    for (const path of ["/api/admin/knowledge", "/api/auth/login", "/api/setup"]) {
      const answer = await preflight(path, PAGE);
      expect(answer.ok).toBe(false);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("does not decide the call: the tenant's own list does", async () => {
    const other = await owner.send<{ id: string }>("POST", "/api/admin/tenants", {
      name: "Other department",
    });
    await allow(PAGE);
    owner.tenant = other.id;
    const foreignKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
    owner.tenant = null;

    expect((await preflight("/api/widget/session", PAGE)).status).toBe(204);
    const answer = await fetch(`${parley.url}/api/widget/config/${foreignKey}`, {
      headers: { origin: PAGE },
    });
    expect(answer.status).toBe(403);
  });
});

describe("a page that was allowed", () => {
  test("may go on only while it still is", async () => {
    await allow(PAGE);
    const visitor = await openVisitor(parley, embedKey, PAGE);
    expect((await visitor.call("GET", `/api/chat/history/${visitor.session}`)).status).toBe(200);
    await allow("https://elsewhere.corp");

    expect((await visitor.call("GET", `/api/chat/history/${visitor.session}`)).status).toBe(403);
    const message = { session: visitor.session, id: clientId(), text: "Hello?" };
    expect((await visitor.call("POST", "/api/chat/message", message)).status).toBe(403);
    await expect(visitor.openSocket()).rejects.toThrow();
  });

  test("is seen by the admin as a place where the widget is", async () => {
    await allow(PAGE);
    await openVisitor(parley, embedKey, PAGE);
    await openVisitor(parley, embedKey);

    const { seenOrigins } = await owner.get<{ seenOrigins: string[] }>("/api/admin/widget");
    expect(seenOrigins).toContain(PAGE);
    expect(seenOrigins).not.toContain(parley.url);
  });
});

describe("row 35: an allowed origin is no proof of who somebody is", () => {
  let visitor: VisitorClient;
  beforeAll(async () => {
    await allow(PAGE);
    visitor = await openVisitor(parley, embedKey, PAGE);
  });

  test("every call about a session needs its token", async () => {
    const calls: [string, string, unknown?][] = [
      ["GET", `/api/chat/history/${visitor.session}`],
      ["GET", `/api/chat/events/${visitor.session}`],
      ["POST", "/api/chat/message", { session: visitor.session, id: clientId(), text: "Hello?" }],
      ["POST", "/api/chat/conversation", { session: visitor.session }],
      ["POST", "/api/chat/stop", { session: visitor.session }],
      [
        "POST",
        "/api/chat/feedback",
        { session: visitor.session, message: `msg_${"0".repeat(26)}`, rating: "helpful" },
      ],
    ];
    for (const [method, path, body] of calls) {
      const answer = await expectNothingPersisted(parley, () =>
        fetch(`${parley.url}${path}`, {
          method,
          headers: { origin: PAGE, "content-type": "application/json" },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      );
      expect(`${path} ${answer.status}`).toBe(`${path} 401`);
    }
  });

  test("the token in a query or a cookie is none", async () => {
    const path = `/api/chat/history/${visitor.session}`;
    for (const [address, headers] of [
      [`${path}?token=${visitor.token}`, {}],
      [path, { cookie: `token=${visitor.token}; parley_session=${visitor.token}` }],
      [path, { authorization: `Basic ${visitor.token}` }],
    ] as const) {
      const answer = await fetch(`${parley.url}${address}`, { headers: { origin: PAGE, ...headers } });
      expect([400, 401]).toContain(answer.status);
    }
  });

  test("sockets are refused before the upgrade for pages that may not embed", async () => {
    const host = new URL(parley.url).host;
    for (const origin of ["https://evil.example", "null", "https://app.corp.evil", "http://app.corp"]) {
      const answer = await rawRequest(
        parley.url,
        upgradeRequest(`/ws/chat/${visitor.session}`, host, { Origin: origin }),
      );
      expect(answer.status).toBe(403);
    }
    expect(
      (await rawRequest(parley.url, upgradeRequest(`/ws/chat/${visitor.session}`, host, {}))).status,
    ).toBe(403);
    const allowed = await rawRequest(
      parley.url,
      upgradeRequest(`/ws/chat/${visitor.session}`, host, { Origin: PAGE }),
    );
    expect(allowed.status).toBe(101);
  });
});

describe("what anybody may read", () => {
  test("row 38: the embed key opens nothing but the widget", async () => {
    for (const path of ["/api/admin/knowledge", "/api/admin/conversations", "/api/auth/me", "/v1/models"]) {
      const answer = await fetch(`${parley.url}${path}`, {
        headers: { authorization: `Bearer ${embedKey}` },
      });
      expect([401, 404]).toContain(answer.status);
    }
  });

  test("row 40: the public configuration is exactly what the widget shows", async () => {
    const answer = await fetch(`${parley.url}/api/widget/config/${embedKey}`, {
      headers: { origin: parley.url },
    });

    expect(await answer.json()).toEqual({
      displayName: "Ask Example Works",
      subtitle: "",
      greeting: "Hello. Ask me anything about how things work here.",
      primaryColor: expect.stringMatching(/^#[0-9a-f]{6}$/),
      theme: "auto",
      position: "bottom-right",
      suggestedQuestions: [],
      logoUrl: null,
      organisation: "Example Works",
    });
  });

  test("an unknown embed key is 404, a rotated one as well", async () => {
    const config = (key: string) =>
      fetch(`${parley.url}/api/widget/config/${key}`, { headers: { origin: parley.url } });
    const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;

    const rotated = await owner.send<{ embedKey: string }>(
      "POST",
      `/api/admin/tenants/${tenant?.id}/rotate-key`,
    );

    expect((await config(embedKey)).status).toBe(404);
    expect((await config("pk_unknown-unknown-unknown")).status).toBe(404);
    expect((await config(rotated.embedKey)).status).toBe(200);
  });

  test("the widget's script, for every page, and asked for again only when it changed", async () => {
    const script = await fetch(`${parley.url}/widget.js`, {
      headers: { origin: "https://anywhere.example" },
    });

    expect(script.headers.get("content-type")).toContain("javascript");
    expect(script.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(script.headers.get("access-control-allow-origin")).toBe("*");
    const again = await fetch(`${parley.url}/widget.js`, {
      headers: { "if-none-match": script.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  });
});

test("a script that names no page is told what to send", async () => {
  const { embedKey: key } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  const answer = await fetch(`${parley.url}/api/widget/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });

  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({
    error: { code: "ORIGIN_NOT_ALLOWED", message: expect.stringContaining("Send an Origin header") },
  });
});
