import type { LlmConfigId, TenantId } from "../../domain/ids.ts";
import type { Period, UsageBy, UsageSum } from "../../domain/usage.ts";
import type { UsageStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";

type Row = {
  day: string | null;
  provider: string | null;
  id: LlmConfigId | "" | null;
  name: string | null;
  model: string | null;
  messages: number;
  inputTokens: number;
  outputTokens: number;
  costMicros: number | null;
  unpriced: number;
  estimated: 0 | 1;
};

const SUMS = `
  count(distinct message_id) as messages,
  coalesce(sum(input_tokens), 0) as inputTokens, coalesce(sum(output_tokens), 0) as outputTokens,
  sum(cost_micros) as costMicros,
  count(distinct case when cost_micros is null and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) > 0
    then message_id end) as unpriced,
  max(estimated) as estimated`;
const OF_PERIOD = "usage.tenant_id = @tenantId and usage.created_at >= @from and usage.created_at < @to";
const DAY = "date(created_at / 1000, 'unixepoch')";
const NAME =
  "(select name from llm_configs as llm where llm.tenant_id = @tenantId and llm.id = llm_config_id)";

const GROUPED: Record<UsageBy, string> = {
  day: `select ${DAY} as day, null as provider, null as id, null as name, null as model, ${SUMS}
    from usage where ${OF_PERIOD} group by 1 order by 1`,
  provider: `select null as day, provider, llm_config_id as id, ${NAME} as name, null as model, ${SUMS}
    from usage where ${OF_PERIOD} group by provider, llm_config_id order by messages desc, provider, llm_config_id`,
  model: `select null as day, provider, null as id, null as name, model, ${SUMS}
    from usage where ${OF_PERIOD} group by provider, model order by messages desc, provider, model`,
};

export function sqliteUsageStore({ $client: client }: SqliteDb): UsageStore {
  const queries = {
    day: client.prepare<[object], Row>(GROUPED.day),
    provider: client.prepare<[object], Row>(GROUPED.provider),
    model: client.prepare<[object], Row>(GROUPED.model),
  };
  return {
    async sums(tenantId: TenantId, by: UsageBy, { from, to }: Period) {
      return queries[by].all({ tenantId, from, to }).map(toSum);
    },
  };
}

/** What it was not grouped by is left out. */
function toSum({ day, provider, id, name, model, estimated, ...sums }: Row): UsageSum {
  return {
    ...(day !== null && { day }),
    ...(provider !== null && { provider }),
    ...(id && { id }),
    ...(name !== null && { name }),
    ...(model !== null && { model }),
    ...{ ...sums, estimated: estimated === 1 },
  };
}
