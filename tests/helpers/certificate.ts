/** Certificates: one that is its own authority, for `db.test` and 127.0.0.1, and one that another has signed. */
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

/** A certificate for these names, signed by an authority that nobody knows. */
export async function makeSignedCertificate(
  folder: string,
  names: readonly string[],
): Promise<{ authority: string; cert: string; key: string }> {
  const path = (name: string) => join(folder, name);
  const subject = `subjectAltName=${names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",")}`;
  await Bun.write(path("names"), subject);
  await Bun.$`openssl req -x509 -newkey rsa:2048 -nodes -keyout ${path("ca.key")} -out ${path("ca.crt")} -days 2 -subj /CN=Test`.quiet();
  await Bun.$`openssl req -newkey rsa:2048 -nodes -keyout ${path("host.key")} -out ${path("host.csr")} -subj /CN=${names[0] ?? ""}`.quiet();
  await Bun.$`openssl x509 -req -in ${path("host.csr")} -CA ${path("ca.crt")} -CAkey ${path("ca.key")} -CAcreateserial -out ${path("host.crt")} -days 2 -extfile ${path("names")}`.quiet();
  const text = (name: string) => Bun.file(path(name)).text();
  return { authority: await text("ca.crt"), cert: await text("host.crt"), key: await text("host.key") };
}
