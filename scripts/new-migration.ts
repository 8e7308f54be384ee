/** `bun run migration "turn ratings"` makes the next numbered file in migrations/sqlite. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const words = process.argv.slice(2).join(" ").trim();
if (words === "") {
  console.error('Say what the migration is about: bun run migration "turn ratings"');
  process.exit(64);
}
const folder = join(import.meta.dir, "../migrations/sqlite");
const last = Math.max(0, ...readdirSync(folder).map((name) => Number.parseInt(name, 10) || 0));
const number = String(last + 1).padStart(4, "0");
const path = join(folder, `${number}_${words.toLowerCase().replace(/[^a-z0-9]+/g, "_")}.sql`);
await Bun.write(
  path,
  `-- ${number} ${words}\n--\n-- Why, what it costs on a large table, and whether an older binary still reads the database.\n\n`,
);
console.log(path);
