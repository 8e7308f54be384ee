import { sql } from "drizzle-orm";
import type { Credential } from "../../domain/credential.ts";
import { PURGE_CREDENTIAL } from "../../domain/credential.ts";
import type { CredentialId, TenantId, UnixMs } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { CredentialStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { notFound } from "./row.ts";

type Row = {
  id: CredentialId;
  tenantId: TenantId;
  name: string;
  details: string;
  hosts: string;
  secret: string;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  deletedAt: UnixMs | null;
};

const SELECT = `
  select id, tenant_id as tenantId, name, details, hosts, secret, created_at as createdAt, updated_at as updatedAt,
    deleted_at as deletedAt
  from credentials where tenant_id = @tenantId`;

export function sqliteCredentialStore(db: SqliteDb): CredentialStore {
  const client = db.$client;
  const find = client.prepare<[object], Row>(`${SELECT} and id = @id and deleted_at is null`);
  const findHidden = client.prepare<[object], Row>(`${SELECT} and id = @id and deleted_at is not null`);
  const list = client.prepare<[object], Row>(
    `${SELECT} and deleted_at is null and (name, id) > (@name, @after) order by name, id limit @most`,
  );
  const count = client
    .prepare<[string], number>("select count(*) from credentials where tenant_id = ? and deleted_at is null")
    .pluck();
  const named = client
    .prepare<[object], string>(
      "select id from credentials where tenant_id = @tenantId and name = @name and id <> @id and deleted_at is null",
    )
    .pluck();
  const showing = client
    .prepare<[object], string>(`
      select label from (
        select name, json_extract(definition, '$.label') as label from tools
        where tenant_id = @tenantId and json_extract(definition, '$.action.credential') = @id and deleted_at is null
        union all
        select name, name from mcp_servers
        where tenant_id = @tenantId and credential_id = @id and deleted_at is null)
      order by name`)
    .pluck();
  const insert = client.prepare<[Row]>(`
    insert into credentials (tenant_id, id, name, details, hosts, secret, created_at, updated_at, deleted_at)
    values (@tenantId, @id, @name, @details, @hosts, @secret, @createdAt, @updatedAt, @deletedAt)`);
  const change = client.prepare<[Row]>(`
    update credentials set name = @name, details = @details, hosts = @hosts, secret = coalesce(nullif(@secret, ''), secret), updated_at = @updatedAt
    where tenant_id = @tenantId and id = @id and deleted_at is null`);
  const hide = client.prepare<[object]>(
    "update credentials set deleted_at = @now where tenant_id = @tenantId and id = @id and deleted_at is null",
  );
  const show = client.prepare<[object]>(
    "update credentials set deleted_at = null where tenant_id = @tenantId and id = @id",
  );
  const purge = client.prepare<[object]>(
    "delete from credentials where tenant_id = @tenantId and id = @id and deleted_at is not null",
  );

  function requireFreeName(credential: Pick<Row, "tenantId" | "id" | "name">): void {
    if (named.get(credential) === undefined) return;
    throw new AppError(
      "CONFLICT",
      `There is a credential called “${credential.name}” already. Name it otherwise.`,
    );
  }

  function requireUnused(tenantId: TenantId, id: CredentialId): void {
    const labels = showing.all({ tenantId, id }).map((label) => `“${label}”`);
    if (labels.length === 0) return;
    throw new AppError(
      "CONFLICT",
      `Tools use this credential: ${labels.join(", ")}. Delete them first, or give them another one.`,
    );
  }

  const write = <Result>(work: () => Result): Result => db.transaction(work, { behavior: "immediate" });

  return {
    async create(credential, limit) {
      const row = toRow(credential);
      requireFreeName(row);
      if ((count.get(row.tenantId) ?? 0) >= limit)
        throw new AppError("RESOURCE_LIMIT", `There may be ${limit} credentials. Delete one first.`);
      insert.run(row);
    },

    async get(tenantId, id) {
      const row = find.get({ tenantId, id });
      if (row === undefined) throw notFound("credential");
      return fromRow(row);
    },

    async list(tenantId, { cursor, limit }) {
      const [name, after] = cursor === null ? ["", ""] : fromCursor(cursor);
      const rows = list.all({ tenantId, name, after, most: limit + 1 });
      const page = toPage(rows, limit, (row) => [row.name, row.id]);
      return { ...page, items: page.items.map(fromRow) };
    },

    async update(credential) {
      const row = toRow(credential);
      requireFreeName(row);
      if (change.run(row).changes === 0) throw notFound("credential");
    },

    async remove(tenantId, id, now, job) {
      write(() => {
        requireUnused(tenantId, id);
        if (hide.run({ tenantId, id, now }).changes === 0) throw notFound("credential");
        insertJob(db, job);
      });
    },

    async restore(tenantId, id, now) {
      return write(() => {
        const hidden = findHidden.get({ tenantId, id });
        if (hidden === undefined || !cancelUnbegun(db, PURGE_CREDENTIAL, tenantId, id, now))
          throw notFound("credential");
        requireFreeName(hidden);
        show.run({ tenantId, id });
        return fromRow({ ...hidden, deletedAt: null });
      });
    },

    async purge(tenantId, id) {
      purge.run({ tenantId, id });
      removeJobsOf(db, [PURGE_CREDENTIAL], tenantId, id);
    },
  };
}

function toRow({ details, hosts, secret, keyLost: _, ...credential }: Credential): Row {
  return {
    ...credential,
    details: JSON.stringify(details),
    hosts: JSON.stringify(hosts),
    secret: secret ?? "",
  };
}

/** Whether the tenant has this credential, and it was not removed. */
export function hasCredential(db: SqliteQueries, tenantId: TenantId, id: CredentialId): boolean {
  const found = db.get(
    sql`select 1 from credentials where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`,
  );
  return found !== undefined;
}

/** Both were written above and nowhere else. */
function fromRow({ details, hosts, ...row }: Row): Credential {
  return {
    ...row,
    details: JSON.parse(details) as Credential["details"],
    hosts: JSON.parse(hosts) as string[],
  };
}
