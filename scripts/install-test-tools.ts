/** Installs what the tests need beyond npm packages: Debian's Chromium, PostgreSQL and MariaDB. Says plainly what is missing where it cannot. */
import { existsSync } from "node:fs";
import { run } from "./run.ts";

type Tool = { what: string; command: string; packages: string[]; neededFor: string };

const TOOLS: readonly Tool[] = [
  { what: "Chromium", command: "/usr/bin/chromium", packages: ["chromium"], neededFor: "the browser tests" },
  {
    what: "PostgreSQL",
    command: "/usr/lib/postgresql",
    packages: ["postgresql"],
    neededFor: "the tests of databases",
  },
  {
    what: "MariaDB",
    command: "/usr/sbin/mariadbd",
    packages: ["mariadb-server"],
    neededFor: "the tests of MySQL",
  },
];

const missing = TOOLS.filter((tool) => !existsSync(tool.command));
if (missing.length > 0) await install(missing);
for (const tool of TOOLS) {
  if (existsSync(tool.command)) continue;
  console.error(
    `${tool.what} is missing; ${tool.neededFor} need it. Install it with: apt-get install ${tool.packages.join(" ")}`,
  );
  process.exitCode = 1;
}

async function install(tools: readonly Tool[]): Promise<void> {
  if (!Bun.which("apt-get"))
    return console.error("There is no apt-get here, so nothing can be installed for you.");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const packages = tools.flatMap((tool) => tool.packages);
  console.log(`Installing ${packages.join(", ")} …`);
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  await run([...asRoot, "apt-get", "update", "-qq"], environment);
  await run(
    [...asRoot, "apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages],
    environment,
  );
}
