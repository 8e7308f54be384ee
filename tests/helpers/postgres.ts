/** A PostgreSQL server of the test's own: Debian's, on a free port, in a folder that goes with it. */
import { chmod, chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";

export type PostgresServer = {
  host: string;
  port: number;
  /** A database of that name, empty. */
  createDatabase(name: string): Promise<void>;
  /** Runs statements as the superuser, several at once. */
  admin<Row = Record<string, unknown>>(statements: string, database?: string): Promise<Row[]>;
  /** The certificate of the server, which is its own authority; it is for `db.test` and 127.0.0.1. */
  certificate: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
};

export const SUPERUSER = { username: "postgres", password: "superuser-password" };

/** Where Debian keeps the programs of each version. */
const PROGRAMS = "/usr/lib/postgresql";

export async function startPostgres({ tls = true } = {}): Promise<PostgresServer> {
  const programs = await newestPrograms();
  const folder = await mkdtemp(join(tmpdir(), "parley-postgres-"));
  const owner = await unprivileged();
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  await Bun.write(passwordFile, `${SUPERUSER.password}\n`);
  for (const path of [folder, passwordFile]) if (owner) await chown(path, owner.uid, owner.gid);
  const initialise = ["--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8"];
  await run([
    ...as(owner),
    join(programs, "initdb"),
    "-D",
    data,
    "-U",
    SUPERUSER.username,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    ...initialise,
  ]);
  const certificate = await makeCertificate(data, owner);
  const port = await freePort();
  const words = [
    "-D",
    data,
    "-p",
    String(port),
    "-h",
    "127.0.0.1",
    "-k",
    folder,
    ...[...SETTINGS, `ssl=${tls ? "on" : "off"}`].flatMap((each) => ["-c", each]),
  ];
  let server = await launch([...as(owner), join(programs, "postgres"), ...words], port);
  return {
    host: "127.0.0.1",
    port,
    certificate,
    createDatabase: async (name) => {
      await admin(port, "postgres", `create database ${name}`);
    },
    admin: (statements, database = "postgres") => admin(port, database, statements),
    async stop() {
      server.kill("SIGINT");
      await server.exited;
    },
    async start() {
      server = await launch([...as(owner), join(programs, "postgres"), ...words], port);
    },
    async remove() {
      server.kill("SIGQUIT");
      await server.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nothing of it outlives the test, so nothing has to reach the disk. */
const SETTINGS = ["fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=16MB"];

type Owner = { uid: number; gid: number };

/** PostgreSQL refuses to run as root: then as the user that Debian's package made. */
async function unprivileged(): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (which) => Number(await run(["id", which, "postgres"]))),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

function as(owner: Owner | null): string[] {
  return owner ? ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"] : [];
}

async function newestPrograms(): Promise<string> {
  const versions = (await readdir(PROGRAMS)).sort((left, right) => Number(right) - Number(left));
  return join(PROGRAMS, versions[0] ?? "", "bin");
}

async function makeCertificate(data: string, owner: Owner | null): Promise<string> {
  const [key, certificate] = [join(data, "server.key"), join(data, "server.crt")];
  const names = "subjectAltName=DNS:db.test,IP:127.0.0.1";
  await run([
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    certificate,
    "-days",
    "2",
    "-subj",
    "/CN=db.test",
    "-addext",
    names,
  ]);
  await chmod(key, 0o600);
  for (const path of [key, certificate]) if (owner) await chown(path, owner.uid, owner.gid);
  return Bun.file(certificate).text();
}

async function launch(words: string[], port: number) {
  const child = Bun.spawn(words, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const decoder = new TextDecoder();
  let said = "";
  const reader = child.stderr.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`PostgreSQL ended:\n${said}`);
    said += decoder.decode(value, { stream: true });
    if (said.includes("database system is ready to accept connections")) break;
  }
  // What it says later is read away, or it would wait for a reader.
  void (async () => {
    while (!(await reader.read()).done);
  })();
  await admin(port, "postgres", "select 1");
  return child;
}

async function admin<Row>(port: number, database: string, statements: string): Promise<Row[]> {
  const sql = new SQL({
    adapter: "postgres",
    hostname: "127.0.0.1",
    port,
    ...SUPERUSER,
    database,
    tls: "disable",
    max: 1,
  });
  try {
    return [...(await sql.unsafe<Row[]>(statements).simple())];
  } finally {
    await sql.close({ timeout: 0 });
  }
}

async function freePort(): Promise<number> {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  return port;
}

async function run(words: string[]): Promise<string> {
  const child = Bun.spawn(words, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`${words.join(" ")}:\n${stderr}`);
  return stdout.trim();
}
