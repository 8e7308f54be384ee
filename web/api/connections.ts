import type {
  ConnectionPage,
  ConnectionView,
  DatabaseSchemaView,
  NewRoleAnswer,
  TableRowsView,
  TestConnectionAnswer,
} from "../../src/protocol/admin-api/connections.ts";
import { getJson, sendJson } from "./client.ts";
import { query } from "./query.ts";

const CONNECTIONS = "/api/admin/db";

export type ConnectionSettings = Pick<
  ConnectionView,
  "name" | "type" | "host" | "port" | "database" | "username" | "tls" | "ca"
> & {
  /** Null keeps the one that is stored, or means none; an empty one takes the stored one away. */
  password: string | null;
};

export const listConnections = (cursor: string | null, signal?: AbortSignal) =>
  getJson<ConnectionPage>(`${CONNECTIONS}${query({ cursor })}`, signal ? { signal } : {});
export const getConnection = (id: string, signal?: AbortSignal) =>
  getJson<ConnectionView>(`${CONNECTIONS}/${id}`, signal ? { signal } : {});
/** What a connection that is saved has beside: each is sent only when it was changed. */
export type ConnectionOpening = Partial<Pick<ConnectionView, "masks" | "schemaAccess">>;
export const addConnection = (settings: ConnectionSettings) =>
  sendJson<ConnectionView>("POST", CONNECTIONS, settings);
/** The type of a connection stays; a password of null keeps the stored one. */
export const updateConnection = (
  id: string,
  { type: _type, password, ...settings }: ConnectionSettings,
  opening: ConnectionOpening,
) =>
  sendJson<ConnectionView>("PATCH", `${CONNECTIONS}/${id}`, {
    ...settings,
    ...opening,
    ...storedPassword(password),
  });
export const removeConnection = (id: string) => sendJson<void>("DELETE", `${CONNECTIONS}/${id}`);
export const restoreConnection = (id: string) => sendJson<void>("POST", `${CONNECTIONS}/${id}/restore`);

/** Null keeps what is stored; an empty one takes it away. */
function storedPassword(password: string | null): { password?: string | null } {
  return password === null ? {} : { password: password === "" ? null : password };
}

/** What the page has, on top of what is stored for `id`. */
export function testConnection(
  id: string | null,
  settings: ConnectionSettings,
): Promise<TestConnectionAnswer> {
  const { password, name: _name, ...rest } = settings;
  const body = id === null ? { ...rest, password } : { id, ...rest, ...storedPassword(password) };
  return sendJson<TestConnectionAnswer>("POST", `${CONNECTIONS}/test`, body);
}

/** The commands that make a role which can only read, with a password made for it. */
export const newRole = (settings: Pick<ConnectionSettings, "type" | "database">) =>
  sendJson<NewRoleAnswer>("POST", `${CONNECTIONS}/role`, settings);
export const getSchema = (id: string, signal?: AbortSignal) =>
  getJson<DatabaseSchemaView>(`${CONNECTIONS}/${id}/schema`, signal ? { signal } : {});
export const firstRows = (id: string, schema: string, table: string) =>
  sendJson<TableRowsView>("POST", `${CONNECTIONS}/${id}/rows`, { schema, table });
