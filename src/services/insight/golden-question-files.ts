/** Golden questions as files: all of a tenant's written out, and those of a file taken in, all or none. */
import type { Deps } from "../../deps.ts";
import { type ExpectedSource, type GoldenQuestion, plainText } from "../../domain/evaluation.ts";
import { newId, type TenantId } from "../../domain/ids.ts";
import { filenameOf, type KnowledgeSource } from "../../domain/knowledge.ts";
import type { Page } from "../../domain/page.ts";
import { textProblem } from "../../domain/text.ts";
import { AppError, toAppError } from "../../errors.ts";
import {
  type LineProblem,
  type NamedSource,
  type QuestionFormat,
  type QuestionLine,
  readQuestions,
  writeQuestions,
} from "../../rag/question-file.ts";
import {
  isSame,
  later,
  MAX_EXPECTED,
  MAX_PASSAGE_CHARACTERS,
  MAX_QUESTION_CHARACTERS,
  MAX_QUESTIONS,
} from "./golden-questions.ts";

export type ImportResult = { added: number; replaced: number; unchanged: number };

/** Beyond these a file is wrong as a whole. */
const PROBLEMS_SHOWN = 50;
const SOURCES_AT_ONCE = 200;

export async function exportQuestions(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  format: QuestionFormat,
): Promise<string> {
  const questions = await deps.store.goldenQuestions.all(tenantId);
  const named = questions.map(({ text, expected }) => ({
    text,
    relevant: expected.map(({ title, passage }) => ({ name: title, passage })),
  }));
  return writeQuestions(named, format);
}

/**
 * Adds the questions of a file, all or none. A question that is there already gets the sources of the file.
 *
 * @throws AppError VALIDATION naming the lines that are wrong, RESOURCE_LIMIT when they would be too many
 */
export async function importQuestions(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  bytes: Uint8Array,
): Promise<ImportResult> {
  const { questions: lines, problems } = readQuestions(bytes);
  if (lines.length > MAX_QUESTIONS) {
    const most = MAX_QUESTIONS.toLocaleString("en");
    throw new AppError("RESOURCE_LIMIT", `There may be ${most} golden questions, and this file has more.`);
  }
  problems.push(...lines.flatMap((line) => problemOf(line) ?? []), ...repeated(lines));
  const sources = await findSources(deps, tenantId, lines);
  problems.push(...lines.flatMap((line) => unknownSources(line, sources)));
  if (problems.length > 0) throw notImported(problems);
  if (lines.length === 0) throw new AppError("VALIDATION", "There is no question in this file.");

  for (;;) {
    try {
      return await saveLines(deps, tenantId, lines, sources);
    } catch (thrown) {
      // Somebody added one of them meanwhile; the next look finds it.
      if (toAppError(thrown).code !== "CONFLICT") throw thrown;
    }
  }
}

async function saveLines(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  lines: readonly QuestionLine[],
  sources: SourcesByName,
): Promise<ImportResult> {
  const existing = new Map(
    (await deps.store.goldenQuestions.all(tenantId)).map((each) => [plainText(each.text), each]),
  );
  const counts: ImportResult = { added: 0, replaced: 0, unchanged: 0 };
  const changed = lines.flatMap((line) => {
    const before = existing.get(plainText(line.text));
    const question = toQuestion(deps, tenantId, line, sources, before);
    const what = before === undefined ? "added" : isSame(before, question) ? "unchanged" : "replaced";
    counts[what]++;
    return what === "unchanged" ? [] : [question];
  });
  await deps.store.goldenQuestions.save(tenantId, changed, MAX_QUESTIONS);
  return counts;
}

type SourcesByName = ReadonlyMap<string, KnowledgeSource[]>;

/** The tenant's sources that the lines name, by title or file name. A page at a time: there may be 100,000. */
async function findSources(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  lines: readonly QuestionLine[],
): Promise<SourcesByName> {
  const found = new Map<string, KnowledgeSource[]>();
  for (const { relevant } of lines) for (const { name } of relevant) found.set(plainText(name), []);
  if (found.size === 0) return found;
  for (let cursor: string | null = null; ; ) {
    const page: Page<KnowledgeSource> = await store.sources.list(tenantId, {}, "newest", {
      cursor,
      limit: SOURCES_AT_ONCE,
    });
    for (const source of page.items) {
      for (const name of new Set([plainText(source.title), plainText(filenameOf(source))])) {
        found.get(name)?.push(source);
      }
    }
    cursor = page.nextCursor;
    if (cursor === null) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function problemOf({ line, text, relevant }: QuestionLine): LineProblem | null {
  const problem = [text, ...relevant.map(({ passage }) => passage ?? "")].map(textProblem).find(Boolean);
  if (problem) return { line, message: problem };
  if (text.trim() === "") return { line, message: "The question is empty." };
  if (text.trim().length > MAX_QUESTION_CHARACTERS) {
    return { line, message: `The question is longer than ${MAX_QUESTION_CHARACTERS} characters.` };
  }
  if (relevant.length > MAX_EXPECTED) {
    return { line, message: `It names more than ${MAX_EXPECTED} sources.` };
  }
  const isTooLong = relevant.some(({ passage }) => (passage ?? "").length > MAX_PASSAGE_CHARACTERS);
  return isTooLong
    ? { line, message: `The text of a passage is longer than ${MAX_PASSAGE_CHARACTERS} characters.` }
    : null;
}

function repeated(lines: readonly QuestionLine[]): LineProblem[] {
  const first = new Map<string, number>();
  return lines.flatMap(({ line, text }) => {
    const before = first.get(plainText(text));
    if (before === undefined) first.set(plainText(text), line);
    return before === undefined ? [] : [{ line, message: `This question stands in line ${before} already.` }];
  });
}

function unknownSources({ line, relevant }: QuestionLine, sources: SourcesByName): LineProblem[] {
  return relevant.flatMap(({ name }) => {
    const found = sources.get(plainText(name))?.length ?? 0;
    if (found === 1) return [];
    const message =
      found === 0
        ? `There is no source called “${name}”.`
        : `${found} sources are called “${name}”. Give the file name, or rename one.`;
    return [{ line, message }];
  });
}

function notImported(problems: readonly LineProblem[]): AppError {
  const lines = [...problems].sort((left, right) => left.line - right.line).slice(0, PROBLEMS_SHOWN);
  const [first] = lines;
  const others = problems.length > 1 ? ` ${problems.length - 1} more problems are listed with it.` : "";
  return new AppError("VALIDATION", `Nothing was imported. Line ${first?.line}: ${first?.message}${others}`, {
    details: { lines },
  });
}

function toQuestion(
  deps: Pick<Deps, "now">,
  tenantId: TenantId,
  { text, relevant }: QuestionLine,
  sources: SourcesByName,
  before: GoldenQuestion | undefined,
): GoldenQuestion {
  const expected = new Map(
    relevant.flatMap((named) => {
      const [source] = sources.get(plainText(named.name)) ?? [];
      return source ? [[source.id, toExpectedSource(source, named)] as const] : [];
    }),
  );
  return {
    ...{ id: before?.id ?? newId("golden-question"), tenantId, text: text.trim() },
    expected: [...expected.values()],
    ...{ createdAt: before?.createdAt ?? deps.now(), updatedAt: later(deps, before), deletedAt: null },
  };
}

function toExpectedSource({ id, title }: KnowledgeSource, { passage }: NamedSource): ExpectedSource {
  return { source: id, title, passage: passage?.trim() || null };
}
