import type { ApiKey } from "./api-key.ts";
import type { ChatSession } from "./conversation.ts";
import type { ApiKeyId, ChatSessionId, TenantId, UserId } from "./ids.ts";
import type { Tenant, WidgetConfig } from "./tenant.ts";
import type { User } from "./user.ts";

/** Somebody signed in to the backoffice. */
export type Person = {
  kind: "person";
  /** Who acted, in the audit log. */
  id: UserId;
  user: User;
  /** Of the sign-in that the cookie belongs to. */
  jti: string;
};

/** A browser, or a script, that holds the token of a chat session. */
export type SessionHolder = { kind: "visitor"; id: ChatSessionId; session: ChatSession };

/** A page that may embed the widget of the tenant whose embed key it sent; nobody in particular. */
export type WidgetPage = { kind: "page"; id: TenantId; tenant: Tenant; widget: WidgetConfig };

/** A program that holds an API key of a tenant. */
export type Program = { kind: "program"; id: ApiKeyId; apiKey: ApiKey };

/** Who makes a call, whatever proved it. A call that anybody may make has none. */
export type Principal = Person | SessionHolder | WidgetPage | Program;
