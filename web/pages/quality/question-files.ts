import { html } from "htm/preact";
import { asApiError } from "../../api/client.ts";
import { exportGoldenQuestions, importGoldenQuestions } from "../../api/evals.ts";
import { Note } from "../../components/note.ts";
import { count, number } from "../../format.ts";
import { goldenQuestions } from "../../state/evals.ts";
import { toast, toastError } from "../../state/toasts.ts";

/** Why a file was refused, by line where that is known. */
export type ImportProblem = { message: string; lines: { line: number; message: string }[] };
export type ProblemSetter = (problem: ImportProblem | null) => void;

/** Opens the browser's file dialog and adds the questions of the file, all or none. */
export function pickQuestionFile(onProblem: ProblemSetter): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".csv,.jsonl,.ndjson,.txt";
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file) void importFile(file, onProblem);
  };
  input.click();
}

async function importFile(file: File, onProblem: ProblemSetter): Promise<void> {
  onProblem(null);
  try {
    const { added, replaced, unchanged } = await importGoldenQuestions(file);
    const parts = [
      `Added ${count(added, "question")}`,
      replaced > 0 && `${number(replaced)} changed`,
      unchanged > 0 && `${number(unchanged)} were there already`,
    ];
    toast(parts.filter(Boolean).join(", "));
    await goldenQuestions.refresh();
  } catch (thrown) {
    const { message, details } = asApiError(thrown);
    const { lines = [] } = (details ?? {}) as Partial<ImportProblem>;
    onProblem({ message, lines });
  }
}

export function ImportRefused({ problem, close }: { problem: ImportProblem; close: () => void }) {
  const { message, lines } = problem;
  return html`<${Note} tone="bad">
    <p>${lines.length > 0 ? "Nothing was imported. Correct these lines and import the file again." : message}</p>
    ${
      lines.length > 0 &&
      html`<ul class="lines">
        ${lines.map((each) => html`<li key=${`${each.line} ${each.message}`}><span class="num strong">Line ${each.line}:</span> ${each.message}</li>`)}
      </ul>`
    }
    <p><button class="link" type="button" onClick=${close}>Close</button></p>
  <//>`;
}

/** Saved by a link of its own, because a plain one would not say for which tenant. */
export async function saveExport(format: "csv" | "jsonl"): Promise<void> {
  try {
    const text = await exportGoldenQuestions(format);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text]));
    link.download = `golden-questions.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (thrown) {
    toastError(thrown);
  }
}
