import type { Deps } from "../../deps.ts";
import {
  type ChatSession,
  type Conversation,
  type ConversationSource,
  UNMARKED,
  type Visitor,
} from "../../domain/conversation.ts";
import type { ConversationEvent } from "../../domain/conversation-event.ts";
import { type ConversationId, newId, type TenantId } from "../../domain/ids.ts";
import { isPrivateAddress } from "../../domain/network.ts";
import { originAllowed } from "../../domain/origin.ts";
import type { Tenant, WidgetConfig } from "../../domain/tenant.ts";
import { AppError } from "../../errors.ts";
import { verifiedVisitor } from "./identity.ts";
import { type Limits, limitChanges } from "./limits.ts";

export type VisitorDeps = Pick<Deps, "store" | "outbox" | "tokens" | "now" | "settings"> & { limits: Limits };

/** A session that nobody uses for this long is over. */
const SESSION_IDLE_MS = 24 * 3_600_000;
/** Writing the expiry on every message would double the writes; a tenth of its length is exact enough. */
const RENEW_EVERY_MS = SESSION_IDLE_MS / 10;

/** Where a call from a page comes from. */
export type PageCall = {
  /** The `Origin` header, null when there is none. */
  origin: string | null;
  /** Whether the browser says, or the missing headers mean, that the page is Parley's own. */
  sameOrigin: boolean;
  address: string;
};

/**
 * The tenant of an embed key, if the calling page may embed it. Deny by default: with no allowed domain
 * only Parley's own pages pass.
 * @throws AppError NOT_FOUND for an unknown key · ORIGIN_NOT_ALLOWED
 */
export async function admitPage(
  deps: Pick<Deps, "store">,
  embedKey: string,
  page: PageCall,
): Promise<{ tenant: Tenant; widget: WidgetConfig }> {
  const tenant = await deps.store.tenants.findByEmbedKey(embedKey);
  if (!tenant)
    throw new AppError(
      "NOT_FOUND",
      "This embed key is not known here. Copy the snippet again from Parley's Widget page.",
    );
  const widget = await deps.store.widgets.get(tenant.id);
  requireAllowedOrigin(page, widget.allowedDomains);
  return { tenant, widget };
}

/** Opens a visitor's session on a page that was admitted, or renews the one that `token` proves. */
export async function openChatSession(
  deps: VisitorDeps,
  tenantId: TenantId,
  request: { identity?: string | undefined; session?: string | undefined },
  token: string | null,
  page: PageCall,
): Promise<{ session: ChatSession; token: string }> {
  const visitor =
    request.identity === undefined ? null : await verifiedVisitor(deps, tenantId, request.identity);
  const known = token ? await deps.store.chatSessions.findByTokenHash(deps.tokens.hash(token)) : null;
  if (
    token &&
    known &&
    known.tenantId === tenantId &&
    known.id === request.session &&
    known.expiresAt > deps.now() &&
    // Whoever comes as somebody else, or as nobody, is another visitor at this browser.
    known.visitor?.id === visitor?.id
  ) {
    const renewed = await renew(deps, known, foreignOrigin(page));
    return { session: await withVisitor(deps, renewed, visitor), token };
  }
  limitNewSessions(deps, tenantId, page.address);
  return createSession(deps, tenantId, { origin: foreignOrigin(page), visitor, source: "widget" });
}

/** A session for what a program asks. Nobody gets its token: the program's key is what it is known by. */
export async function openProgramSession(
  deps: Pick<VisitorDeps, "store" | "outbox" | "tokens" | "now">,
  tenantId: TenantId,
): Promise<ChatSession> {
  const opened = await createSession(deps, tenantId, { origin: null, visitor: null, source: "api" });
  return opened.session;
}

/**
 * The session that a bearer token opens.
 * @param sessionId when the call names one, it must be the token's own
 * @throws AppError UNAUTHENTICATED · NOT_FOUND for another session's id
 */
export async function authenticateVisitor(
  deps: Pick<VisitorDeps, "store" | "tokens" | "now">,
  token: string | null,
  sessionId: string | null,
): Promise<ChatSession> {
  const session = token ? await deps.store.chatSessions.findByTokenHash(deps.tokens.hash(token)) : null;
  if (!session || session.expiresAt <= deps.now()) {
    throw new AppError(
      "UNAUTHENTICATED",
      "This chat session is over. Open the chat again to start a new one.",
    );
  }
  if (sessionId !== null && sessionId !== session.id) {
    throw new AppError("NOT_FOUND", "There is no such session.");
  }
  return renew(deps, session, session.origin);
}

