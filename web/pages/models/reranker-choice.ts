import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { ModelsView } from "../../../src/protocol/admin-api/models.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { chooseReranker } from "../../api/models.ts";
import { type Choice, ChoiceCards } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Ago } from "../../components/time.ts";
import { bytes } from "../../format.ts";
import { toast, toastError } from "../../state/toasts.ts";

const OFF = "";

type RerankerProps = { value: ModelsView; onChanged: (value: ModelsView) => void };

/** Whether the best passages are read once more together with the question, and by which model. */
export function RerankerChoice({ value, onChanged }: RerankerProps) {
  const { pending, error, choose } = useChoosing(value, onChanged);
  const { active, problem } = value.reranker;
  const choices = choicesOf(value);
  if (choices.length === 1) {
    return html`<p class="soft reading">
      None is on this machine. A reranker reads the best passages together with the question and puts them in a better
      order; it takes a moment of the processor for every question. Import one to switch it on here.
    </p>`;
  }
  return html`<div class="stack" aria-busy=${pending !== null}>
    ${problem && html`<${Note} tone="bad"><p>${problem.message}</p><p class="hint">Since <${Ago} at=${problem.since} />. Passages stay in the order in which they were found.</p><//>`}
    ${error && html`<${Note} tone="bad">${error.message}<//>`}
    <${ChoiceCards}
      label="Order of the passages"
      value=${pending ?? active ?? OFF}
      choices=${choices}
      onChange=${(name: string) => void choose(name)}
    />
  </div>`;
}

/** Off, those that work, and the chosen one whatever became of it. */
function choicesOf({ models, reranker: { active } }: ModelsView): Choice<string>[] {
  const usable = models.filter(({ kind, problem }) => kind === "reranker" && !problem);
  const isLost = active !== null && !usable.some(({ name }) => name === active);
  return [
    { value: OFF, label: "As they were found", hint: "No reranker. The fastest." },
    ...usable.map(({ name, sizeBytes }) => ({
      value: name,
      label: name,
      hint: `Reranker, ${bytes(sizeBytes)}. Reads the best passages with every question.`,
    })),
    ...(isLost ? [{ value: active, label: active, hint: "Cannot be used on this machine any more." }] : []),
  ];
}

/** `pending` is what was chosen while the server loads it. */
function useChoosing({ reranker: { active } }: ModelsView, onChanged: (value: ModelsView) => void) {
  const [pending, setPending] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const choose = async (name: string) => {
    if (pending !== null) return;
    setPending(name);
    setError(null);
    try {
      onChanged(await chooseReranker(name || null));
      toast(name ? `${name} puts the passages in order now` : "Reranking is off", {
        label: "Undo",
        run: () => void chooseReranker(active).then(onChanged).catch(toastError),
      });
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setPending(null);
  };
  return { pending, error, choose };
}
