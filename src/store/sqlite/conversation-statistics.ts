import type { TenantId, UnixMs } from "../../domain/ids.ts";
import type { ConversationStatistics, UnansweredQuestion } from "../store.ts";
import type { SqliteDb } from "./connection.ts";

/** As many as the dashboard shows. */
const UNANSWERED_SHOWN = 5;

/** Questions and their answers: small talk is neither. */
const SHOWN_MESSAGES = `
  messages join conversations
    on conversations.tenant_id = messages.tenant_id and conversations.id = messages.conversation_id
  where messages.tenant_id = @tenantId and conversations.deleted_at is null and messages.small_talk is null`;

type Asked = { tenantId: TenantId; since: UnixMs };
type Counts = Pick<
  ConversationStatistics,
  "conversations" | "questions" | "answered" | "abstained" | "failed"
>;

const COUNTS = `
  select count(distinct messages.conversation_id) as conversations,
    count(*) filter (where role = 'user') as questions,
    count(*) filter (where role = 'assistant' and status = 'complete' and messages.abstained = 0) as answered,
    count(*) filter (where role = 'assistant' and status = 'complete' and messages.abstained = 1) as abstained,
    count(*) filter (where role = 'assistant' and status = 'failed') as failed
  from ${SHOWN_MESSAGES} and messages.created_at >= @since`;

const QUESTION_TIMES = `
  select messages.created_at from ${SHOWN_MESSAGES} and role = 'user' and messages.created_at >= @since
  order by messages.created_at`;

const FIRST_TOKENS = `
  select first_token_ms from turn_traces
  where tenant_id = @tenantId and created_at >= @since and first_token_ms is not null
  order by first_token_ms`;

const EVER_ANSWERED = `
  select count(*) from ${SHOWN_MESSAGES}
  and role = 'assistant' and status = 'complete' and messages.abstained = 0 and json_array_length(citations) > 0`;

const UNANSWERED = `
  select messages.conversation_id as conversationId, question.content as question,
    json_extract(messages.nearest, '$[0].title') as nearestTitle
  from messages
  join conversations
    on conversations.tenant_id = messages.tenant_id and conversations.id = messages.conversation_id
  join messages as question
    on question.tenant_id = messages.tenant_id and question.id = messages.question_id
  where messages.tenant_id = ? and conversations.deleted_at is null
    and messages.role = 'assistant' and messages.abstained = 1
  order by messages.number desc
  limit ?`;

/** Numbers about messages since `since`; deleted conversations are left out. */
export function conversationStatistics(
  db: SqliteDb,
  tenantId: TenantId,
  since: UnixMs,
): ConversationStatistics {
  const client = db.$client;
  const asked = { tenantId, since };
  const firstTokens = client.prepare<Asked, number>(FIRST_TOKENS).pluck().all(asked);
  const counts = client.prepare<Asked, Counts>(COUNTS).get(asked) as Counts;
  const everAnswered = client
    .prepare<{ tenantId: TenantId }, number>(EVER_ANSWERED)
    .pluck()
    .get({ tenantId });
  return {
    ...counts,
    firstTokenMsP50: firstTokens[Math.floor(firstTokens.length / 2)] ?? null,
    questionTimes: client.prepare<Asked, number>(QUESTION_TIMES).pluck().all(asked),
    everAnswered: everAnswered ?? 0,
    unanswered: unansweredQuestions(db, tenantId, UNANSWERED_SHOWN),
  };
}

/** The latest questions that found nothing. */
export function unansweredQuestions(
  { $client }: SqliteDb,
  tenantId: TenantId,
  limit: number,
): UnansweredQuestion[] {
  return $client.prepare<[TenantId, number], UnansweredQuestion>(UNANSWERED).all(tenantId, limit);
}
