import { html } from "htm/preact";
import { X } from "lucide";
import { useState } from "preact/hooks";
import type { AdminMessageView, TraceView } from "../../../src/protocol/admin-api/conversations.ts";
import { getTrace } from "../../api/conversations.ts";
import { Button, IconButton } from "../../components/button.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { ScoreLegend, scoreText, stepsOf, verdict } from "../../components/scores.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { count, duration, number } from "../../format.ts";
import { writeQuestion } from "../../state/dialogs.ts";
import { useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";

type Sentence = NonNullable<TraceView["support"]>[number];
type ReportProps = { conversation: string; answer: AdminMessageView };

/** "Why this answer": what was searched for, what was found, kept and dropped, and where the time went. */
export function Inspector(report: ReportProps) {
  return html`<section class="side" aria-label="Why this answer">
    <h2>Why this answer</h2>
    <${Report} ...${report} />
  </section>`;
}

/** The same over the page, for windows with no room beside the transcript. */
export function InspectorSheet({ close, ...report }: ReportProps & { close: () => void }) {
  return html`<${Modal} className="drawer from-below" label="Why this answer" onClose=${close}>
    <header>
      <h2>Why this answer</h2>
      <span class="push"><${IconButton} icon=${X} label="Close" onClick=${close} /></span>
    </header>
    <div class="drawer-body"><${Report} ...${report} /></div>
  <//>`;
}

function Report({ conversation, answer }: ReportProps) {
  const trace = useResource(`trace/${answer.id}`, (abort) => getTrace(conversation, answer.id, abort));
  return html`${trace.slow && html`<${BoneText} lines=${8} />`}
    ${trace.error && html`<${Failed} what="How this answer came about could not be loaded" error=${trace.error} retry=${trace.reload} />`}
    ${trace.value && html`<${TraceReport} trace=${trace.value} answer=${answer} />`}`;
}

function TraceReport({ trace, answer }: { trace: TraceView; answer: AdminMessageView }) {
  const { outcome } = trace;
  return html`<${Timeline} trace=${trace} />
    ${outcome.reason && html`<${Note} tone=${outcome.status === "failed" ? "bad" : "info"}>${outcome.reason}<//>`}
    ${trace.smallTalk === undefined && html`<${Searched} trace=${trace} answer=${answer} />`}
    ${trace.support && trace.support.length > 0 && html`<${Support} support=${trace.support} answer=${answer} />`}
    <dl class="pairs num">
      <dt>Model</dt>
      <dd>${modelName(trace)}</dd>
      <dt>Tokens</dt>
      <dd>${tokens(trace)}</dd>
      <dt>First word after</dt>
      <dd>${trace.timings.firstTokenMs === null ? "–" : duration(trace.timings.firstTokenMs)}</dd>
    </dl>
    ${trace.passedOver && html`<${PassedOver} models=${trace.passedOver} />`}
    ${trace.reasoning && html`<${Thoughts} ...${trace.reasoning} />`}
    ${trace.prompt.length > 0 && html`<${Prompt} prompt=${trace.prompt} />`}
    ${trace.smallTalk === undefined && html`<div><${Button} small onClick=${() => rememberQuestion(trace, answer)}>Add as golden question<//></div>`}`;
}

function Searched({ trace, answer }: { trace: TraceView; answer: AdminMessageView }) {
  return html`<div>
      <p class="hint">Searched for</p>
      <p class="mono">${trace.rewrittenQuery}</p>
      ${trace.rewrittenQuery !== trace.question && html`<p class="hint">made from “${trace.question}” and what was said before</p>`}
      ${trace.wordings && html`<p class="hint">and, as the model worded it, for</p>${trace.wordings.map((wording) => html`<p class="mono" key=${wording} dir="auto">${wording}</p>`)}`}
      ${trace.synonyms && html`<p class="hint">with your <a href=${href("synonyms")}>synonyms</a></p>${trace.synonyms.map((line) => html`<p class="mono" key=${line} dir="auto">${line}</p>`)}`}
    </div>
    ${
      trace.candidates.length > 0
        ? html`<${Candidates} candidates=${trace.candidates} answer=${answer} />`
        : html`<p class="soft">Nothing was found that could answer this.</p>`
    }
    ${trace.tools && html`<p class="hint">The model could look up <span class="mono">${trace.tools.join(", ")}</span></p>`}
    ${trace.toolCalls.length > 0 && html`<${ToolCalls} calls=${trace.toolCalls} />`}`;
}

const DOUBTS = {
  unsupported: "No passage says this",
  uncited: "Says that it is from the documents, and cites none",
  unclear: "In another language than the passages: only an embedding model can compare them",
};

/** What of a model's answer the passages do not bear out. */
function Support({ support, answer }: { support: Sentence[]; answer: AdminMessageView }) {
  const doubtful = support.filter(({ verdict }) => verdict !== "supported");
  const borneOut = support.length - doubtful.length;
  return html`<div class="stack tight">
    <p class="hint">${borneOut} of ${count(support.length, "sentence")} borne out by the passages</p>
    ${answer.citations.length === 0 && !answer.abstained && html`<${Note} tone="warn">This answer cites nothing.<//>`}
    ${doubtful.map(({ text, verdict }) => verdict !== "supported" && html`<${Note} tone="warn" key=${text}><p dir="auto">${text}</p><p class="hint">${DOUBTS[verdict]}</p><//>`)}
  </div>`;
}

/** As it was searched for, with the sources that the answer cites; whoever adds it decides whether they are right. */
function rememberQuestion({ rewrittenQuery }: TraceView, { citations }: AdminMessageView): void {
  const passages = citations.filter((citation) => citation.kind === "passage");
  const titles = new Map(passages.map(({ source, title }) => [source, title]));
  const expected = [...titles].map(([source, title]) => ({ source, title, passage: null, gone: false }));
  writeQuestion({ text: rewrittenQuery, expected, answer: expected.length > 0 ? "sources" : null });
}

/** No model is told anything that it is not asked about. */
function wasAsked({ prompt }: TraceView): boolean {
  return prompt.length > 0;
}

function wasQuoted({ provider, timings }: TraceView): boolean {
  return provider === "extractive" && timings.generateMs > 0;
}

/** Which model, and where it ran: what protocol it was spoken to in says nothing of that. */
function modelName(trace: TraceView): string {
  const { model, host, provider } = trace;
  if (wasQuoted(trace)) return "none: sentences quoted from the passages";
  if (!wasAsked(trace)) return "none was asked";
  if (host === undefined) return model || provider;
  return `${model || "a model"} on ${isLoopback(host) ? `the server itself (${host})` : host}`;
}

/** Seen from the server, which is who asks it. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}

function tokens({ usage }: TraceView): string {
  if (usage.inputTokens === null && usage.outputTokens === null) return "–";
  return `${number(usage.inputTokens ?? 0)} in · ${number(usage.outputTokens ?? 0)} out`;
}

type Stretch = { label: string; from: number; ms: number; className: string };

/** Where the time went, each step on its own line of the same clock. */
function Timeline({ trace }: { trace: TraceView }) {
  const stretches = stretchesOf(trace);
  const total = Math.max(1, trace.timings.totalMs, ...stretches.map((each) => each.from + each.ms));
  return html`<table class="timeline num" aria-label="Where the time went">
    <tbody>
      ${stretches.map(
        ({ label, from, ms, className }) => html`<tr key=${label}>
          <th scope="row">${label}</th>
          <td aria-hidden="true">
            <div class="track">
              <i class=${className} style=${{ left: `${(from / total) * 100}%`, width: `${(ms / total) * 100}%` }}></i>
            </div>
          </td>
          <td class="took">${duration(ms)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function stretchesOf(trace: TraceView): Stretch[] {
  const { timings, toolCalls } = trace;
  const { waitMs = 0, rewriteMs, retrieveMs, generateMs } = timings;
  const toolMs = toolCalls.reduce((sum, call) => sum + call.ms, 0);
  const begun = waitMs + rewriteMs + retrieveMs;
  const stretches = [
    { label: "Rewrite", from: waitMs, ms: rewriteMs, className: "" },
    { label: "Retrieve", from: waitMs + rewriteMs, ms: retrieveMs, className: "" },
  ];
  // Only under more questions than may be answered at once.
  if (waitMs > 0) stretches.unshift({ label: "Wait", from: 0, ms: waitMs, className: "" });
  if (wasAsked(trace)) stretches.push({ label: "Model", from: begun, ms: generateMs, className: "model" });
  if (wasQuoted(trace)) stretches.push({ label: "Quote", from: begun, ms: generateMs, className: "model" });
  if (toolMs > 0) stretches.push({ label: "of it, tools", from: begun, ms: toolMs, className: "tool" });
  return stretches;
}

type Candidate = TraceView["candidates"][number];

/** The rest explains little, and is there for those who ask. */
const SHOWN_AT_FIRST = 10;

/** Every passage that was considered, best first, with the scores that decided and what became of it. */
function Candidates({ candidates, answer }: { candidates: Candidate[]; answer: AdminMessageView }) {
  const [showsAll, setShowsAll] = useState(false);
  const steps = stepsOf(candidates);
  const shown = showsAll ? candidates : candidates.slice(0, SHOWN_AT_FIRST);
  const left = candidates.length - shown.length;
  const number = (chunk: string) =>
    answer.citations.find((citation) => citation.kind === "passage" && citation.chunk === chunk)?.n;
  return html`<div class="stack tight">
    <table class="candidates num">
      <thead>
        <tr>
          <th>Passage</th>
          ${steps.map(({ label }) => html`<th class="r" key=${label}>${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map((each) => html`<${CandidateRow} key=${each.chunk} candidate=${each} n=${number(each.chunk)} steps=${steps} />`)}
      </tbody>
    </table>
    ${left > 0 && html`<div><${Button} small onClick=${() => setShowsAll(true)}>Show ${left} more<//></div>`}
    <${ScoreLegend} steps=${steps} />
  </div>`;
}

type RowProps = { candidate: Candidate; n: number | undefined; steps: ReturnType<typeof stepsOf> };

function CandidateRow({ candidate, n, steps }: RowProps) {
  const { title, headingPath, source, page, kept, excerpt } = candidate;
  const where = [...new Set([title, ...headingPath])].join(" › ");
  const out = kept ? "" : "out";
  return html`<tr class=${`numbers ${out}`} title=${excerpt}>
      <td>
        ${n !== undefined && html`<span class="cite">${n}</span> `}
        <a href=${href("knowledge", source)}>${where}</a>${page !== null && `, p. ${page}`}
      </td>
      ${steps.map((step) => html`<td class="r" key=${step.name}>${scoreText(candidate, step)}</td>`)}
    </tr>
    <tr class=${`verdict-row ${out}`}><td colspan=${steps.length + 1}>${verdict(candidate)}</td></tr>`;
}

function ToolCalls({ calls }: { calls: TraceView["toolCalls"] }) {
  return html`<div>
    <p class="hint">${count(calls.length, "tool call")}</p>
    ${calls.map(
      (call) => html`<details key=${call.name + call.arguments} class="prompt">
        <summary>${call.n !== undefined && html`<span class="cite">${call.n}</span> `}${call.label ?? (call.name || "more calls")} · ${duration(call.ms)}${call.error !== undefined && ` · failed: ${call.error}`}</summary>
        <pre>${statementOf(call.arguments) ?? call.arguments}</pre>
        <pre>${call.result}</pre>
      </details>`,
    )}
  </div>`;
}

/** Models that were asked before the one that answered. */
function PassedOver({ models }: { models: NonNullable<TraceView["passedOver"]> }) {
  return html`<section aria-label="Models that failed">
    <p class="hint">Models that failed before</p>
    <ul class="stack">
      ${models.map(
        ({ name, model, code, message, ms }) => html`<li>
            <bdi>${name}</bdi> <span class="soft mono"><bdi>${model}</bdi></span> <span class="hint mono">${code}</span>
            <div class="soft">${message} After ${duration(ms)}.</div>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** What the model thought before it wrote; visitors never see it. */
function Thoughts({ text, tokens }: NonNullable<TraceView["reasoning"]>) {
  return html`<details class="prompt">
    <summary>What the model thought (about ${number(tokens)} tokens)</summary>
    <pre>${text}</pre>
  </details>`;
}

/** A query that the model wrote, line by line; null where its arguments are anything else. */
function statementOf(json: string): string | null {
  try {
    const given: unknown = JSON.parse(json);
    if (typeof given !== "object" || given === null || !("statement" in given)) return null;
    return typeof given.statement === "string" && Object.keys(given).length === 1 ? given.statement : null;
  } catch {
    // What a model writes need not be JSON, and is shown as it is then.
    return null;
  }
}

function Prompt({ prompt }: { prompt: TraceView["prompt"] }) {
  return html`<details class="prompt">
    <summary>What the model was given</summary>
    <div class="stack">
      ${prompt.map((part, at) => html`<div key=${at}><p class="hint">${part.role}</p><pre>${part.content}</pre></div>`)}
    </div>
  </details>`;
}
