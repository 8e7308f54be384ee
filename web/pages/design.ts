import { html } from "htm/preact";
import { FileText, LibraryBig, Plus, Trash2 } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../api/client.ts";
import { Button, IconButton } from "../components/button.ts";
import { CopyBlock, CopyId } from "../components/copy.ts";
import { EntryList } from "../components/entry-list.ts";
import { ChoiceCards, Segmented, TextField } from "../components/field.ts";
import { Mark } from "../components/mark.ts";
import { Menu } from "../components/menu.ts";
import { Note } from "../components/note.ts";
import { Page } from "../components/page.ts";
import { SaveBar } from "../components/save-bar.ts";
import { FilterChip } from "../components/search-box.ts";
import { SecretField } from "../components/secret-field.ts";
import { Sparkline } from "../components/sparkline.ts";
import { Bone, BoneRows, BoneText, Empty, Failed } from "../components/states.ts";
import { ToastView } from "../components/toasts.ts";
import { Progress } from "../components/tray.ts";
import { ask } from "../state/dialogs.ts";
import type { Upload } from "../state/knowledge.ts";
import { toast } from "../state/toasts.ts";
import { Markdown } from "./conversations/markdown.ts";
import { OUTCOMES, OutcomeState } from "./conversations/outcome.ts";
import { UploadRow } from "./knowledge/uploads.ts";
import { Figures, type Measures } from "./quality/figures.ts";
import { DotWords, verdictOf } from "./quality/verdict.ts";

const COLOURS =
  "paper sheet sunk line edge ink ink-2 ink-3 signal on-signal signal-soft signal-ink good good-soft warn warn-soft bad bad-soft info info-soft";
const ERROR = new ApiError(
  "INTERNAL",
  "Something went wrong on the server. Try again.",
  500,
  "req_01JD3Z5W8Q",
);
const nothing = () => {};

/** Every component in every state: what pages are made of, and where a change to one is looked at. */
export function DesignPage() {
  return html`<${Page} title="Components" about="What every page of this backoffice is made of, in every state.">
    <div class="gallery">
      <${Part} title="Colours" across><${Colours} /><//>
      <${Part} title="Type"><${Type} /><//>
      <${Part} title="Buttons"><${Buttons} /><//>
      <${Part} title="Fields"><${Fields} /><//>
      <${Part} title="Choices"><${Choices} /><//>
      <${Part} title="Secrets and lists of entries"><${Entries} /><//>
      <${Part} title="States, chips, progress"><${States} /><//>
      <${Part} title="Notes"><${Notes} /><//>
      <${Part} title="Toasts and dialogs"><${Floating} /><//>
      <${Part} title="Save bar"><${SaveBars} /><//>
      <${Part} title="Empty"><${EmptyPart} /><//>
      <${Part} title="Failed"><${Failed} what="The sources could not be loaded" error=${ERROR} retry=${nothing} /><//>
      <${Part} title="Loading"><${BoneText} lines=${4} /><${Bone} width="40%" height=${24} /><//>
      <${Part} title="Uploads" across><ul class="uploads">${UPLOADS.map((upload) => html`<${UploadRow} upload=${upload} />`)}</ul><//>
      <${Part} title="Table" across><${Table} /><//>
      <${Part} title="Outcomes of golden questions"><${Verdicts} /><//>
      <${Part} title="Numbers of a run" across><${Figures} measures=${MEASURES} former=${{ ...MEASURES, recall1: 0.75, latencyP95Ms: 2 }} history=${[MEASURES, MEASURES]} /><//>
      <${Part} title="Conversation" across><${Talk} /><//>
    </div>
  <//>`;
}

const VERDICTS = [
  ...(["first", "lower", "missed", "refused"] as const),
  ...(["rightly-refused", "wrongly-answered", "skipped"] as const),
];
const MEASURES: Measures = {
  ...{ questions: 40, answerable: 30, unanswerable: 10, recall1: 0.8, recall5: 0.9, recall10: 0.95 },
  ...{ mrr10: 0.85, ndcg10: 0.87, answered: 0.97, abstentionPrecision: 0.9, abstentionRecall: null },
  ...{ latencyP50Ms: 1.8, latencyP95Ms: 4.2 },
};

function Verdicts() {
  return html`<ul class="stack">
    ${VERDICTS.map((verdict) => html`<li key=${verdict}><${DotWords} ...${verdictOf({ verdict, rank: 4 })} /></li>`)}
  </ul>`;
}

function Part(props: { title: string; across?: boolean; children?: ComponentChildren }) {
  return html`<section class=${`sheet ${props.across ? "across" : ""}`} aria-label=${props.title}>
    <header><h2>${props.title}</h2></header>
    <div class="pad">${props.children}</div>
  </section>`;
}

