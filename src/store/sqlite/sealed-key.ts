import type { SecretPlace, Secrets, StoredKey } from "../../domain/secret.ts";
import { AppError } from "../../errors.ts";

/** A key that does not open is told as lost: whoever would use it refuses, and everything else goes on. */
export function openKey(secrets: Secrets, place: SecretPlace, sealed: string | null): StoredKey {
  if (sealed === null) return { apiKey: null };
  try {
    return { apiKey: secrets.open(place, sealed) };
  } catch (thrown) {
    if (thrown instanceof AppError) return { apiKey: null, keyLost: true };
    throw thrown;
  }
}