/** Names, addresses and groups change while a session lasts. */
async function withVisitor(
  deps: Pick<VisitorDeps, "store">,
  session: ChatSession,
  visitor: Visitor | null,
): Promise<ChatSession> {
  if (JSON.stringify(visitor) === JSON.stringify(session.visitor)) return session;
  await deps.store.chatSessions.update(session.id, { visitor });
  return { ...session, visitor };
}

/** A session lasts from its last use on. What would hardly change is not written, or each call would be a commit. */
async function renew(
  deps: Pick<VisitorDeps, "store" | "now">,
  session: ChatSession,
  origin: string | null,
): Promise<ChatSession> {
  const expiresAt = deps.now() + SESSION_IDLE_MS;
  // Also when it would end later than a session can: a clock that was ahead said so.
  const isDue = Math.abs(expiresAt - session.expiresAt) > RENEW_EVERY_MS;
  if (!isDue && origin === session.origin) return session;
  await deps.store.chatSessions.update(session.id, { expiresAt, origin });
  return { ...session, expiresAt, origin };
}

/** Whether a page may go on using a session of this tenant: the list may have changed since it opened. */
export async function requireAllowedPage(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  page: PageCall,
): Promise<void> {
  requireAllowedOrigin(page, (await deps.store.widgets.get(tenantId)).allowedDomains);
}

/**
 * What a visitor asks for with “new conversation”: the current one while nothing was asked in it.
 * @throws AppError RATE_LIMITED
 */
export async function beginConversation(deps: VisitorDeps, session: ChatSession): Promise<ConversationId> {
  limitChanges(deps, session.id);
  return startConversation(deps, session);
}

/** Starts another conversation of the session and makes it the current one, unless that is unused yet. */
export async function startConversation(
  deps: Pick<Deps, "store" | "outbox" | "now">,
  session: ChatSession,
): Promise<ConversationId> {
  const conversation = emptyConversation(session, "widget", deps.now());
  const unused = await deps.outbox.announce([started(conversation)], (jobs) =>
    deps.store.chatSessions.startConversation(session, conversation, jobs),
  );
  return unused ?? conversation.id;
}

function requireAllowedOrigin(page: PageCall, allowedDomains: readonly string[]): void {
  if (page.sameOrigin) return;
  if (page.origin !== null && originAllowed(page.origin, allowedDomains)) return;
  throw new AppError(
    "ORIGIN_NOT_ALLOWED",
    page.origin === null
      ? "This request does not say which page it comes from. Send an Origin header with Parley's own address or a page from Widget › Allowed pages."
      : `Parley may not be embedded on ${page.origin}. An admin can add it under Widget › Allowed pages.`,
  );
}

/** Where the widget is embedded; Parley's own demo page does not count. */
function foreignOrigin(page: PageCall): string | null {
  return page.sameOrigin ? null : page.origin;
}

function limitNewSessions(deps: VisitorDeps, tenantId: TenantId, address: string): void {
  deps.limits.take(
    `session:${tenantId}`,
    deps.settings.limits.sessionsPerMinutePerTenant,
    "Many people are opening the chat right now.",
  );
  // An intranet behind one NAT shares private addresses, so they are no measure of one visitor.
  if (isPrivateAddress(address)) return;
  deps.limits.take(
    `session:${tenantId}:${address}`,
    deps.settings.limits.sessionsPerMinutePerAddress,
    "Too many new chats were opened from this address.",
  );
}

async function createSession(
  deps: Pick<VisitorDeps, "store" | "outbox" | "tokens" | "now">,
  tenantId: TenantId,
  { origin, visitor, source }: Pick<ChatSession, "origin" | "visitor"> & { source: ConversationSource },
): Promise<{ session: ChatSession; token: string }> {
  const now = deps.now();
  const token = deps.tokens.random("pst_");
  const sessionId = newId("chat-session");
  const conversation = emptyConversation({ tenantId, id: sessionId, visitor }, source, now);
  const session: ChatSession = {
    id: sessionId,
    tenantId,
    conversationId: conversation.id,
    visitor,
    origin,
    createdAt: now,
    expiresAt: now + SESSION_IDLE_MS,
  };
  await deps.outbox.announce([started(conversation)], (jobs) =>
    deps.store.chatSessions.create(session, deps.tokens.hash(token), conversation, jobs),
  );
  return { session, token };
}

function started({ tenantId, id }: Conversation): ConversationEvent {
  return { type: "conversation-started", tenantId, conversationId: id };
}

function emptyConversation(
  { tenantId, id: sessionId, visitor }: Pick<ChatSession, "tenantId" | "id" | "visitor">,
  source: ConversationSource,
  now: number,
): Conversation {
  return {
    id: newId("conversation"),
    tenantId,
    sessionId,
    title: null,
    source,
    visitor,
    page: null,
    messageCount: 0,
    lastOutcome: null,
    ...UNMARKED,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
