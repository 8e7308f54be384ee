/** Authorities whose certificates count. */
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { AppError } from "../errors.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * The certificates of a text in PEM, each by itself.
 *
 * @throws AppError VALIDATION where there is none, or one that cannot be read
 */
export function certificatesIn(pem: string): string[] {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0)
    throw new AppError(
      "VALIDATION",
      "There is no certificate in it. One begins with -----BEGIN CERTIFICATE-----.",
    );
  const unread = blocks.findIndex((block) => !isCertificate(block));
  if (unread < 0) return blocks;
  throw new AppError("VALIDATION", `Certificate ${unread + 1} of ${blocks.length} in it cannot be read.`);
}

/** Those that the runtime trusts, and these. */
export function besidesTheUsual(certificates: readonly string[]): string[] {
  return [...rootCertificates, ...certificates];
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== undefined;
  } catch {
    return false;
  }
}