function Colours() {
  return html`<div class="swatches">
    ${COLOURS.split(" ").map(
      (name) =>
        html`<div key=${name}><i style=${{ background: `var(--${name})` }}></i><span class="mono">${name}</span></div>`,
    )}
  </div>`;
}

function Type() {
  return html`<h1>Title, 20 on 28</h1>
    <h2>Heading, 14 on 20</h2>
    <p>Text, 14 on 20. A well-made instrument in a quiet office.</p>
    <p class="soft">Secondary text</p>
    <p class="hint">Hint, 13 on 18</p>
    <p class="mono">req_01JD3Z5W8Q</p>
    <p class="row"><span class="mark"><${Mark} /></span><span class="avatar">FM</span><span class="kbd">Ctrl K</span></p>`;
}

function Buttons() {
  return html`<div class="row">
      <${Button} kind="primary">Add source<//><${Button}>Read again<//><${Button} kind="quiet">Undo<//>
      <${Button} kind="danger" icon=${Trash2}>Delete<//><${Button} kind="danger primary">Rotate key<//>
    </div>
    <div class="row">
      <${Button} kind="primary" busy>Saving<//><${Button} kind="primary" disabled>Save<//><${Button} disabled>Read again<//>
    </div>
    <div class="row">
      <${Button} small icon=${Plus}>Small<//><${Button} small kind="primary">Small<//>
      <${IconButton} icon=${Trash2} label="Delete" onClick=${nothing} /><a href="#/design">A link</a>
    </div>`;
}

function Fields() {
  const [text, setText] = useState("");
  return html`<${TextField} label="Name" help="Shown to visitors." value=${text} onInput=${setText} />
    <${TextField} label="Placeholder" placeholder="Ask as a visitor would" value="" onInput=${nothing} />
    <${TextField} label="With an error" value="intranet acme" error="One address a line, without spaces." insist onInput=${nothing} />
    <${TextField} label="With a unit" value="1024" unit="tokens" onInput=${nothing} />
    <${TextField} label="Disabled" value="cannot be changed" disabled onInput=${nothing} />
    <${TextField} label="Several lines" rows=${3} mono value="You are {assistant_name}." onInput=${nothing} />`;
}

function Choices() {
  const [provider, setProvider] = useState("extractive");
  const [theme, setTheme] = useState("auto");
  const cards = [
    { value: "extractive", label: "Built in", hint: "Needs nothing." },
    { value: "own", label: "A server of yours", hint: "On your own machine." },
  ];
  const words = ["auto", "light", "dark"].map((value) => ({ value, label: value }));
  return html`<${ChoiceCards} label="Provider" value=${provider} choices=${cards} onChange=${setProvider} />
    <${Segmented} label="Theme" value=${theme} choices=${words} onChange=${setTheme} />
    <label class="row"><input type="checkbox" checked />Checked</label>
    <label class="row"><input type="checkbox" />Not checked</label>
    <${Menu} className="btn" label="A menu" entries=${[{ title: "Tenants" }, { label: "Acme", checked: true }, "line", { label: "New", icon: Plus }]}>
      Open a menu
    <//>`;
}

function Entries() {
  const [entries, setEntries] = useState(["https://intranet.acme.example"]);
  const secret = {
    label: "API key",
    help: "Never shown again.",
    value: null,
    error: null,
    onChange: nothing,
  };
  return html`<${SecretField} ...${secret} saved=${{ set: true, last4: "7Qx2" }} />
    <${SecretField} ...${secret} saved=${{ set: false, last4: null }} />
    <${EntryList}
      label="Allowed pages"
      action="Add"
      placeholder="acme.example"
      help="One a line."
      max=${5}
      entries=${entries}
      problem=${(entry: string) => (entry.includes(" ") ? "Without spaces." : null)}
      onChange=${setEntries}
    />`;
}

function States() {
  return html`<div class="row">
      <span class="state"><span class="dot"></span>Waiting</span><span class="state"><span class="dot run"></span>Reading</span>
      <span class="state"><span class="dot good"></span>Ready</span><span class="state"><span class="dot warn"></span>Remarks</span>
      <span class="state"><span class="dot bad"></span>Failed</span>
    </div>
    <div class="stack">${(Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).map((outcome) => html`<${OutcomeState} outcome=${outcome} />`)}</div>
    <div class="row">
      <${FilterChip} label="All" total="214" on onClick=${nothing} /><${FilterChip} label="Ready" total="198" on=${false} onClick=${nothing} />
      <span class="chip">tag</span>
    </div>
    <${Progress} share=${0.58} label="Reading" /><${Progress} share=${1} bad label="Failed" />
    <${Sparkline} values=${[3, 5, 4, 8, 7, 2, 9]} label="Questions a day" />`;
}

