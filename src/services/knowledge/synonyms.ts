/** Words of a tenant's own that mean what its documents say otherwise. They count from the next question on. */
import type { Deps } from "../../deps.ts";
import { newId, type SynonymId, type TenantId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import {
  MOST_SYNONYMS,
  PURGE_SYNONYM,
  readSynonymLines,
  ruleKey,
  ruleLine,
  type Synonym,
  type SynonymLineProblem,
  type SynonymRule,
  sidesProblem,
} from "../../domain/synonym.ts";
import { AppError } from "../../errors.ts";

export type SynonymDeps = Pick<Deps, "store" | "now"> & { wakeQueue: () => void };
export type SynonymImport = { added: number; unchanged: number };

/** Beyond these a text is wrong as a whole. */
const PROBLEMS_SHOWN = 50;

/** @throws AppError CONFLICT when the tenant has it already, RESOURCE_LIMIT when it would be one too many */
export async function addSynonym(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  rule: SynonymRule,
): Promise<Synonym> {
  const synonym = toSynonym(deps, tenantId, required(rule));
  await deps.store.synonyms.save(tenantId, [synonym], MOST_SYNONYMS);
  return deps.store.synonyms.get(tenantId, synonym.id);
}

export async function getSynonym(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  synonymId: SynonymId,
): Promise<Synonym> {
  return store.synonyms.get(tenantId, synonymId);
}

export async function listSynonyms(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  filter: { wordContains?: string },
  page: PageRequest,
): Promise<Page<Synonym> & { total: number }> {
  const [found, total] = await Promise.all([
    store.synonyms.list(tenantId, filter, page),
    store.synonyms.count(tenantId),
  ]);
  return { ...found, total };
}

export async function updateSynonym(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  synonymId: SynonymId,
  changes: { [Name in keyof SynonymRule]?: SynonymRule[Name] | undefined },
): Promise<Synonym> {
  const before = await deps.store.synonyms.get(tenantId, synonymId);
  const { asked = before.asked, written = before.written, bothWays = before.bothWays } = changes;
  const rule = required({ asked, written, bothWays });
  await deps.store.synonyms.save(tenantId, [{ ...before, ...rule, updatedAt: deps.now() }], MOST_SYNONYMS);
  return deps.store.synonyms.get(tenantId, synonymId);
}

/** Hides it at once, so that no question is asked with it; `restoreSynonym` brings it back for 30 s. */
export async function removeSynonym(
  deps: SynonymDeps,
  tenantId: TenantId,
  synonymId: SynonymId,
): Promise<void> {
  const now = deps.now();
  const purge = { ...newJob(now, tenantId, PURGE_SYNONYM, synonymId), runAt: now + UNDO_MS };
  await deps.store.synonyms.remove(tenantId, synonymId, now, purge);
  deps.wakeQueue();
}

export async function restoreSynonym(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  synonymId: SynonymId,
): Promise<Synonym> {
  return deps.store.synonyms.restore(tenantId, synonymId, deps.now());
}

/** All of them as lines, as `importSynonyms` takes them. */
export async function exportSynonyms({ store }: Pick<Deps, "store">, tenantId: TenantId): Promise<string> {
  const lines = (await store.synonyms.all(tenantId)).map(ruleLine);
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * Adds the synonyms of a text, one a line, all or none; those that are there already stay as they are.
 * @throws AppError VALIDATION naming the lines that are wrong, RESOURCE_LIMIT when they would be too many
 */
export async function importSynonyms(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  text: string,
): Promise<SynonymImport> {
  const { rules, problems } = readSynonymLines(text);
  if (problems.length > 0) throw notImported(problems);
  if (rules.length === 0) throw new AppError("VALIDATION", "There is no synonym in this text.");
  const there = new Set((await deps.store.synonyms.all(tenantId)).map(ruleKey));
  const fresh = new Map(
    rules.map((rule) => [ruleKey(rule), rule] as const).filter(([key]) => !there.has(key)),
  );
  const synonyms = [...fresh.values()].map((rule) => toSynonym(deps, tenantId, rule));
  await deps.store.synonyms.save(tenantId, synonyms, MOST_SYNONYMS);
  return { added: synonyms.length, unchanged: rules.length - synonyms.length };
}

/** The job: deletes a removed synonym for good. */
export const synonymPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,

  async run({ store }, { tenantId, subject }) {
    await store.synonyms.purge(tenantId, subject as SynonymId);
    return "done";
  },
};

function toSynonym(
  { now }: Pick<Deps, "now">,
  tenantId: TenantId,
  { asked, written, bothWays }: SynonymRule,
): Synonym {
  const at = now();
  return {
    ...{ id: newId("synonym"), tenantId, asked, written, bothWays },
    ...{ createdAt: at, updatedAt: at, deletedAt: null },
  };
}

function required(rule: SynonymRule): SynonymRule {
  const problem = sidesProblem(rule);
  if (problem === null) return rule;
  throw new AppError("VALIDATION", problem, { details: { fields: { written: problem } } });
}

function notImported(problems: readonly SynonymLineProblem[]): AppError {
  const lines = problems.slice(0, PROBLEMS_SHOWN);
  const [first] = lines;
  const others = problems.length > 1 ? ` ${problems.length - 1} more problems are listed with it.` : "";
  return new AppError("VALIDATION", `Nothing was added. Line ${first?.line}: ${first?.message}${others}`, {
    details: { lines },
  });
}
