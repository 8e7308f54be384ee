/** The form of what an address says when it refuses something. */
import { expect } from "bun:test";

/** `error` as it has to be at that path: below /v1 it is what OpenAI-compatible clients read, at /mcp what its own do. */
export function refusalAt(path: string): unknown {
  const message = expect.stringMatching(/^\S/);
  // JSON-RPC has numbers for what is wrong with a message; what is wrong with the call is Parley's to say.
  if (path === "/mcp") return expect.objectContaining({ message });
  if (!path.startsWith("/v1/"))
    return expect.objectContaining({
      ...{ code: expect.stringMatching(/^[A-Z_]+$/), message },
      requestId: expect.any(String),
    });
  return expect.objectContaining({
    ...{ code: expect.stringMatching(/^[a-z_]+$/), message },
    type: expect.stringMatching(/^(invalid_request|rate_limit|server)_error$/),
  });
}
