/** Passwords, hashed with argon2id, a few at a time: each takes 64 MiB. */
import { AppError } from "../errors.ts";

/** Above OWASP's and ASVS's minimum; about a tenth of a second on one core. */
const ARGON2ID = { algorithm: "argon2id", memoryCost: 65_536, timeCost: 2 } as const;

/** Together 256 MiB at the same moment. */
const AT_ONCE = 4;
const MOST_WAITING = 32;
const RETRY_AFTER_MS = 2_000;

/** A hash with these parameters of a password that nobody knows: what unknown addresses are verified against. */
const DUMMY_HASH =
  "$argon2id$v=19$m=65536,t=2,p=1$FU07f+lzcoZx6jr92A2yI2UlflZ4ao7O66xe56PaL+4$xP23ACG4E2lTg34Fkxn8BxOzzzhfMMsgOgbeov4d7Jo";

export type Passwords = {
  /** @throws OVERLOADED when too many are waiting */
  hash(password: string): Promise<string>;
  /** @throws OVERLOADED when too many are waiting */
  verify(password: string, hash: string): Promise<boolean>;
  verifyDummy(password: string): Promise<false>;
};

export function argonPasswords(): Passwords {
  const inTurn = limitedTo(AT_ONCE, MOST_WAITING);
  const verify = (password: string, hash: string) => inTurn(() => Bun.password.verify(password, hash));

  return {
    hash: (password) => inTurn(() => Bun.password.hash(password, ARGON2ID)),
    verify,
    async verifyDummy(password) {
      await verify(password, DUMMY_HASH);
      return false;
    },
  };
}

type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs `atOnce` pieces of work and lets `mostWaiting` more wait, first come, first served. */
export function limitedTo(atOnce: number, mostWaiting: number): InTurn {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw overloaded();
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // Whoever comes next takes over the place, so that nobody slips in between.
      if (next === undefined) running--;
      else next();
    }
  };
}

function overloaded(): AppError {
  const message = "Too many people are signing in at this moment. Try again in a few seconds.";
  return new AppError("OVERLOADED", message, { retryAfterMs: RETRY_AFTER_MS });
}
