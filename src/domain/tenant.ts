import type { TenantId, UnixMs } from "./ids.ts";
import type { OwnReply } from "./small-talk.ts";

/** One isolated organisation or department on a Parley. */
export type Tenant = {
  id: TenantId;
  name: string;
  /** Lower-case words for addresses, unique on this Parley. */
  slug: string;
  /** Public identifier in the script tag, `pk_…`; names the tenant, grants nothing by itself. */
  embedKey: string;
  createdAt: UnixMs;
};

export type WidgetPosition = "bottom-right" | "bottom-left";
export type WidgetTheme = "light" | "dark" | "auto";

/** How the widget of a tenant looks and where it may be embedded. */
export type WidgetConfig = {
  displayName: string;
  /** One line under the name: what the assistant answers from. Empty means the default sentence. */
  subtitle: string;
  greeting: string;
  /** `#rrggbb`. */
  primaryColor: string;
  theme: WidgetTheme;
  position: WidgetPosition;
  /** Content-addressed file name of the uploaded logo, null for Parley's mark. */
  logoFile: string | null;
  /** Origins (`https://intranet.corp:8443`) or bare hosts, with `*.` wildcards. Parley's own origin always passes. */
  allowedDomains: string[];
  /** At most three are shown. */
  suggestedQuestions: string[];
  /** How visitors reach a person: an address, a link or a line of text; empty when none is set. */
  contact: string;
  /** Replies to small talk in the tenant's own words. */
  ownReplies: OwnReply[];
};
