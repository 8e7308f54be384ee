import type { Context } from "hono";
import type { Deps, McpResponder } from "../deps.ts";
import type { TenantId } from "../domain/ids.ts";
import type { Limits } from "../services/access/limits.ts";
import type { Rejections } from "../services/access/rejections.ts";
import type { AskDeps } from "../services/chat/ask.ts";
import type { ProgramConversations } from "../services/chat/programs.ts";
import type { Health } from "../services/operations/health.ts";
import type { ToolUses } from "../services/tools/tool-uses.ts";
import type { ContentEncoding } from "./encodings.ts";

/** What routes may use: the services' dependencies and a few things of this node's own. */
export type HttpDeps = Deps &
  AskDeps & {
    limits: Limits;
    rejections: Rejections;
    toolUses: ToolUses;
    programConversations: ProgramConversations;
    health: Pick<Health, "readiness">;
    wakeQueue: () => void;
    /** Null once setup is done. */
    setupToken: () => string | null;
    /** Names and addresses under which this machine may be asked for, without port. */
    ownHosts: () => ReadonlySet<string>;
    /** Origins under which visitors may find this machine, the likeliest first. */
    visitorOrigins: () => string[];
    mcpRespond: McpResponder;
    assets: Assets;
    samples: () => { name: string; bytes: () => Promise<Uint8Array> }[];
    /** Open sockets, for closing them when a session ends or the server stops. */
    sockets: SocketRegistry;
    sessionWatch: SessionWatch;
    /** Stops taking work: readiness says no. */
    stopping: () => boolean;
  };

export type AssetFile = {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  /** The same, compressed, where that makes it smaller. */
  encoded: Partial<Record<ContentEncoding, Uint8Array<ArrayBuffer>>>;
};

/** Files of the admin and the widget, from inside the binary. */
export type Assets = {
  /** By path below /assets, e.g. `admin-3f2a.js`. */
  find(path: string): Promise<(AssetFile & { immutable: boolean }) | null>;
  /** The admin's HTML page. */
  adminPage(): Promise<AssetFile>;
  widgetScript(): Promise<AssetFile>;
};

export type SocketRegistry = {
  add(socket: OpenSocket): () => void;
  closeWhere(matches: (socket: OpenSocket) => boolean, code: number, reason: string): void;
  count(): number;
  countFor(owner: string): number;
};

/** Closes sockets of the backoffice when the session that opened them is over. */
export type SessionWatch = {
  /** Watches until the returned function is called. */
  add(socket: WatchedSocket): () => void;
};

export type WatchedSocket = { jti: string; tenantId: TenantId; close(code: number, reason: string): void };

export type OpenSocket = { owner: string; close(code: number, reason: string): void };

export type AppEnv = {
  Bindings: Bun.Server<unknown>;
  Variables: {
    requestId: string;
    /** The client's address, behind trusted proxies. */
    address: string;
    /** Peer and `Host` are this machine and nothing was forwarded. */
    loopback: boolean;
    /** Who acts in which tenant's backoffice, for the audit log; handlers get a principal. */
    actor?: { id: string; tenantId: TenantId };
  };
};

export type AppContext = Context<AppEnv>;
