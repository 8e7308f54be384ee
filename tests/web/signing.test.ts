/** The examples that the page of identity shows, run as an application's server would run them. */
import { expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTokens } from "../../src/secrets/tokens.ts";
import { SIGNING } from "../../web/pages/identity/signing.ts";

const SECRET = "pis_a-secret-of-the-usual-length-43-characters-long";
const ADA = { id: 4711, name: "Ada Lovelace – Ünal", email: "ada@example.org", groups: ["hr", "it"] };
const tokens = createTokens(new Uint8Array(32));

test("what the Node example signs is believed, with everything that it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-signing-"));
  try {
    const file = join(folder, "identity.mjs");
    await writeFile(file, SIGNING.node);
    const { parleyIdentity } = await import(file);
    const now = Date.now();
    const claims = await tokens.verifyIdentity(parleyIdentity(ADA, SECRET), SECRET, now);
    const { id, ...others } = ADA;
    expect(claims).toEqual({ sub: String(id), ...others, exp: expect.any(Number) });
    expect(Math.abs(Number(claims?.exp) - now / 1000 - 600)).toBeLessThan(5);
    expect(await tokens.verifyIdentity(parleyIdentity(ADA, `${SECRET} `), SECRET, now)).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every example makes the claims that are required, by HS256", () => {
  for (const code of Object.values(SIGNING))
    for (const word of [/HS256/, /\bsub\b/, /\bexp\b/, /\b600\b/]) expect(code).toMatch(word);
});
