/** The key that signs what this Parley says of itself: made of the master key, so it is kept with it and nowhere else. */
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";

export type ReportSignature = {
  algorithm: "Ed25519";
  /** DER of its public key (RFC 8410), base64: who does not have the master key checks with it. */
  publicKey: string;
  /** Base64. */
  value: string;
};

/** RFC 8410: what stands before the 32 bytes of a private key in PKCS #8. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

export function publicKeyOf(masterKey: Uint8Array): string {
  return exported(createPublicKey(privateKeyOf(masterKey)));
}

export function signReport(masterKey: Uint8Array, text: string): ReportSignature {
  const value = sign(null, Buffer.from(text), privateKeyOf(masterKey)).toString("base64");
  return { algorithm: "Ed25519", publicKey: publicKeyOf(masterKey), value };
}

/** Whether the text is just as the holder of the key has signed it. */
export function isSigned(
  text: string,
  { publicKey, value }: Pick<ReportSignature, "publicKey" | "value">,
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
    return (
      key.asymmetricKeyType === "ed25519" &&
      verify(null, Buffer.from(text), key, Buffer.from(value, "base64"))
    );
  } catch {
    // What is no key has signed nothing.
    return false;
  }
}

function privateKeyOf(masterKey: Uint8Array): KeyObject {
  const seed = Buffer.from(hkdfSync("sha256", masterKey, "", "parley report", 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}

function exported(key: KeyObject): string {
  return key.export({ format: "der", type: "spki" }).toString("base64");
}
