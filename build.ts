/**
 * Builds Parley into one file.
 *
 *     bun run build                        dist/parley, for this machine
 *     bun run build --target linux-arm64   dist/parley-linux-arm64, checked but not run
 *     bun run build --model DIR            with an embedding model inside
 */
import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildBinary } from "./scripts/build/binary.ts";
import { currentTarget, TARGETS, type Target } from "./src/native/parts.ts";

/** The binary must stay below this without a model. */
const MAX_SIZE_BYTES = 180_000_000;

function parseTarget(text: string | undefined): Target {
  const target = TARGETS.find((known) => known === (text ?? currentTarget()));
  if (target !== undefined) return target;
  throw new Error(`Parley is not built for ${text ?? "this machine"}. Known targets: ${TARGETS.join(", ")}.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: "string" }, model: { type: "string" } } });
  const target = parseTarget(values.target);
  const name = values.target === undefined ? "parley" : `parley-${target}`;
  const outfile = join(import.meta.dir, "dist", target === "windows-x64" ? `${name}.exe` : name);
  await mkdir(join(import.meta.dir, "dist"), { recursive: true });

  const { sizeBytes, timesMs } = await buildBinary({
    repository: import.meta.dir,
    target,
    outfile,
    modelDirectory: values.model === undefined ? null : resolve(values.model),
    entry: "src/main.ts",
  });

  for (const [step, ms] of timesMs)
    console.log(`${step.padEnd(16)} ${Math.round(ms).toString().padStart(6)} ms`);
  console.log(`${relative(process.cwd(), outfile)}  ${(sizeBytes / 1e6).toFixed(1)} MB  for ${target}`);
  if (values.model === undefined && sizeBytes > MAX_SIZE_BYTES) {
    throw new Error(`The binary is larger than the ${MAX_SIZE_BYTES / 1e6} MB that it may have.`);
  }
}

try {
  await main();
} catch (thrown) {
  // The bundler's complaints come as one error of many.
  for (const error of thrown instanceof AggregateError ? thrown.errors : [thrown])
    console.error(String(error));
  process.exit(1);
}
