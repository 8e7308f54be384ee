import { html } from "htm/preact";
import { Check } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type {
  AdminMessageView,
  TraceView,
  TriedAnswer,
} from "../../../src/protocol/admin-api/conversations.ts";
import type { RunToolAnswer, ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { tryTool } from "../../api/knowledge.ts";
import { runTool, type TriedAs } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { BoneText } from "../../components/states.ts";
import { count, duration } from "../../format.ts";
import { useResource } from "../../state/resource.ts";
import { MessageView } from "../conversations/message.ts";
import { useOpenable } from "../conversations/openable.ts";
import { ResultTable } from "../conversations/result-table.ts";

type AskedProps = {
  tool: ToolView;
  question: string;
  visitor: TriedAs | null;
  onAsked: () => void;
  goOn: (question: string) => void;
};
type Call = TraceView["toolCalls"][number];
type Confirmation = AdminMessageView["confirmations"][number];

/** A question and what became of it: the answer, and whether the tool was called and with what. */
export function Asked({ tool, question, visitor, onAsked, goOn }: AskedProps) {
  // Asked once: what is typed or saved later is another question's.
  const { value, error, slow } = useResource("asked", (abort) => tryTool(tool.id, question, visitor, abort));
  const isOver = value !== null || error !== null;
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
    if (isOver) onAsked();
  }, [isOver]);
  return html`<div class="line visitor"><div class="message" dir="auto">${question}</div></div>
    ${slow && html`<${BoneText} lines=${3} />`}
    ${error && html`<${Note} tone="bad">${error.message}<//>`}
    ${value && html`<${Answer} tool=${tool} visitor=${visitor} tried=${value} goOn=${goOn} onRun=${onAsked} />`}
    <div ref=${end}></div>`;
}

type AnswerProps = {
  tool: ToolView;
  visitor: TriedAs | null;
  tried: TriedAnswer;
  goOn: (question: string) => void;
  onRun: () => void;
};

function Answer({ tool, visitor, tried: { answer, trace }, goOn, onRun }: AnswerProps) {
  const mayOpen = useOpenable([answer]);
  const calls = trace.toolCalls.filter(({ name }) => name !== "");
  return html`<${MessageView}
      message=${answer}
      mayOpen=${mayOpen}
      chosen=${false}
      opensSheet=${false}
      explain=${null}
      goOn=${goOn}
    />
    ${answer.lookup && html`<p class="hint">The visitor gets a form for ${answer.lookup.parameters.map(({ name, description }) => description || name).join(", ")}.</p>`}
    ${answer.confirmations.map((each) => html`<${Confirm} key=${each.call} tool=${tool} visitor=${visitor} confirmation=${each} onRun=${onRun} />`)}
    ${calls.map((call, at) => html`<${Called} key=${at} call=${call} />`)}
    ${calls.length === 0 && html`<${NotCalled} tool=${tool} trace=${trace} />`}`;
}

function Called({ call: { label, name, arguments: given, ms, error, state, result } }: { call: Call }) {
  const became =
    state === "pending_confirmation"
      ? "asked for, not run"
      : error === undefined
        ? `called, ${duration(ms)}`
        : `failed after ${duration(ms)}`;
  return html`<details class="prompt called">
    <summary><span class=${`dot ${error === undefined ? "good" : "bad"}`}></span> ${label ?? name} · ${became}</summary>
    <p class="hint">With</p>
    <pre>${given}</pre>
    ${state === undefined && html`<p class="hint">${error === undefined ? "It gave" : "Why"}</p><pre>${result}</pre>`}
  </details>`;
}

/** Why a tool was left alone, as far as anybody knows. */
function NotCalled({ tool, trace }: { tool: ToolView; trace: TraceView }) {
  const { reason, status } = trace.outcome;
  const isQuoting = trace.provider === "extractive";
  return html`<${Note} tone=${status === "failed" ? "bad" : "warn"}>
    <p>The tool was not called.${reason && ` ${reason}`}</p>
    ${isQuoting && tool.effect === "write" && html`<p class="hint">Without a model, nothing that changes something is used.</p>`}
    ${isQuoting && tool.effect === "read" && html`<p class="hint">Without a model, it is used where every word of the question is accounted for. An example question like this one helps.</p>`}
    ${!isQuoting && status !== "failed" && html`<p class="hint">The model goes by the description: say there when it is the right thing to use.</p>`}
  <//>`;
}

type ConfirmProps = {
  tool: ToolView;
  visitor: TriedAs | null;
  confirmation: Confirmation;
  onRun: () => void;
};

/** What a visitor would be asked to confirm; here it is run by whoever tries, once they say so. */
function Confirm({ tool, visitor, confirmation, onRun }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<RunToolAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      setDone(await runTool(tool.id, withoutNulls(confirmation.arguments), visitor));
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
    onRun();
  };
  if (done)
    return html`<${Note} tone="good">Done, with ${count(done.rowCount, "row")} in ${duration(done.ms)}.<//><${Rows} found=${done} />`;
  return html`<p class="hint">A visitor would confirm or decline this. Confirmed here, it is done for real, with exactly these values.</p>
    ${error && html`<${Note} tone="bad">${error.message}<//>`}
    <div class="row"><${Button} small kind="danger" icon=${Check} busy=${busy} onClick=${() => void run()}>Confirm and do it<//></div>`;
}

function Rows({ found: { columns, rows } }: { found: RunToolAnswer }) {
  const shown = columns.map(({ unit, ...column }) => ({ ...column, ...(unit !== undefined && { unit }) }));
  return rows.length > 0 ? html`<${ResultTable} label="Rows" columns=${shown} rows=${rows} />` : null;
}

function withoutNulls(given: Confirmation["arguments"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
