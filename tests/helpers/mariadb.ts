/** A real MariaDB from Debian's packages, on a port and in a folder of its own. */
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createConnection as connectTcp } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { makeCertificate } from "./certificate.ts";
import { freePort } from "./parley.ts";

const SERVER = "/usr/sbin/mariadbd";
const INSTALLER = "/usr/bin/mariadb-install-db";

export type MariaDb = {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Of the server, which is its own authority; it is for `db.test` and 127.0.0.1. Null without TLS. */
  readonly certificate: string | null;
  /** Runs statements as the server's owner, one after the other. */
  run(...statements: string[]): Promise<void>;
  /** Rows of one statement. */
  ask(statement: string): Promise<Record<string, unknown>[]>;
  /** Ends the server at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. */
  start(): Promise<void>;
  /** Ends it and removes its folder. For `afterAll`. */
  remove(): Promise<void>;
};

export type MariaDbOptions = {
  /** Whether it takes encrypted connections. */
  tls?: boolean;
};

export async function startMariaDb({ tls = false }: MariaDbOptions = {}): Promise<MariaDb> {
  if (!(await Bun.file(SERVER).exists()))
    throw new Error("MariaDB is missing; install it with: apt-get install mariadb-server");
  const folder = await mkdtemp(join(tmpdir(), "parley-mariadb-"));
  const owner = await ownerOf(folder);
  const data = join(folder, "data");
  await install(data, owner);
  const pair = tls ? await makeCertificate(folder) : null;
  const port = await freePort();
  const command = [
    ...owner.within,
    SERVER,
    "--no-defaults",
    `--datadir=${data}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${join(folder, "s")}`,
    `--pid-file=${join(folder, "pid")}`,
    "--innodb-buffer-pool-size=64M",
    "--innodb-flush-log-at-trx-commit=2",
    "--skip-name-resolve",
    ...(pair ? [`--ssl-cert=${pair.certificate}`, `--ssl-key=${pair.key}`] : []),
  ];
  let server: ReturnType<typeof spawn> | null = null;
  let root: Connection | null = null;

  const connected = async () => {
    root ??= await createConnection({
      host: "127.0.0.1",
      port,
      user: "root",
      dateStrings: true,
      supportBigNumbers: true,
    });
    return root;
  };
  const kill = async () => {
    root?.destroy();
    root = null;
    server?.kill("SIGKILL");
    await server?.exited;
    server = null;
  };
  const start = async () => {
    server = spawn(command);
    await listening(port, server);
  };
  await start();
  return {
    host: "127.0.0.1",
    port,
    certificate: pair && (await Bun.file(pair.certificate).text()),
    async run(...statements) {
      for (const statement of statements) await (await connected()).query(statement);
    },
    async ask(statement) {
      const [rows] = await (await connected()).query(statement);
      return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
    },
    kill,
    start,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function spawn(command: string[]) {
  return Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
}

type Owner = { within: string[]; name: string };

/** The server refuses to be root, so root starts it as somebody else. */
async function ownerOf(folder: string): Promise<Owner> {
  if (process.getuid?.() !== 0) return { within: [], name: userInfo().username };
  const id = Number(await Bun.$`id -u mysql`.text());
  const group = Number(await Bun.$`id -g mysql`.text());
  await chown(folder, id, group);
  return { within: ["setpriv", `--reuid=${id}`, `--regid=${group}`, "--clear-groups"], name: "mysql" };
}

async function install(data: string, { name }: Owner): Promise<void> {
  const options = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
  const made = Bun.spawn([INSTALLER, "--no-defaults", `--datadir=${data}`, `--user=${name}`, ...options], {
    stdout: "pipe",
    stderr: "pipe",
  });
  if ((await made.exited) !== 0)
    throw new Error(`MariaDB made no data folder: ${await new Response(made.stderr).text()}`);
}

/** Resolves once somebody listens; rejects with what the server said when it ends instead. */
async function listening(port: number, server: ReturnType<typeof spawn>): Promise<void> {
  for (;;) {
    if (await accepts(port)) return;
    if (server.exitCode !== null)
      throw new Error(`MariaDB did not start: ${await new Response(server.stderr).text()}`);
    await Bun.sleep(20);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: "127.0.0.1", port });
    const answer = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    // The server speaks first: one that only listens is not ready.
    socket.once("data", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("close", () => resolve(false));
  });
}
