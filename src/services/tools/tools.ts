/** The tools of a tenant: what may be looked up, as admins wrote it down. */
import type { Deps } from "../../deps.ts";
import type { Visitor } from "../../domain/conversation.ts";
import { newId, type TenantId, type ToolId, type UserId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { type CatalogueTool, PURGE_TOOL, type ResultColumn, type ToolTable } from "../../domain/tool.ts";
import { deadline } from "./deadline.ts";
import { type NoteDeps, noted } from "./tool-uses.ts";
import { isUsable } from "./usable-connector.ts";

export type ToolDeps = Pick<Deps, "store" | "now" | "toolRunner"> & {
  wakeQueue: () => void;
  monotonicNow: () => number;
};

/** More than these no model tells apart, and nobody looks after. */
export const MAX_TOOLS = 200;
/** Asking the database about a query and about the values of each enum. */
const PREPARE_MS = 15_000;
/** Longer than one call of an API, which then says itself what did not answer. */
const RUN_MS = 20_000;

/** A tool as it is written down, before it is one. */
export type ToolDraft = Omit<CatalogueTool, "id" | "tenantId" | "createdAt" | "updatedAt" | "deletedAt">;
export type ToolRun = { table: ToolTable; ms: number };

/** @throws AppError those of `ToolRunner.prepare`: what cannot be prepared cannot be saved · CONFLICT · RESOURCE_LIMIT */
export async function addTool(deps: ToolDeps, tenantId: TenantId, draft: ToolDraft): Promise<CatalogueTool> {
  const tool = await prepared(deps, drafted(deps, tenantId, draft));
  await deps.store.tools.create(tool, MAX_TOOLS);
  return tool;
}

export async function getTool(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  toolId: ToolId,
): Promise<CatalogueTool> {
  return store.tools.get(tenantId, toolId);
}

export async function listTools(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  page: PageRequest,
): Promise<Page<CatalogueTool>> {
  return store.tools.list(tenantId, page);
}

/** Turning a tool on or off, or calling it something else, asks no database. @throws AppError as `addTool` */
export async function updateTool(
  deps: ToolDeps,
  tenantId: TenantId,
  toolId: ToolId,
  changes: (before: CatalogueTool) => Partial<ToolDraft>,
): Promise<CatalogueTool> {
  const before = await deps.store.tools.get(tenantId, toolId);
  const changed = { ...before, ...changes(before) };
  const checked = asksTheSame(before, changed) ? changed : await prepared(deps, changed);
  const tool = { ...checked, updatedAt: Math.max(deps.now(), before.updatedAt + 1) };
  await deps.store.tools.update(tool);
  return tool;
}

/** Hides it at once; `restoreTool` brings it back for 30 s. */
export async function removeTool(deps: ToolDeps, tenantId: TenantId, toolId: ToolId): Promise<void> {
  const now = deps.now();
  const purge = { ...newJob(now, tenantId, PURGE_TOOL, toolId), runAt: now + UNDO_MS };
  await deps.store.tools.remove(tenantId, toolId, now, purge);
  deps.wakeQueue();
}

export async function restoreTool(
  { store, now }: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  toolId: ToolId,
): Promise<CatalogueTool> {
  return store.tools.restore(tenantId, toolId, now());
}

/** The job: deletes a removed tool for good. */
export const toolPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,
  async run({ store }, { tenantId, subject }) {
    await store.tools.purge(tenantId, subject as ToolId);
    return "done";
  },
};

export type ToolTrial = {
  given: Readonly<Record<string, unknown>>;
  /** As whom it is tried. */
  visitor: Visitor | null;
  /** Who tries it. */
  person: UserId;
};

/** Runs a saved tool for an admin, disabled ones too. @throws AppError those of `ToolRunner.run` */
export async function runTool(
  deps: ToolDeps & NoteDeps,
  tenantId: TenantId,
  toolId: ToolId,
  { given, visitor, person }: ToolTrial,
  signal: AbortSignal,
): Promise<ToolRun> {
  const entry = await deps.store.tools.get(tenantId, toolId);
  const run = () => deps.toolRunner.run(entry, given, { tenantId, visitor }, limited(signal));
  return timed(deps, () => noted(deps, { tenantId, toolId, by: "person", actor: person }, run));
}

export type Preview = { columns: ResultColumn[]; run: ToolRun; plan: string | null };

/** `dryRun` asks how it would be gone about, and for no rows: what changes something changes nothing. */
type PreviewAs = { visitor: Visitor | null; dryRun: boolean };
const NOT_RUN: ToolRun = { table: { columns: [], rows: [], rowCount: 0, truncated: false }, ms: 0 };

/** What a tool would do before it is saved. @throws AppError as `addTool` and `runTool` */
export async function previewTool(
  deps: ToolDeps,
  tenantId: TenantId,
  draft: ToolDraft,
  given: Readonly<Record<string, unknown>>,
  { visitor, dryRun }: PreviewAs,
  signal: AbortSignal,
): Promise<Preview> {
  const drafts = drafted(deps, tenantId, draft);
  const { parameters, columns, told } = await deps.toolRunner.prepare(drafts, limited(signal));
  const entry = { ...drafts, ...told, parameters };
  const context = { tenantId, visitor };
  const run = dryRun
    ? NOT_RUN
    : await timed(deps, () => deps.toolRunner.run(entry, given, context, limited(signal)));
  return { columns, run, plan: await deps.toolRunner.explain(entry, given, context, limited(signal)) };
}

/** Those that can be offered in a turn: enabled, and over a connection that can be used. */
export async function usableTools(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<CatalogueTool[]> {
  const enabled = (await store.tools.enabled(tenantId)).filter(isAsAllowed);
  if (!enabled.some(({ action }) => action.type === "db_query")) return enabled;
  const { items } = await store.connections.list(tenantId, { cursor: null, limit: MAX_TOOLS });
  const usable = new Set(items.filter(isUsable).map(({ id }) => id));
  return enabled.filter(({ action }) => action.type !== "db_query" || usable.has(action.connection));
}

function drafted({ now }: ToolDeps, tenantId: TenantId, draft: ToolDraft): CatalogueTool {
  const at = now();
  return { ...draft, id: newId("tool"), tenantId, createdAt: at, updatedAt: at, deletedAt: null };
}

async function prepared(
  { toolRunner }: Pick<ToolDeps, "toolRunner">,
  tool: CatalogueTool,
): Promise<CatalogueTool> {
  const { parameters, told } = await toolRunner.prepare(tool, deadline(PREPARE_MS));
  return { ...tool, ...told, parameters };
}

/** A tool of an MCP server is used as it was allowed, and while its server has it. */
function isAsAllowed({ action }: CatalogueTool): boolean {
  return action.type !== "mcp" || action.trouble === null;
}

const ASKED = ["action", "parameters", "columns", "answerTemplate", "emptyTemplate"] as const;

/** What was set aside and is turned on has been looked at, so that it is asked for anew. */
function asksTheSame(before: CatalogueTool, after: CatalogueTool): boolean {
  if (after.enabled && after.action.type === "mcp" && after.action.trouble?.kind === "changed") return false;
  return ASKED.every((field) => Bun.deepEquals(before[field], after[field]));
}

async function timed({ monotonicNow }: ToolDeps, work: () => Promise<ToolTable>): Promise<ToolRun> {
  const startedAt = monotonicNow();
  const table = await work();
  return { table, ms: Math.round(monotonicNow() - startedAt) };
}

function limited(signal: AbortSignal): AbortSignal {
  return deadline(RUN_MS, signal);
}
