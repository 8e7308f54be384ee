/** What a MySQL or MariaDB user may do, read from `SHOW GRANTS`. */

/** Everything else could change something, lock somebody out or read what is no table. */
const READING: ReadonlySet<string> = new Set(["USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES"]);

export type GrantLine =
  | { kind: "privileges"; privileges: string[] }
  /** `quoted` as the server wrote it, ready for another `SHOW GRANTS FOR`. */
  | { kind: "roles"; roles: string[] }
  /** What is not understood counts as strong. */
  | { kind: "unknown" };

export function parseGrant(line: string): GrantLine {
  const granted = /^GRANT (.+?) ON .+? TO /i.exec(line);
  if (granted?.[1] !== undefined && !/^PROXY$/i.test(granted[1])) {
    const options = /\bWITH GRANT OPTION\b/i.test(withoutNames(line)) ? ["GRANT OPTION"] : [];
    return { kind: "privileges", privileges: [...privilegesOf(granted[1]), ...options] };
  }
  const roles = /^GRANT ((?:[`'"].+?[`'"](?:@[`'"].*?[`'"])?(?:, ?)?)+) TO /i.exec(line)?.[1];
  if (roles !== undefined)
    return { kind: "roles", roles: roles.match(/[`'"][^`'"]*[`'"](?:@[`'"][^`'"]*[`'"])?/g) ?? [] };
  return /^SET DEFAULT ROLE /i.test(line) ? { kind: "privileges", privileges: [] } : { kind: "unknown" };
}

/** In words, what these privileges allow beyond reading; null for nothing. */
export function strengthOf(privileges: readonly string[]): string | null {
  const strong = [...new Set(privileges.filter((privilege) => !READING.has(privilege)))];
  return strong.length === 0 ? null : `It has ${strong.join(", ")}.`;
}

/** `SELECT (name, city), SHOW VIEW` names columns in brackets, which are no privileges. */
function privilegesOf(text: string): string[] {
  return text
    .replace(/\([^)]*\)/g, "")
    .split(",")
    .map((privilege) => privilege.trim().toUpperCase())
    .filter((privilege) => privilege !== "");
}

function withoutNames(line: string): string {
  return line.replace(/`[^`]*`|'[^']*'|"[^"]*"/g, "");
}
