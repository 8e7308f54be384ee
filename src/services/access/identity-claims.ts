/** What a visitor's token may say. Pure: whether it is signed is somebody else's question. */
import type { Visitor } from "../../domain/conversation.ts";
import type { IdentityClaims } from "../../domain/identity.ts";
import { textProblem } from "../../domain/text.ts";

/** A token that lives longer is as good as a password that lies in a page. */
const LONGEST_LIFE_MS = 24 * 3_600_000;
export const LEEWAY_MS = 60_000;
const AUDIENCE = "parley";
const MOST_GROUPS = 200;
const LONGEST = { sub: 200, name: 200, email: 320, group: 100 };

/** In sentences; none where the claims name a visitor. */
export function claimProblems({ sub, exp, aud, name, email, groups }: IdentityClaims, now: number): string[] {
  const isShortLived = typeof exp === "number" && exp * 1000 <= now + LONGEST_LIFE_MS + LEEWAY_MS;
  return [
    isShortLived ? null : "The visitor's identity has to expire (exp) within a day.",
    aud === undefined || aud === AUDIENCE
      ? null
      : `The visitor's identity is for somebody else: aud is “${AUDIENCE}” or left out.`,
    problemOfText("sub", sub, LONGEST.sub),
    name === undefined ? null : problemOfText("name", name, LONGEST.name),
    email === undefined ? null : problemOfText("email", email, LONGEST.email),
    groups === undefined ? null : problemOfGroups(groups),
  ].filter((problem) => problem !== null);
}

/** Of claims without a problem. */
export function visitorOf({ sub, name, email, groups }: IdentityClaims): Visitor {
  return {
    id: String(sub),
    name: typeof name === "string" ? name : null,
    email: typeof email === "string" ? email : null,
    groups: Array.isArray(groups) ? groups.map(String) : [],
  };
}

function problemOfGroups(groups: unknown): string | null {
  if (!Array.isArray(groups) || groups.length > MOST_GROUPS)
    return `The visitor's groups are a list of at most ${MOST_GROUPS} names.`;
  return groups.map((group) => problemOfText("groups", group, LONGEST.group)).find((each) => each) ?? null;
}

function problemOfText(claim: string, value: unknown, longest: number): string | null {
  const isText = typeof value === "string" && value.trim() !== "" && value.length <= longest;
  if (isText && textProblem(value) === null) return null;
  return `The visitor's ${claim} has to be a text of at most ${longest} characters.`;
}
