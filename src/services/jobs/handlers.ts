/** The register of jobs: which kinds there are, and who does them. A new kind is one line here. */
import { PURGE_CONNECTION } from "../../domain/connection.ts";
import { PURGE_CONVERSATION, PURGE_CONVERSATIONS } from "../../domain/conversation.ts";
import { PURGE_CREDENTIAL } from "../../domain/credential.ts";
import { EVALUATE, PURGE_GOLDEN_QUESTION } from "../../domain/evaluation.ts";
import type { JobHandlers } from "../../domain/job.ts";
import { INGEST, PURGE_SOURCE } from "../../domain/knowledge.ts";
import { PURGE_LLM_CONFIG } from "../../domain/llm.ts";
import { PURGE_MCP_SERVER } from "../../domain/mcp-server.ts";
import { APPLY_RETENTION } from "../../domain/retention.ts";
import { PURGE_SYNONYM } from "../../domain/synonym.ts";
import { PURGE_TOOL } from "../../domain/tool.ts";
import { endedSessionRemoval, REMOVE_ENDED_SESSIONS } from "../access/ended-sessions.ts";
import { llmConfigPurge } from "../chat/llm-providers.ts";
import { conversationPurge } from "../inbox/conversations.ts";
import { deletionPurge } from "../inbox/deletion.ts";
import { type RetentionDeps, retentionUpkeep } from "../inbox/retention.ts";
import { type EvaluationJobDeps, evaluation } from "../insight/evaluation-job.ts";
import { goldenQuestionPurge } from "../insight/golden-questions.ts";
import { EMBED_INDEX, type IndexJobDeps, indexFilling } from "../knowledge/index-job.ts";
import { type IngestionDeps, ingestion } from "../knowledge/ingestion.ts";
import { type PurgeDeps, sourcePurge } from "../knowledge/purge.ts";
import { REANALYSE, reanalysis } from "../knowledge/reanalysis.ts";
import { REREAD, rereading } from "../knowledge/rereading.ts";
import { synonymPurge } from "../knowledge/synonyms.ts";
import { connectionPurge } from "../tools/connections.ts";
import { credentialPurge } from "../tools/credentials.ts";
import { mcpServerPurge } from "../tools/mcp-servers.ts";
import { toolPurge } from "../tools/tools.ts";
import { type ToolUpkeepDeps, toolUpkeep } from "../tools/upkeep.ts";
import { TOOL_UPKEEP } from "../tools/upkeep-job.ts";
import type { QueueDeps } from "./queue.ts";

export type JobDeps = QueueDeps &
  IngestionDeps &
  PurgeDeps &
  IndexJobDeps &
  EvaluationJobDeps &
  RetentionDeps &
  ToolUpkeepDeps;

export const JOB_HANDLERS: JobHandlers<JobDeps> = {
  [INGEST]: ingestion,
  [REANALYSE]: reanalysis,
  [REREAD]: rereading,
  [EMBED_INDEX]: indexFilling,
  [PURGE_SOURCE]: sourcePurge,
  [PURGE_CONVERSATION]: conversationPurge,
  [PURGE_CONVERSATIONS]: deletionPurge,
  [APPLY_RETENTION]: retentionUpkeep,
  [PURGE_GOLDEN_QUESTION]: goldenQuestionPurge,
  [PURGE_SYNONYM]: synonymPurge,
  [PURGE_CREDENTIAL]: credentialPurge,
  [PURGE_LLM_CONFIG]: llmConfigPurge,
  [EVALUATE]: evaluation,
  [REMOVE_ENDED_SESSIONS]: endedSessionRemoval,
  [PURGE_CONNECTION]: connectionPurge,
  [PURGE_MCP_SERVER]: mcpServerPurge,
  [PURGE_TOOL]: toolPurge,
  [TOOL_UPKEEP]: toolUpkeep,
};
