import type { ApiKeyView } from "../../../src/protocol/admin-api/api-keys.ts";
import type { IdentityView } from "../../../src/protocol/admin-api/identity.ts";
import { before } from "./sample-data.ts";

/** Keys of programs and the identity secret of the fake server. */
export type FakeVouching = { keys: ApiKeyView[]; identity: IdentityView };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const SHOWN_ONCE = {
  key: "prl_4Wq0b8Zs1nV7cTj2yK9dXo5LmE3uRaHf6GpSiNtQvBw",
  secret: "pis_Tj2yK9dXo5LmE3uRaHf6GpSiNtQvBw4Wq0b8Zs1nV7c",
};

function aKey(at: number, given: Partial<ApiKeyView> = {}): ApiKeyView {
  return {
    ...{ id: `key_${at}`, name: `Assistant ${at}`, scopes: ["mcp"], last4: `aB${at}`.padEnd(4, "x") },
    ...{ createdAt: before(at * DAY), expiresAt: before(-90 * DAY), lastUsedAt: before(at * HOUR) },
    ...given,
  };
}

export function vouchingFor(scenario: string): FakeVouching {
  const none = { set: false, createdAt: null, lastUsedAt: null };
  if (scenario === "empty")
    return { keys: [], identity: { secret: none, previousUntil: null, previousLastUsedAt: null } };
  const keys = [
    aKey(1, { name: "Desk assistant of sales" }),
    aKey(2, { expiresAt: null, lastUsedAt: null }),
    aKey(3, { name: "Rindfleischetikettierungsüberwachungsassistenz", expiresAt: before(DAY) }),
  ];
  return {
    keys: scenario === "crowded" ? Array.from({ length: 100 }, (_, at) => aKey(at + 1)) : keys,
    identity: {
      secret: { set: true, createdAt: before(2 * HOUR), lastUsedAt: before(HOUR) },
      ...{ previousUntil: before(-22 * HOUR), previousLastUsedAt: before(HOUR) },
    },
  };
}

/** The answer to a call about keys or identities; null for any other. */
export function vouchingCall(
  call: string,
  body: Record<string, unknown>,
  state: FakeVouching,
): Response | null {
  const [, id] = /^DELETE \/api\/admin\/api-keys\/(.+)$/.exec(call) ?? [];
  if (id) {
    state.keys = state.keys.filter((key) => key.id !== id);
    return new Response(null, { status: 204 });
  }
  switch (call) {
    case "GET /api/admin/api-keys":
      return Response.json({ items: state.keys, nextCursor: null });
    case "POST /api/admin/api-keys": {
      const wanted = body as Pick<ApiKeyView, "name" | "scopes" | "expiresAt">;
      const made = aKey(0, { ...wanted, id: `key_new${state.keys.length}`, lastUsedAt: null });
      state.keys = [made, ...state.keys];
      return Response.json({ ...made, key: SHOWN_ONCE.key }, { status: 201 });
    }
    case "GET /api/admin/identity":
      return Response.json(state.identity);
    case "POST /api/admin/identity/secret":
      state.identity = {
        secret: { set: true, createdAt: before(0), lastUsedAt: null },
        previousUntil: state.identity.secret.set && !body.immediately ? before(-DAY) : null,
        previousLastUsedAt: null,
      };
      return Response.json({ secret: SHOWN_ONCE.secret }, { status: 201 });
    case "DELETE /api/admin/identity/secret":
      state.identity = vouchingFor("empty").identity;
      return new Response(null, { status: 204 });
    case "POST /api/admin/identity/check":
      return Response.json(checked(String(body.token)));
    default:
      return null;
  }
}

function checked(token: string) {
  const claims = { sub: "4711", name: "Fiona Marsh", groups: ["hr", "sales"], exp: 1_764_250_000 };
  if (token === "right") {
    const visitor = { id: "4711", name: "Fiona Marsh", email: null, groups: ["hr", "sales"] };
    return { ok: true, problems: [], signedWith: "previous", visitor, claims };
  }
  const problems = [
    "The secret was taken without its beginning “pis_”. All of its characters are the key.",
    "exp seems to be in milliseconds. It is in seconds: divide it by 1000.",
  ];
  return { ok: false, problems, signedWith: null, visitor: null, claims };
}
