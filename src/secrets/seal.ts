/**
 * Sealing with libsodium's XChaCha20-Poly1305-IETF. The place of a value is associated data, so a record
 * that somebody moves to another row, column or tenant does not open there.
 */
import { createHash } from "node:crypto";
import sodium from "libsodium-wrappers";
import type { SecretPlace, Secrets } from "../domain/secret.ts";
import { AppError } from "../errors.ts";

/** Of the record's form, first in each record, for the day there is another. */
const VERSION = "1";

/** @param masterKey 32 bytes */
export async function openSecrets(masterKey: Uint8Array): Promise<Secrets> {
  await sodium.ready;
  const kid = keyId(masterKey);

  return {
    seal(place, plaintext) {
      const nonce = sodium.randombytes_buf(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
      const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        plaintext,
        associated(kid, place),
        null,
        nonce,
        masterKey,
      );
      return [VERSION, kid, toText(nonce), toText(sealed)].join(".");
    },

    open(place, record) {
      const [version, recordKid, nonce, sealed] = record.split(".");
      if (version !== VERSION || recordKid !== kid || !nonce || !sealed)
        throw undecryptable(place, undefined);
      try {
        const plaintext = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
          null,
          Buffer.from(sealed, "base64url"),
          associated(kid, place),
          Buffer.from(nonce, "base64url"),
          masterKey,
        );
        return sodium.to_string(plaintext);
      } catch (thrown) {
        throw undecryptable(place, thrown);
      }
    },
  };
}

/** Names a key without telling anything of it, so that a record says which key it needs. */
function keyId(masterKey: Uint8Array): string {
  return createHash("sha256").update("parley key id").update(masterKey).digest("hex").slice(0, 8);
}

/** Unambiguous, because neither ids nor names of tables and columns have a bar in them. */
function associated(kid: string, { tenantId, table, column, rowId }: SecretPlace): string {
  return [VERSION, kid, tenantId ?? "", table, column, rowId].join("|");
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function undecryptable({ table, column }: SecretPlace, cause: unknown): AppError {
  const message = `A stored credential (${table}.${column}) cannot be opened with this Parley's key. Enter it again.`;
  return new AppError("CREDENTIAL_UNDECRYPTABLE", message, { cause });
}
