/**
 * Browsers that an account is known in, because somebody signed in there with its password. Their wrong passwords are
 * counted apart from everybody else's, so that a stranger who knows an e-mail address cannot lock its owner out.
 *
 * A browser keeps a random name of its own and, for each account, a proof that only this Parley can make. It says
 * nothing of whose they are, opens nothing, and ends with the password.
 */
import type { Tokens } from "../../deps.ts";
import type { User } from "../../domain/user.ts";

type DeviceTokens = Pick<Tokens, "random" | "equal" | "proveDevice">;
export type Account = { user: User; passwordHash: string };

/** More people than share one browser; the one who signed in longest ago is forgotten. */
const ACCOUNTS_PER_BROWSER = 5;

/** The name of the browser that kept `kept`, where it is known to the account; else null. */
export function knownDevice(tokens: DeviceTokens, kept: string | null, account: Account): string | null {
  const { name, proofs } = parse(kept);
  if (name === null) return null;
  const expected = tokens.proveDevice(name, accountText(account));
  return proofs.some((proof) => tokens.equal(proof, expected)) ? name : null;
}

/** What a browser keeps from now on, in which somebody has just signed in to the account. */
export function rememberDevice(tokens: DeviceTokens, kept: string | null, account: Account): string {
  const { name, proofs } = parse(kept);
  const device = name ?? tokens.random("");
  const proof = tokens.proveDevice(device, accountText(account));
  const others = proofs.filter((other) => other !== proof);
  return [device, proof, ...others].slice(0, 1 + ACCOUNTS_PER_BROWSER).join(".");
}

/** A new password makes another account of it: whoever knew the former one is a stranger again. */
function accountText({ user, passwordHash }: Account): string {
  return `${user.id}|${passwordHash}`;
}

function parse(kept: string | null): { name: string | null; proofs: string[] } {
  const [name, ...proofs] = kept?.split(".") ?? [];
  const isOurs = [name, ...proofs].every((part) => part !== undefined && /^[\w-]{43}$/.test(part));
  return isOurs && name !== undefined
    ? { name, proofs: proofs.slice(0, ACCOUNTS_PER_BROWSER) }
    : { name: null, proofs: [] };
}
