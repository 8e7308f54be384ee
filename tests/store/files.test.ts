import { describe, expect, test } from "bun:test";
import { mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileId, newId } from "../../src/domain/ids.ts";
import { openFiles } from "../../src/store/files.ts";

const BYTES = new Uint8Array([1, 2, 3]);

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

  test("that nobody needs are swept, with those that were never finished", async () => {
    const { directory, files } = await newFiles();
    const [needed, orphan] = [newId("file"), newId("file")];
    await files.write(needed, BYTES);
    await files.write(orphan, BYTES);
    await writeFile(join(directory, `${needed}.partial`), "half");

    expect(await files.sweep((id) => id === needed)).toBe(2);

    expect(await readdir(directory)).toEqual([needed]);
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