function Notes() {
  return html`<${Note}>Something to know.<//><${Note} tone="good">Everything is read.<//>
    <${Note} tone="warn">Pages 3 to 9 have no text.<//>
    <${Note} tone="bad">The file is protected with a password. Upload an unlocked copy. <${CopyId} id="req_01JD3Z5W8Q" /><//>`;
}

function Floating() {
  const plain = {
    id: -1,
    text: "Deleted “Travel policy”",
    tone: "plain",
    requestId: null,
    action: { label: "Undo", run: nothing },
  };
  const confirm = () =>
    ask({
      kind: "confirm",
      title: "Rotate the embed key",
      text: "Pages with the old key stop working.",
      action: "Rotate key",
      typed: "Acme",
      run: async () => {},
    });
  return html`<${ToastView} toast=${plain} />
    <${ToastView} toast=${{ ...plain, id: -2, text: ERROR.message, action: null, requestId: ERROR.requestId }} />
    <div class="row">
      <${Button} onClick=${() => toast("Saved")}>Show a toast<//><${Button} onClick=${confirm}>Ask to confirm<//>
    </div>
    <${CopyBlock} label="Snippet" rows=${1} text="<script src=…></script>" />`;
}

function SaveBars() {
  const shared = { save: nothing, undo: nothing };
  return html`<${SaveBar} ...${shared} changed=${1} busy=${false} error=${null} />
    <${SaveBar} ...${shared} changed=${3} busy error=${null} />
    <${SaveBar} ...${shared} changed=${2} busy=${false} error=${ERROR} />`;
}

function EmptyPart() {
  return html`<${Empty} icon=${LibraryBig} title="No documents yet" actions=${html`<${Button} small kind="primary">Add files<//>`}>
    Parley answers only from what is added here.
  <//>`;
}

const UPLOADS: Upload[] = [
  {
    id: -1,
    name: "Handbook 2026.pdf",
    size: 9_400_000,
    sent: 0.58,
    state: "sending",
    why: null,
    cancel: nothing,
  },
  { id: -2, name: "Canteen.html", size: 12_000, sent: 0, state: "waiting", why: null, cancel: nothing },
  {
    id: -3,
    name: "setup.exe",
    size: 80_000,
    sent: 1,
    state: "failed",
    why: "Parley cannot read this kind of file.",
    cancel: nothing,
  },
];

function Table() {
  return html`<table class="list">
    <thead><tr><th class="narrow-col"></th><th>Name</th><th>State</th><th class="r" aria-sort="descending">Updated</th></tr></thead>
    <tbody>
      <tr data-id="1">
        <td class="narrow-col p-check"><input type="checkbox" aria-label="Select" /></td>
        <td class="p-main"><a class="row-link" href="#/design">Travel policy</a><span class="sub">tags: hr</span></td>
        <td class="p-under"><span class="state"><span class="dot good"></span>Ready</span></td>
        <td class="r soft p-side">2 h ago</td>
      </tr>
      <tr class="sel" data-id="2">
        <td class="narrow-col p-check"><input type="checkbox" checked aria-label="Select" /></td>
        <td class="p-main"><a class="row-link" href="#/design">Selected</a><span class="sub">tags: hr</span></td>
        <td class="p-under"><span class="state"><span class="dot run"></span>Reading page 3 of 12</span></td>
        <td class="r soft p-side">now</td>
      </tr>
      <${BoneRows} rows=${2} columns=${["p-check", "p-main", "p-under", "p-side r"]} />
    </tbody>
  </table>`;
}

const ANSWER =
  "In Zurich the nightly limit is **190 euros** [1]. See [the page](https://intranet.acme.example).\n\n- one\n- two\n\n| City | Limit |\n|---|---|\n| Zurich | 190 |\n\n![a picture](https://elsewhere.example/x.png) <b>not bold</b>";

function Talk() {
  const cite = (n: number) => html`<button class="cite" type="button">${n}</button>`;
  return html`<div class="talk-body">
    <div class="line visitor"><div class="message">What may I spend on a hotel in Zurich?</div></div>
    <div class="line assistant">
      <div class="message"><${Markdown} text=${ANSWER} options=${{ cite, mayOpen: () => true }} /></div>
    </div>
    <p class="row hint"><${FileTextIcon} />Every quoted sentence says where it stands.</p>
  </div>`;
}

function FileTextIcon() {
  return html`<${IconButton} icon=${FileText} label="A document" onClick=${nothing} />`;
}
