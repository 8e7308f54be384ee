/** Domain objects as the wire has them: ISO times, absent instead of null where the contract says so, nothing internal. */
import type { Conversation, Message, OfferedLookup } from "../domain/conversation.ts";
import { type Chunk, filenameOf, type KnowledgeDocument, type KnowledgeSource } from "../domain/knowledge.ts";
import { QUOTING } from "../domain/llm.ts";
import type { StoredKey } from "../domain/secret.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { StreamEvent } from "../domain/turn.ts";
import type { AdminMessageView, ConversationView } from "../protocol/admin-api/conversations.ts";
import type { Dashboard } from "../protocol/admin-api/dashboard.ts";
import type {
  ChunkView,
  DocumentView,
  JobView,
  SearchHitView,
  SourceView,
} from "../protocol/admin-api/knowledge.ts";
import type { TenantView } from "../protocol/admin-api/tenants.ts";
import type { WidgetConfigView } from "../protocol/admin-api/widget.ts";
import type { LookupView, MessageView, PublicWidgetConfig, StreamFrame } from "../protocol/chat-protocol.ts";
import type { WidgetSettings } from "../services/access/widget-settings.ts";
import type { DashboardFacts } from "../services/insight/dashboard.ts";
import type { ListedJob } from "../services/jobs/list.ts";
import type { SearchHit } from "../services/retrieval/test-bench.ts";
import { citationView, passageView } from "./citation-views.ts";
import { confirmationView } from "./confirmation-view.ts";

export function toIso(time: number): string {
  return new Date(time).toISOString();
}

export function tenantView({ id, name, slug, embedKey, createdAt }: Tenant): TenantView {
  return { id, name, slug, embedKey, createdAt: toIso(createdAt) };
}

/** What only a document has is its only document's, or nothing where there are several. */
export function sourceView(source: KnowledgeSource): SourceView {
  const { id, title, status, progress, documentCount, failedCount, chunkCount, byteSize, tags } = source;
  const { onlyDocument } = source;
  return {
    ...{
      id,
      title,
      filename: filenameOf(source),
      sourceType: onlyDocument?.format ?? null,
      status,
      progress,
    },
    stage: onlyDocument?.stage ?? null,
    errorCode: onlyDocument?.errorCode ?? null,
    errorMessage: onlyDocument ? onlyDocument.errorMessage : failureOfAll(source),
    warnings: onlyDocument?.warnings ?? [],
    ...{ documentCount, failedCount, chunkCount, pageCount: onlyDocument?.pageCount ?? null, byteSize, tags },
    ...{ createdAt: toIso(source.createdAt), updatedAt: toIso(source.updatedAt) },
  };
}

function failureOfAll({ status, documentCount }: KnowledgeSource): string | null {
  return status === "failed" ? `None of its ${documentCount} documents could be read.` : null;
}

export function documentView(document: KnowledgeDocument): DocumentView {
  const { id, title, filename, format, status, progress, stage, errorCode, errorMessage } = document;
  const { warnings, chunkCount, pageCount, byteSize } = document;
  return {
    ...{
      id,
      source: document.sourceId,
      title,
      filename,
      format,
      status,
      progress,
      stage,
      errorCode,
      errorMessage,
    },
    ...{ warnings, chunkCount, pageCount, byteSize },
    ...{ createdAt: toIso(document.createdAt), updatedAt: toIso(document.updatedAt) },
  };
}

export function chunkView({
  id,
  documentId,
  ordinal,
  content,
  headingPath,
  page,
  language,
  tokenCount,
}: Chunk): ChunkView {
  return { id, document: documentId, ordinal, content, headingPath, page, language, tokenCount };
}

export function searchHitView(hit: SearchHit): SearchHitView {
  const {
    chunk,
    source,
    document,
    title,
    headingPath,
    page,
    text,
    score,
    lexical,
    dense,
    fused,
    rerank,
    kept,
    reason,
  } = hit;
  return {
    chunk,
    source,
    document,
    title,
    headingPath,
    page,
    text,
    score,
    lexical,
    dense,
    fused,
    rerank,
    kept,
    reason,
  };
}

export function jobView(job: ListedJob): JobView {
  const { id, kind, subject, title, shown, state, progress, stage, errorMessage } = job;
  return {
    id,
    kind,
    subject,
    title,
    shown,
    state,
    progress,
    stage,
    errorMessage,
    createdAt: toIso(job.createdAt),
    updatedAt: toIso(job.updatedAt),
  };
}

/** That there is a secret, and so much of it that a person knows which; of a short one nothing. */
export function secretView({ apiKey, keyLost }: StoredKey): { set: boolean; last4: string | null } {
  const isLong = apiKey !== null && apiKey.length >= 12;
  return { set: apiKey !== null || keyLost === true, last4: isLong ? apiKey.slice(-4) : null };
}

export function widgetConfigView({ widget, embedKey, seenOrigins }: WidgetSettings): WidgetConfigView {
  const { logoFile, ...shown } = widget;
  return { ...shown, logoUrl: logoUrl(logoFile), embedKey, seenOrigins };
}

export function publicWidgetConfig(tenant: Tenant, widget: WidgetSettings["widget"]): PublicWidgetConfig {
  const { displayName, subtitle, greeting, primaryColor, theme, position, logoFile, suggestedQuestions } =
    widget;
  return {
    ...{ displayName, subtitle, greeting, primaryColor, theme, position, suggestedQuestions },
    logoUrl: logoUrl(logoFile),
    organisation: tenant.name,
  };
}

