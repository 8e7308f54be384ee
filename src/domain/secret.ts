import { AppError } from "../errors.ts";
import type { TenantId } from "./ids.ts";

/** The one cell a sealed value belongs to. In any other place it does not open. */
export type SecretPlace = {
  /** Null for what belongs to the whole instance. */
  tenantId: TenantId | null;
  table: string;
  column: string;
  rowId: string;
};

/** Seals what must not be readable in a stolen database. */
export interface Secrets {
  /** A record of ASCII text, different each time. */
  seal(place: SecretPlace, plaintext: string): string;
  /** @throws CREDENTIAL_UNDECRYPTABLE when the record was made with another key, for another place, or altered */
  open(place: SecretPlace, record: string): string;
}

/** A vendor's key as it was read. */
export type StoredKey = {
  apiKey: string | null;
  /** There is one, and the master key does not open it: another one made it, or it was altered. */
  keyLost?: true | undefined;
};

/** @param whose "language model" @throws AppError CREDENTIAL_UNDECRYPTABLE for a key that was lost */
export function requireKeyNotLost(
  { keyLost }: Pick<StoredKey, "keyLost">,
  whose: string,
  what?: "password",
): void {
  if (keyLost) throw new AppError("CREDENTIAL_UNDECRYPTABLE", lostKeySentence(whose, what));
}

export function lostKeySentence(whose: string, what: "API key" | "password" = "API key"): string {
  return `The stored ${what} of the ${whose} cannot be opened with this Parley's key. Enter it again, or remove it.`;
}
