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
