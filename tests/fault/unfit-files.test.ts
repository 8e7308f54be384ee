/** Files that people name or replace: devices, pipes and folders in their place, and rights and limits that are said. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";

setDefaultTimeout(30_000);

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-unfit-"));
  data = join(folder, "data");
  await mkdir(data);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const GIGABYTE = 1024 ** 3;
const NO_FILE = "is a device, a pipe or a folder, not a file";
const UNFIT: [what: string, make: (path: string) => Promise<unknown>, why: string][] = [
  ["a device that never ends", (path) => symlink("/dev/zero", path), NO_FILE],
  ["a pipe that nobody writes to", (path) => Bun.$`mkfifo ${path}`, NO_FILE],
  ["a folder", (path) => mkdir(path), NO_FILE],
  [
    "as large as a disk",
    (path) => writeFile(path, "").then(() => truncate(path, 100 * GIGABYTE)),
    "is larger than",
  ],
];

describe.each(UNFIT)("in place of a file, %s", (_what, make, why) => {
  /** Refused at once and with one sentence, whatever is behind the name. */
  async function expectRefused(
    path: string,
    code: string,
    exit: number,
    words: string[],
    environment: Record<string, string> = {},
  ): Promise<void> {
    await make(path);
    const { exitCode, stderr } = await runParley(["--data", data, "--port", "0", ...words], environment);
    expect(stderr).toMatch(new RegExp(`^parley: [^\\n]+ \\[${code}\\]\\n$`));
    for (const word of [path, why]) expect(stderr).toContain(word);
    expect(exitCode).toBe(exit);
  }

  test("is refused as secret.key", () => expectRefused(join(data, "secret.key"), "KEY_INVALID", 78, []));

  test("is refused as the file that PARLEY_SECRET_KEY_FILE names", () => {
    const path = join(folder, "key");
    return expectRefused(path, "KEY_MISSING", 78, [], { PARLEY_SECRET_KEY_FILE: path });
  });

  test("is refused as the file of settings", () => {
    const path = join(folder, "parley.toml");
    return expectRefused(path, "CONFIG_INVALID", 78, ["--config", path]);
  });

  test.each(["--tls-cert", "--tls-key"])("is refused after %s", async (flag) => {
    const [path, other] = [join(folder, "unfit.pem"), join(folder, "other.pem")];
    await writeFile(other, "");
    const rest = flag === "--tls-cert" ? "--tls-key" : "--tls-cert";
    await expectRefused(path, "TLS_INVALID", 78, [flag, path, rest, other]);
  });
});

describe("a start says", () => {
  let parley: Parley;
  afterEach(() => parley.remove());

  test.each([0o644, 0o640, 0o606])(
    "that others may read the key, with what to do (mode %i)",
    async (mode) => {
      const path = join(data, "secret.key");
      await writeFile(path, Buffer.alloc(32, 7).toString("base64"), { mode });
      await chmod(path, mode);

      parley = await startParley({ dataDirectory: data });

      const shown = mode.toString(8).padStart(4, "0");
      expect(parley.log()).toMatch(
        new RegExp(`"secret-key-open-to-others","mode":"${shown}".*chmod 600 ${path}`),
      );
    },
  );

  test("nothing of a key that is its owner's alone, nor of one that is not used", async () => {
    const path = join(data, "secret.key");
    await writeFile(path, Buffer.alloc(32, 7).toString("base64"), { mode: 0o600 });
    parley = await startParley({ dataDirectory: data });
    await parley.stop();
    await chmod(path, 0o644);
    await parley.restart({ environment: { PARLEY_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") } });

    expect(parley.log()).not.toContain("secret-key-open-to-others");
  });

  test("that the system allows too few open files for the chats it was set up for", async () => {
    const within = ["prlimit", "--nofile=1024:1024"];
    parley = await startParley({ dataDirectory: data, within });
    expect(parley.log()).toMatch(
      /"few-open-files","most":1024,"needed":14000,"message":"[^"]*LimitNOFILE=14000/,
    );
    await parley.stop();

    const before = parley.log().length;
    await parley.restart({ within, flags: ["--max-sockets", "300", "--max-answers", "100"] });

    expect(parley.log().slice(before)).not.toContain("few-open-files");
  });
});
