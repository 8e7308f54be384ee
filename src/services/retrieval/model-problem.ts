/** What is wrong with a model that answers go on without, told once to the admins concerned. */
import type { Deps } from "../../deps.ts";
import type { TenantId, UnixMs } from "../../domain/ids.ts";
import { toAppError } from "../../errors.ts";

export type ModelProblem = { code: string; message: string; since: UnixMs };

export type ProblemReport = {
  /** @param tenantId whose admins are told, once until it is solved; null before anybody asked */
  failed(tenantId: TenantId | null, thrown: unknown): void;
  solved(): void;
  /** Null while all is well. */
  current(): ModelProblem | null;
};

/**
 * @param event for the log
 * @param consequence what admins read before the reason
 */
export function createProblemReport(
  deps: Pick<Deps, "live" | "log" | "now">,
  event: string,
  consequence: string,
): ProblemReport {
  let problem: ModelProblem | null = null;
  let isTold = false;

  return {
    failed(tenantId, thrown) {
      const { code, message, cause } = toAppError(thrown);
      const isNews = problem === null;
      problem = { code, message, since: problem?.since ?? deps.now() };
      if (isNews) deps.log.warn(event, { code, cause });
      if (tenantId === null || (!isNews && isTold)) return;
      isTold = true;
      const text = `${consequence}: ${message}`;
      deps.live.publish({ type: "notice", tenantId, level: "warn", code, text });
    },
    solved() {
      problem = null;
      isTold = false;
    },
    current: () => problem,
  };
}