function logoUrl(logoFile: string | null): string | null {
  return logoFile && `/logos/${logoFile}`;
}

export function conversationView(conversation: Conversation): ConversationView {
  const { id, title, source, visitor, page, messageCount, lastOutcome, createdAt, updatedAt } = conversation;
  const { flagged, flagReason, note, starred, legalHold, languages, providers } = conversation;
  return {
    id,
    title,
    source,
    visitor: visitor && { id: visitor.id, name: visitor.name, email: visitor.email },
    page,
    messageCount,
    lastOutcome,
    ...{ flagged, flagReason, note, starred, legalHold, languages, providers },
    createdAt: toIso(createdAt),
    updatedAt: toIso(updatedAt),
  };
}

export function adminMessageView(message: Message): AdminMessageView {
  const { id, role, content, citations, status, abstained, nearest, rating, errorCode, createdAt } = message;
  const { smallTalk, followUps, lookup, language } = message;
  return {
    id,
    role,
    content,
    citations: citations.map(citationView),
    status,
    abstained,
    nearest: nearest.map(passageView),
    ...{ smallTalk, followUps },
    lookup: lookup && lookupView(lookup),
    confirmations: message.confirmations.map((each) => confirmationView(each)),
    language,
    rating,
    errorCode,
    createdAt: toIso(createdAt),
  };
}

/** A message as its visitor sees it. */
export function messageView(message: Message): MessageView {
  const { id, role, content, citations, status, clientId, nearest, rating, errorCode, createdAt } = message;
  return {
    ...{ id, role, content, status },
    citations: citations.map(citationView),
    createdAt: toIso(createdAt),
    ...(clientId !== null && { clientId }),
    ...(nearest.length > 0 && { nearest: nearest.map(passageView) }),
    ...(rating !== null && { rating }),
    ...(message.smallTalk !== null && { smallTalk: true as const }),
    ...(message.followUps.length > 0 && { followUps: message.followUps }),
    ...(message.confirmations.length > 0 && {
      confirmations: message.confirmations.map((each) => confirmationView(each)),
    }),
    ...(message.lookup !== null && { lookup: lookupView(message.lookup) }),
    ...(errorCode !== null && { error: { code: errorCode, message: visitorSentence(errorCode) } }),
  };
}

/** An event of a session's stream as a frame. */
export function streamFrame(event: StreamEvent): StreamFrame {
  switch (event.type) {
    case "question":
      return { type: "message", seq: event.seq, message: messageView(event.message) };
    case "delta":
      return { type: "delta", message: event.messageId, seq: event.seq, text: event.text };
    case "tool":
      return {
        type: "tool",
        message: event.messageId,
        seq: event.seq,
        name: event.name,
        label: event.label,
        state: event.state,
      };
    case "citations":
      return {
        type: "citations",
        message: event.messageId,
        seq: event.seq,
        items: event.citations.map(citationView),
      };
    case "confirm":
      return {
        ...{ type: "confirm", message: event.messageId, seq: event.seq },
        ...confirmationView(event.confirmation),
      };
    case "message":
      return { type: "message", seq: event.seq, message: messageView(event.message) };
    case "lookup":
      return { type: "lookup", message: event.messageId, seq: event.seq, ...lookupView(event.lookup) };
    case "done": {
      const { status, nearest, error, smallTalk, followUps = [] } = messageView(event.message);
      return {
        type: "done",
        message: event.message.id,
        seq: event.seq,
        status: status === "streaming" ? "interrupted" : status,
        followUps,
        ...(smallTalk && { smallTalk }),
        ...(nearest && { nearest }),
        ...(error && { error }),
      };
    }
  }
}

function lookupView({ tool, label, parameters, values }: OfferedLookup): LookupView {
  return { tool, label, parameters, values };
}

/** What went wrong for the visitor, who can neither change a key nor a model. */
function visitorSentence(code: string): string {
  if (code === "PROVIDER_RATE_LIMITED") return "Too many people are asking at once. Try again in a minute.";
  if (code === "STORAGE_FULL")
    return "The answer could not be stored: the server's disk is full. Tell your administrator.";
  if (code === "STORAGE_UNAVAILABLE")
    return "The answer could not be stored: the server cannot write its data. Tell your administrator.";
  if (code === "PROVIDER_NO_ANSWER")
    return "The model gave no answer to this. Try again, or ask in other words.";
  if (code === "TOOL_LIMIT")
    return "This needed more look-ups than one answer may take. Ask for less at once.";
  if (code === "PROVIDER_TIMEOUT") return "The answer took too long. Try again.";
  return "The assistant cannot be reached right now. Your question is kept; try again in a little while.";
}

export function dashboardView({ sources, origins, model, week, questionsByDay }: DashboardFacts): Dashboard {
  return {
    checklist: {
      knowledge: {
        done: sources.ready > 0,
        ready: sources.ready,
        processing: sources.queued + sources.processing,
        failed: sources.failed,
      },
      ask: { done: week.everAnswered > 0, questions: week.questions },
      embed: { done: origins.length > 0, origins },
      model: { done: model.provider !== QUOTING, ...model },
    },
    week: {
      conversations: week.conversations,
      questions: week.questions,
      answered: week.answered,
      abstained: week.abstained,
      failed: week.failed,
      firstTokenMsP50: week.firstTokenMsP50,
      questionsByDay,
    },
    unanswered: week.unanswered.map(({ conversationId, question, nearestTitle }) => ({
      conversation: conversationId,
      question,
      nearest: nearestTitle,
    })),
  };
}
