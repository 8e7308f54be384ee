/**
 * Questions as employees ask them, over HTTP, by the script that lies beside them: prints its tables. Run by
 * `bun run bench questions` on the binary; `PARLEY_BENCH_QUESTIONS` names the folder. With `PARLEY_BENCH_MODEL` an
 * embedding model of that folder is imported, with `PARLEY_BENCH_GIVEN` what a model would be given is scored.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { QUESTIONS } from "./quote-cases.ts";
import { BINARY } from "./start.ts";

export async function benchQuestions(): Promise<Figure[]> {
  const script = join(QUESTIONS, "score.ts");
  if (!existsSync(script))
    return [{ what: "questions", measured: "not here", target: "PARLEY_BENCH_QUESTIONS names their folder" }];
  const model = process.env.PARLEY_BENCH_MODEL;
  const options = [
    ...(model ? ["--model", model] : []),
    ...(process.env.PARLEY_BENCH_GIVEN ? ["--given"] : []),
  ];
  const scoring = Bun.spawn([process.execPath, script, BINARY, QUESTIONS, ...options], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await scoring.exited;
  return code === 0 ? [] : [{ what: "questions", measured: `ended with ${code}`, target: "" }];
}
