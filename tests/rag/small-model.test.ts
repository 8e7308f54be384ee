/** The small model beside the repository, imported as any other: what it brings, and what it must not do. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installNativeParts } from "../../src/native/native.ts";
import { embeddingScale, powerOf, relevanceOfCosine } from "../../src/rag/calibration.ts";
import { ABSTAIN_BELOW } from "../../src/rag/select.ts";
import { cosine, KNOWN_PAIRS } from "../../src/rag/similarity.ts";
import { type LocalEmbeddings, openEmbeddingWorker } from "../../src/workers/embedding.ts";

const NAME = "parley-embed-static-320";
const MODEL = join(import.meta.dir, "../../../shared/models", NAME);
const NEVER = new AbortController().signal;
if (!existsSync(MODEL)) console.warn(`Skipped: ${NAME} is not beside the repository.`);

describe.skipIf(!existsSync(MODEL))("the small model", () => {
  let directory: string;
  let model: LocalEmbeddings;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "parley-small-model-"));
    await cp(MODEL, join(directory, NAME), { recursive: true });
    model = await openEmbeddingWorker(join(directory, NAME), await installNativeParts(directory));
  });
  afterAll(async () => {
    model?.close();
    await rm(directory, { recursive: true });
  });

  test("likens sentences to their translations more than to others", async () => {
    const english = ["The laptop was stolen.", "The salary is paid monthly.", "Visitors park outside."];
    const german = [
      "Der Laptop wurde gestohlen.",
      "Das Gehalt wird monatlich gezahlt.",
      "Besucher parken draußen.",
    ];
    const [questions, answers] = [
      await model.embed(german, "query", NEVER),
      await model.embed(english, "passage", NEVER),
    ];

    const cosines = questions.map((question) => answers.map((answer) => cosine(question, answer)));
    const own = cosines.reduce((sum, row, place) => sum + (row[place] ?? 0), 0) / 3;
    const others = cosines.flatMap((row, place) => row.filter((_, other) => other !== place));
    expect(own).toBeGreaterThan(others.reduce((sum, each) => sum + each, 0) / others.length + 0.2);
  });

  test("has some power, and no wrong answer of the known pairs is believed of it", async () => {
    const questions = await model.embed(
      KNOWN_PAIRS.map(([question]) => question),
      "query",
      NEVER,
    );
    const answers = await model.embed(
      KNOWN_PAIRS.map(([, answer]) => answer),
      "passage",
      NEVER,
    );
    const rows = questions.map((question) => answers.map((answer) => cosine(question, answer)));
    const wrong = rows.map((row, own) => row.filter((_, place) => place !== own));
    const all = wrong.flat();
    const scale = embeddingScale(
      rows.map((row, own) => ({ own: row[own] ?? 0, bestOther: Math.max(...(wrong[own] ?? [])) })),
      all.reduce((sum, each) => sum + each, 0) / all.length,
    );

    expect(powerOf(scale)).toBeGreaterThan(0.5);
    for (const each of all) expect(relevanceOfCosine(each, scale)).toBeLessThan(ABSTAIN_BELOW);
  });
});
