/** A certificate that is its own authority, for `db.test` and 127.0.0.1. */
import { join } from "node:path";

/** Paths of both, in this folder. */
export async function makeCertificate(folder: string): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = [join(folder, "server.crt"), join(folder, "server.key")];
  const names = "subjectAltName=DNS:db.test,IP:127.0.0.1";
  await Bun.$`openssl req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${certificate} -days 2 -subj /CN=db.test -addext ${names}`.quiet();
  // A database server runs as somebody else.
  await Bun.$`chmod 644 ${key}`;
  return { certificate, key };
}
