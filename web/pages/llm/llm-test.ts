import { html } from "htm/preact";
import { Play, Square } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { LlmTestAnswer, UpdateLlmConfig } from "../../../src/protocol/admin-api/llm.ts";
import { type ApiError, asApiError, isAbort } from "../../api/client.ts";
import { testLlm } from "../../api/llm.ts";
import { Button } from "../../components/button.ts";
import { CopyId } from "../../components/copy.ts";
import { TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { duration, number } from "../../format.ts";
import { readLlmTrouble } from "../../state/llm-trouble.ts";

type Run = { text: string; result: LlmTestAnswer | null; error: ApiError | null; running: boolean };

const IDLE: Run = { text: "", result: null, error: null, running: false };

/** Asks the model with the settings as they stand on the page, saved or not, and shows the words as they come. */
export function LlmTest({ changes, hasModel }: { changes: UpdateLlmConfig; hasModel: boolean }) {
  const [question, setQuestion] = useState("");
  const [run, setRun] = useState<Run>(IDLE);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const start = async (event: Event) => {
    event.preventDefault();
    const mine = new AbortController();
    controller.current = mine;
    setRun({ ...IDLE, running: true });
    const part = (change: (before: Run) => Partial<Run>) =>
      setRun((before) => ({ ...before, ...change(before) }));
    try {
      const asked = question.trim() ? { ...changes, question: question.trim() } : changes;
      for await (const step of testLlm(asked, mine.signal)) {
        if (step.type === "delta") part((before) => ({ text: before.text + step.text }));
        else part(() => ({ result: step.result }));
      }
    } catch (thrown) {
      if (!isAbort(thrown)) part(() => ({ error: asApiError(thrown) }));
    }
    part(() => ({ running: false }));
    void readLlmTrouble();
  };

  return html`<section class="sheet" aria-label="Test">
    <header><h2>Test</h2><span class="hint">with the settings on this page, saved or not</span></header>
    <form class="pad stack" onSubmit=${start}>
      <${TextField}
        label="Question"
        placeholder="Say in one sentence that you can hear me."
        value=${question}
        onInput=${setQuestion}
      />
      <div class="row">
        ${
          run.running
            ? html`<${Button} icon=${Square} onClick=${() => controller.current?.abort()}>Stop<//>`
            : html`<${Button} icon=${Play} type="submit">Test ${hasModel ? "the connection" : "the built-in answers"}<//>`
        }
      </div>
      <${Outcome} run=${run} />
    </form>
  </section>`;
}

function Outcome({ run }: { run: Run }) {
  const { text, result, error, running } = run;
  const failure = error ?? result?.error;
  if (!running && !text && !result && !failure) return null;
  return html`<div class="stack" aria-live="polite" aria-busy=${running}>
    ${(text || running) && html`<div class="answer-box">${text || html`<span class="hint">Waiting for the first word…</span>`}</div>`}
    ${
      failure &&
      html`<${Note} tone="bad">
        <p>${failure.message}</p>
        <p class="row"><span class="hint mono">${failure.code}</span>${error?.requestId && html`<${CopyId} id=${error.requestId} />`}</p>
      <//>`
    }
    ${
      result &&
      html`<dl class="pairs num">
        <dt>Model</dt><dd>${result.model || "–"}</dd>
        <dt>First word after</dt><dd>${result.firstTokenMs === null ? "–" : duration(result.firstTokenMs)}</dd>
        <dt>Whole answer</dt><dd>${duration(result.totalMs)}</dd>
        <dt>Tokens</dt><dd>${result.inputTokens === null ? "–" : `${number(result.inputTokens)} in · ${number(result.outputTokens ?? 0)} out`}</dd>
      </dl>`
    }
  </div>`;
}
