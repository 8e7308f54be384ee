/** What must hold of a Parley's data after every crash: nothing broken, nothing twice, nothing left over. */
import { expect } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { count, integrity, rows } from "./database.ts";
import type { Parley } from "./parley.ts";

/** Of a Parley that runs and has nothing under way. */
export async function expectSound(parley: Parley): Promise<void> {
  expect(integrity(parley)).toEqual(["ok"]);
  const orphans =
    "document_chunks where version not in (select current_version from documents where current_version is not null)";
  expect(count(parley, orphans)).toBe(0);
  expect(rows(parley, "select 1 from document_chunks group by version, ordinal having count(*) > 1")).toEqual(
    [],
  );
  expect(count(parley, "messages where status = 'streaming'")).toBe(0);
  const known = rows(
    parley,
    "select file_id from documents where file_id is not null union select logo_file from widget_configs where logo_file is not null",
  );
  const files = await readdir(join(parley.dataDirectory, "files")).catch(() => []);
  expect(files.filter((name) => name !== ".swept").sort()).toEqual(
    known.map(({ file_id }) => String(file_id)).sort(),
  );
  expect((await fetch(`${parley.url}/readyz`)).status).toBe(200);
}
