/** Why an MCP server gave nothing, as whoever asked can act on. */
import { AppError } from "../../errors.ts";
import { shortened, visible } from "./visible.ts";

/** What a server answers that is not there for the moment. */
const AWAY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Of JSON-RPC, as the SDK has them: nobody answered in time, the connection was closed. */
const RPC = { timeout: -32001, closed: -32000 };

/** @param waitedMs how long was waited, where that is over */
export function toCallError({ host }: URL, thrown: unknown, waitedMs: number | null): AppError {
  if (waitedMs !== null)
    return new AppError("TOOL_TIMEOUT", `${host} did not answer within ${waitedMs / 1000} seconds.`, {
      cause: thrown,
    });
  if (thrown instanceof AppError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (typeof code === "number" && code >= 100) return ofStatus(host, code, thrown);
  if (code === RPC.timeout)
    return new AppError("TOOL_TIMEOUT", `${host} did not answer in time.`, { cause: thrown });
  if (typeof code === "string" || code === RPC.closed)
    return new AppError("TOOL_UNAVAILABLE", `${host} cannot be reached. Try again later.`, { cause: thrown });
  if (typeof code === "number" && code < -1 && thrown instanceof Error)
    return new AppError("TOOL_FAILED", `${host} did not take the call: ${said(thrown.message)}`, {
      cause: thrown,
    });
  return new AppError(
    "TOOL_FAILED",
    `${host} answered with something that is not the Model Context Protocol. Check the server's address.`,
    { cause: thrown },
  );
}

function ofStatus(host: string, status: number, cause: unknown): AppError {
  if (status === 401 || status === 403)
    return new AppError(
      "TOOL_FORBIDDEN",
      `${host} does not let Parley in (${status}). An admin checks the server's credential.`,
      { cause },
    );
  if (AWAY.has(status))
    return new AppError(
      "TOOL_UNAVAILABLE",
      `${host} does not answer for the moment (${status}). Try again later.`,
      {
        cause,
      },
    );
  const isElsewhere = status === 404 || status === 405;
  const what = isElsewhere
    ? `has no MCP server at this address`
    : status < 500
      ? "did not take the call"
      : "failed";
  return new AppError("TOOL_FAILED", `${host} ${what} (${status}).`, { cause });
}

/** A server's own words, in quotes: they are somebody else's, and a model reads them. */
export function said(text: string): string {
  return `“${shortened(visible(text.replace(/^MCP error -?\d+: /, "")), 500)}”`;
}
