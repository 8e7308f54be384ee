import { describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileId, madeAt, newId } from "../../src/domain/ids.ts";
import { countFiles, openFiles } from "../../src/store/files.ts";

const BYTES = new Uint8Array([1, 2, 3]);
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const SWEEP = { leftOverSince: 0, now: Date.UTC(2026, 10, 26) };
const NOTHING = { broughtBack: 0, setAside: 0, deleted: 0, kept: 0 };

async function shown(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith(".")).sort();
}

async function newFiles() {
  const directory = join(await mkdtemp(join(tmpdir(), "parley-files-")), "files");
  return { directory, files: await openFiles(directory) };
}

describe("files", () => {
  test("come back as they were written, readable by their owner only", async () => {
    const { directory, files } = await newFiles();
    const id = newId("file");

    await files.write(id, BYTES);

    expect(await files.read(id)).toEqual(BYTES);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(files.path(id))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual([id]);
  });

  test("that were removed are gone, and removing them again is no error", async () => {
    const { files } = await newFiles();
    const id = newId("file");
    await files.write(id, BYTES);

    await files.remove(id);
    await files.remove(id);

    expect(await files.read(id)).toBeNull();
  });

  test("that were never finished are deleted by a sweep, and what nobody needs is set aside", async () => {
    const { directory, files } = await newFiles();
    const [needed, orphan] = [newId("file"), newId("file")];
    await files.write(needed, BYTES);
    await files.write(orphan, BYTES);
    await writeFile(join(directory, `${needed}.partial`), "half");

    const swept = await files.sweep({ ...SWEEP, needed: new Set([needed]) });

    expect(swept).toEqual({ ...NOTHING, setAside: 1, deleted: 1 });
    expect(await shown(directory)).toEqual([needed]);
    expect(await files.read(orphan)).toBeNull();
    expect(await readdir(join(directory, ".swept"))).toEqual([orphan]);
  });

  test("that were set aside are deleted a week later, not before", async () => {
    const { files, directory } = await newFiles();
    const [needed, orphan] = [newId("file"), newId("file")];
    await files.write(orphan, BYTES);
    const sweepAt = (now: number) => files.sweep({ ...SWEEP, needed: new Set([needed]), now });
    await sweepAt(SWEEP.now);

    expect(await sweepAt(SWEEP.now + WEEK_MS - 1_000)).toEqual(NOTHING);
    expect(await sweepAt(SWEEP.now + WEEK_MS + 1_000)).toEqual({ ...NOTHING, deleted: 1 });

    expect(await readdir(join(directory, ".swept"))).toEqual([]);
  });

  test("that were set aside come back when they are needed again, however late, and in whatever doubt", async () => {
    const { files } = await newFiles();
    const [needed, other] = [newId("file"), newId("file")];
    await files.write(other, BYTES);
    await files.sweep({ ...SWEEP, needed: new Set([needed]) });

    const needs = new Set([needed, other]);
    const swept = await files.sweep({ needed: needs, leftOverSince: null, now: SWEEP.now + 2 * WEEK_MS });

    expect(swept).toEqual({ ...NOTHING, broughtBack: 1 });
    expect(await files.read(other)).toEqual(BYTES);
  });

  test("that nobody needs stay where they are when none can be a left-over", async () => {
    const { directory, files } = await newFiles();
    const [orphan, setAside] = [newId("file"), newId("file")];
    await files.write(setAside, BYTES);
    await files.sweep({ ...SWEEP, needed: new Set() });
    await files.write(orphan, BYTES);
    await writeFile(join(directory, `${newId("file")}.partial`), "half");

    const now = SWEEP.now + 2 * WEEK_MS;
    expect(await files.sweep({ needed: new Set(), leftOverSince: null, now })).toEqual({
      ...NOTHING,
      kept: 2,
    });

    expect(await files.read(orphan)).toEqual(BYTES);
    expect(await readdir(join(directory, ".swept"))).toEqual([setAside]);
  });

  test("that are older than the database are no left-overs of it", async () => {
    const { files } = await newFiles();
    const old = newId("file");
    await files.write(old, BYTES);

    const swept = await files.sweep({ ...SWEEP, needed: new Set(), leftOverSince: madeAt(old) + 1 });

    expect(swept).toEqual({ ...NOTHING, kept: 1 });
    expect(await files.read(old)).toEqual(BYTES);
  });

  test("that Parley did not name are neither swept nor counted", async () => {
    const { directory, files } = await newFiles();
    await writeFile(join(directory, "notes.txt"), "of the administrator");
    await mkdir(join(directory, "lost+found"));

    expect(await files.sweep({ ...SWEEP, needed: new Set() })).toEqual(NOTHING);

    expect(await shown(directory)).toEqual(["lost+found", "notes.txt"]);
    expect(await countFiles(directory)).toBe(0);
  });

  test("are counted with those that were set aside, without those that were never finished", async () => {
    const { directory, files } = await newFiles();
    await files.write(newId("file"), BYTES);
    await files.sweep({ ...SWEEP, needed: new Set() });
    await files.write(newId("file"), BYTES);
    await writeFile(join(directory, `${newId("file")}.partial`), "half");

    expect(await countFiles(directory)).toBe(2);
    expect(await countFiles(join(directory, "none"))).toBe(0);
  });

  test("never lead out of their folder", async () => {
    const { files } = await newFiles();

    for (const name of ["../secret.key", "a/b", "..", ".hidden", "", "a\0b", "C:\\x", "x.partial"]) {
      expect(() => files.path(name as FileId)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    }
  });

  test("need a folder that can be made", async () => {
    const { directory, files } = await newFiles();
    await files.write("file" as FileId, BYTES);

    const opening = openFiles(join(directory, "file", "below"));

    await expect(opening).rejects.toMatchObject({ code: "DATA_DIR_NOT_WRITABLE" });
  });
});
