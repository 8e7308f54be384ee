import { parseGrant, strengthOf } from "./grants.ts";
import type { Session } from "./session.ts";

/** Roles hold roles; nobody nests them deeper. */
const MAX_ROLES = 50;

/** What the user of the session can do beyond reading, in words; null for nothing. */
export async function roleStrength(session: Pick<Session, "command">): Promise<string | null> {
  const asked = new Set<string>();
  const waiting = ["current_user()"];
  for (let grantee = waiting.pop(); grantee !== undefined; grantee = waiting.pop()) {
    if (asked.has(grantee)) continue;
    if (asked.size > MAX_ROLES) return "It has more roles than can be looked through.";
    asked.add(grantee);
    const lines = await grantsOf(session, grantee);
    if (lines === null) return `It has the role ${grantee}, and may not see what that allows.`;
    for (const line of lines.map(parseGrant)) {
      if (line.kind === "unknown")
        return "It has rights that Parley does not know, such as those of a proxy.";
      const strength = line.kind === "privileges" ? strengthOf(line.privileges) : null;
      if (strength !== null) return strength;
      if (line.kind === "roles") waiting.push(...line.roles);
    }
  }
  return null;
}

async function grantsOf({ command }: Pick<Session, "command">, grantee: string): Promise<string[] | null> {
  try {
    return (await command(`show grants for ${grantee}`)).map((row) => String(row[0]));
  } catch {
    // A role that is not active is nobody's to look into; whoever asked is told so.
    return null;
  }
}
