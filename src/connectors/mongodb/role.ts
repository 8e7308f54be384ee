/** What a MongoDB user may do, as `connectionStatus` tells it. */
import type { Document } from "mongodb";

/** Actions that read data or tell of it. Everything else counts as strong, what a later server adds included. */
const READING: ReadonlySet<string> = new Set([
  ..."find listCollections listIndexes listSearchIndexes listDatabases collStats dbStats dbHash".split(" "),
  ..."indexStats planCacheRead changeStream killCursors".split(" "),
]);

const SHOWN_ACTIONS = 5;

/** What it can do beyond reading, in words; null for nothing. */
export function roleStrength({ authInfo }: Document): string | null {
  const users: unknown[] = authInfo?.authenticatedUsers ?? [];
  if (users.length === 0)
    return "The server asks nobody who they are, so everybody may write. Switch its authorization on.";
  const privileges: { actions?: string[] }[] = authInfo?.authenticatedUserPrivileges ?? [];
  const actions = new Set(privileges.flatMap((privilege) => privilege.actions ?? []));
  const strong = [...actions].filter((action) => !READING.has(action));
  if (strong.length === 0) return null;
  const more = strong.length > SHOWN_ACTIONS ? ` and ${strong.length - SHOWN_ACTIONS} more` : "";
  return `It has the rights ${strong.slice(0, SHOWN_ACTIONS).join(", ")}${more}.`;
}
