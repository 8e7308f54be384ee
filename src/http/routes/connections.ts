import type { ConnectionId } from "../../domain/ids.ts";
import {
  connectionPageSchema,
  connectionSchema,
  createConnectionSchema,
  databaseSchemaSchema,
  listConnectionsQuery,
  newRoleAnswerSchema,
  newRoleSchema,
  tableRowsBody,
  tableRowsSchema,
  testConnectionAnswerSchema,
  testConnectionSchema,
  updateConnectionSchema,
} from "../../protocol/admin-api/connections.ts";

import {
  addConnection,
  getConnection,
  listConnections,
  newRole,
  removeConnection,
  restoreConnection,
  connectionSchema as schemaOf,
  tableRows,
  testConnection,
  testSettings,
  updateConnection,
} from "../../services/tools/connections.ts";
import { endpoint } from "../endpoint.ts";
import { checkView, connectionView } from "../tool-views.ts";

export const connections = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/db",
      need: { role: "viewer" },
      summary: "Connections to databases, by name",
      query: listConnectionsQuery,
      answer: connectionPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit } }) => {
      const page = await listConnections(deps, tenantId, { cursor, limit });
      return { items: page.items.map(connectionView), nextCursor: page.nextCursor };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/db",
      need: { role: "admin" },
      summary: "Add a connection to a database; one that cannot be reached is kept unchecked",
      body: createConnectionSchema,
      status: 201,
      answer: connectionSchema,
    },
    async (deps, { tenantId, body }) => connectionView(await addConnection(deps, { ...body, tenantId })),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/db/test",
      need: { role: "admin" },
      summary: "Try settings before they are saved, or check a saved connection; says what is wrong",
      body: testConnectionSchema,
      answer: testConnectionAnswerSchema,
    },
    async (deps, { tenantId, body }) => {
      if (!("id" in body)) return checkView(await testSettings(deps, { ...body, tenantId }));
      const { id, type: _type, ...changes } = body;
      return checkView(await testConnection(deps, tenantId, id as ConnectionId, changes));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/db/role",
      need: { role: "admin" },
      summary: "The commands that make a role which can only read, with a password made for it",
      body: newRoleSchema,
      answer: newRoleAnswerSchema,
      changesNothing: true,
    },
    (deps, { body }) => newRole(deps, body),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/db/:id",
      need: { role: "viewer" },
      summary: "One connection; its password is never shown",
      params: { id: "connection" },
      answer: connectionSchema,
    },
    async (deps, { tenantId, params }) => connectionView(await getConnection(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/db/:id",
      need: { role: "admin" },
      summary: "Change a connection; what is left out stays",
      params: { id: "connection" },
      body: updateConnectionSchema,
      answer: connectionSchema,
    },
    async (deps, { tenantId, params, body }) =>
      connectionView(await updateConnection(deps, tenantId, params.id, body)),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/db/:id",
      need: { role: "admin" },
      summary: "Delete a connection that no tool uses; final after 30 s",
      params: { id: "connection" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeConnection(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/db/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "connection" },
      answer: connectionSchema,
    },
    async (deps, { tenantId, params }) => connectionView(await restoreConnection(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/db/:id/schema",
      need: { role: "viewer" },
      summary: "Tables and columns that the role may read",
      params: { id: "connection" },
      answer: databaseSchemaSchema,
    },
    (deps, { tenantId, params }) => schemaOf(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/db/:id/rows",
      need: { role: "admin" },
      summary: "First rows of a table, without what is masked",
      params: { id: "connection" },
      body: tableRowsBody,
      answer: tableRowsSchema,
      changesNothing: true,
    },
    (deps, { tenantId, params, body: { schema, table } }) =>
      tableRows(deps, tenantId, params.id, schema, table),
  ),
];
