import { html } from "htm/preact";
import { Eye, Play, Table2 } from "lucide";
import { useState } from "preact/hooks";
import type { PreviewToolAnswer } from "../../../src/protocol/admin-api/tools.ts";
import { type ApiError, asApiError, fieldProblems } from "../../api/client.ts";
import { previewTool, type ToolColumn, type ToolDraft, type ToolParameter } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { count } from "../../format.ts";
import { ResultTable } from "../conversations/result-table.ts";
import { Select } from "./select.ts";
import { needsVisitor, VisitorFields, visitorOf } from "./tried-as.ts";

type RunPanelProps = {
  tool: ToolDraft;
  disabled: boolean;
  /** Hears what was found wrong with the tool itself, to be said at its field. */
  onRefused: (error: ApiError) => void;
  /** Takes the columns of a result over, to label and mask them. */
  onColumns: (columns: ToolColumn[]) => void;
};
type Values = Record<string, string>;

/** Tries what is in the editor with sample values, before it is saved. */
export function RunPanel({ tool, disabled, onRefused, onColumns }: RunPanelProps) {
  const [values, setValues] = useState<Values>({});
  const [visitor, setVisitor] = useState<Values>({});
  const { busy, answer, error, run } = useRun(tool, values, visitor, onRefused);
  const open = tool.parameters.filter(({ boundTo, name }) => boundTo === null && name !== "");
  const problems = problemsOf(error);
  const writes = tool.effect === "write";
  return html`<section class="form-section" aria-label="Try it">
    <h2>Try it</h2>
    ${open.map(
      (parameter) => html`<${SampleValue}
        key=${parameter.name}
        parameter=${parameter}
        value=${values[parameter.name] ?? ""}
        error=${problems[parameter.name] ?? null}
        onChange=${(text: string) => setValues({ ...values, [parameter.name]: text })}
      />`,
    )}
    ${needsVisitor(tool) && html`<${VisitorFields} visitor=${visitor} onChange=${setVisitor} />`}
    ${writes && html`<${Note} tone="warn">This changes something: to run it here is to do it, with these values.<//>`}
    <div class="row">
      ${tool.type === "rest_api" && html`<${Button} icon=${Eye} busy=${busy} disabled=${disabled} onClick=${() => void run(true)}>Show the call<//>`}
      <${Button} icon=${Play} busy=${busy} disabled=${disabled} onClick=${() => void run(false)}>${writes ? "Run it for real" : "Run"}<//>
    </div>
    <div class="stack" aria-live="polite">
      ${error && html`<${Note} tone="bad">${error.message}<//>`}
      ${answer && html`<${Result} tool=${tool} answer=${answer.found} isDry=${answer.isDry} onColumns=${onColumns} />`}
    </div>
  </section>`;
}

type Shown = { found: PreviewToolAnswer; isDry: boolean };

function useRun(tool: ToolDraft, values: Values, visitor: Values, onRefused: RunPanelProps["onRefused"]) {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Shown | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (dryRun: boolean) => {
    setBusy(true);
    setError(null);
    try {
      const tried = { values: given(tool.parameters, values), visitor: visitorOf(visitor), dryRun };
      setAnswer({ found: await previewTool(tool, tried), isDry: dryRun });
    } catch (thrown) {
      setAnswer(null);
      const failed = asApiError(thrown);
      setError(failed);
      if (Object.keys(fieldProblems(failed)).length > 0) onRefused(failed);
    }
    setBusy(false);
  };
  return { busy, answer, error, run };
}

type SampleProps = {
  parameter: ToolParameter;
  value: string;
  error: string | null;
  onChange: (text: string) => void;
};

function SampleValue({ parameter, value, error, onChange }: SampleProps) {
  const { name, type, description, example, values } = parameter;
  const label = description || name;
  const listed =
    type === "boolean"
      ? { true: "Yes", false: "No" }
      : Object.fromEntries(
          values.map((each) => (typeof each === "string" ? [each, each] : [each.value, each.label])),
        );
  if (type === "boolean" || (type === "enum" && values.length > 0))
    return html`<${Select} label=${label} value=${value} choices=${{ "": "–", ...listed }} error=${error} onChange=${onChange} />`;
  const placeholder = example ?? { date: "2026-11-27", datetime: "2026-11-27T09:30:00Z" }[String(type)] ?? "";
  return html`<${TextField} label=${label} value=${value} placeholder=${placeholder} error=${error} insist onInput=${onChange} />`;
}

type ResultProps = {
  tool: ToolDraft;
  answer: PreviewToolAnswer;
  isDry: boolean;
  onColumns: RunPanelProps["onColumns"];
};

function Result({ tool, answer, isDry, onColumns }: ResultProps) {
  const { columns, rows, rowCount, truncated, ms, plan } = answer;
  if (isDry)
    return html`<p class="hint">This would be sent. Nobody was asked.</p><pre class="code">${plan}</pre>`;
  const shown = columns.map(({ unit, ...column }) => ({ ...column, ...(unit !== undefined && { unit }) }));
  const unnamed = columns.filter(({ name }) => !tool.columns.some((column) => column.name === name));
  const take = () =>
    onColumns([
      ...tool.columns,
      ...unnamed.map(({ name }) => ({ name, label: null, unit: null, mask: false })),
    ]);
  const how = tool.type === "db_query" ? "How the database goes about it" : "What was sent";
  return html`<p class="hint">${count(rowCount, "row")}${truncated && ", and there are more"} in ${ms} ms</p>
    <${ResultTable} label="Rows" columns=${shown} rows=${rows} />
    ${unnamed.length > 0 && html`<div class="row"><${Button} small icon=${Table2} onClick=${take}>Label these columns<//></div>`}
    ${plan && html`<details class="outline"><summary>${how}</summary><pre class="mono">${plan}</pre></details>`}`;
}

function given(parameters: readonly ToolParameter[], values: Values): Record<string, string | boolean> {
  const entries = parameters.flatMap(({ name, type }) => {
    const text = values[name] ?? "";
    return text === "" ? [] : [[name, type === "boolean" ? text === "true" : text] as const];
  });
  return Object.fromEntries(entries);
}

/** By parameter, what is wrong with its value. */
function problemsOf(error: ApiError | null): Record<string, string> {
  if (error?.code !== "INVALID_ARGUMENT" || !Array.isArray(error.details)) return {};
  const details = error.details as { parameter: string; problem: string }[];
  return Object.fromEntries(details.map(({ parameter, problem }) => [parameter, `It ${problem}.`]));
}
