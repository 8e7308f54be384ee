import { html } from "htm/preact";
import { X } from "lucide";
import { useState } from "preact/hooks";
import { type ApiError, asApiError, fieldProblem } from "../../api/client.ts";
import { Button, IconButton } from "../../components/button.ts";
import { type Choice, ChoiceCards, TextField } from "../../components/field.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { type QuestionDraft, questionDraft } from "../../state/dialogs.ts";
import { saveQuestion } from "../../state/evals.ts";
import { navigate, route } from "../../state/router.ts";
import { toast } from "../../state/toasts.ts";
import { SourcePicker } from "./source-picker.ts";

type Answer = NonNullable<QuestionDraft["answer"]>;

const ANSWERS: Choice<Answer>[] = [
  { value: "sources", label: "These sources", hint: "One of their passages answers the question." },
  { value: "nothing", label: "Nothing", hint: "No document answers it: Parley should say so." },
];

const close = () => {
  questionDraft.value = null;
};

/** The form for a golden question: what is asked, and what should be found. */
export function QuestionPanel() {
  const draft = questionDraft.value;
  if (!draft) return null;
  const title = draft.id === null ? "Add golden question" : "Change golden question";
  return html`<${Modal} className="drawer" label=${title} onClose=${close}>
    <header>
      <h2>${title}</h2>
      <span class="push"><${IconButton} icon=${X} label="Close" onClick=${close} /></span>
    </header>
    <${QuestionForm} draft=${draft} />
  <//>`;
}

function QuestionForm({ draft }: { draft: QuestionDraft }) {
  const [busy, setBusy] = useState(false);
  const [insist, setInsist] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const change = (changes: Partial<QuestionDraft>) => {
    questionDraft.value = { ...draft, ...changes };
    setError(null);
  };
  const wrong = problems(draft);
  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || Object.values(wrong).some(Boolean)) return;
    setBusy(true);
    try {
      await saveQuestion(draft.id, toQuestion(draft));
      close();
      told(draft);
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  const refused = fieldProblem(error, "text") ?? fieldProblem(error, "expected");

  return html`<form class="drawer-body question" onSubmit=${submit}>
    <${TextField}
      label="Question"
      help="As a visitor would ask it."
      rows=${3}
      maxLength=${1000}
      autofocus=${draft.text === ""}
      insist=${insist || refused !== null}
      error=${wrong.text ?? fieldProblem(error, "text")}
      value=${draft.text}
      onInput=${(text: string) => change({ text })}
    />
    <${ChoiceCards}
      label="What should be found?"
      value=${draft.answer ?? ""}
      choices=${ANSWERS}
      error=${insist ? wrong.answer : null}
      onChange=${(answer: Answer) => change({ answer })}
    />
    ${
      draft.answer === "sources" &&
      html`<${SourcePicker}
        chosen=${draft.expected}
        error=${(insist ? wrong.expected : null) ?? fieldProblem(error, "expected")}
        onChange=${(expected: QuestionDraft["expected"]) => change({ expected })}
      />`
    }
    ${error && !refused && html`<${Note} tone="bad">${error.message}<//>`}
    <div class="buttons">
      <${Button} onClick=${close}>Cancel<//>
      <${Button} type="submit" kind="primary" busy=${busy}>Save question<//>
    </div>
  </form>`;
}

function problems({ text, answer, expected }: QuestionDraft) {
  return {
    text: text.trim() === "" ? "Enter what a visitor would ask." : null,
    answer: answer === null ? "Choose one." : null,
    expected: answer === "sources" && expected.length === 0 ? "Choose at least one source." : null,
  };
}

function toQuestion({ text, answer, expected }: QuestionDraft) {
  const wanted = answer === "sources" ? expected : [];
  return {
    text: text.trim(),
    expected: wanted.map(({ source, passage }) => ({ source, passage: passage?.trim() || null })),
  };
}

/** On its own page one sees that it was saved; from anywhere else the toast leads there. */
function told({ id }: QuestionDraft): void {
  if (route.peek().path[0] === "quality") toast(id === null ? "Added the question" : "Saved the question");
  else toast("Saved as golden question", { label: "Open Quality", run: () => navigate("quality") });
}
