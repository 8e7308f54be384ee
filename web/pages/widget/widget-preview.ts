import { html } from "htm/preact";
import { ArrowUp } from "lucide";
import { useState } from "preact/hooks";
import type { WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";
import { signalDeclarations } from "../../../widget/palette.ts";
import { Segmented } from "../../components/field.ts";
import { Icon } from "../../components/icon.ts";
import { Mark } from "../../components/mark.ts";

type Moment = "closed" | "opened" | "answer";
type PreviewProps = { widget: WidgetConfigView; theme: "light" | "dark" };

const MOMENTS: { value: Moment; label: string }[] = [
  { value: "closed", label: "Closed" },
  { value: "opened", label: "Opened" },
  { value: "answer", label: "Answer" },
];

/** The widget at one moment, with the settings as they stand on the page and the colours that it makes of them. */
export function WidgetPreview({ widget, theme }: PreviewProps) {
  const [moment, setMoment] = useState<Moment>("opened");
  const side = widget.position === "bottom-left" ? "start" : "";
  return html`<div class="stack">
    <${Segmented} label="Preview" value=${moment} choices=${MOMENTS} onChange=${setMoment} />
    <div
      class=${`stage ${side}`}
      data-theme=${theme}
      style=${signalDeclarations(widget.primaryColor, theme)}
      role="img"
      aria-label="Preview of the widget"
    >
      ${
        moment === "closed"
          ? html`<div class="bubble"><${Logo} url=${widget.logoUrl} size=${26} bare /></div>`
          : html`<${Panel} widget=${widget} moment=${moment} />`
      }
    </div>
  </div>`;
}

function Panel({ widget, moment }: { widget: WidgetConfigView; moment: Moment }) {
  return html`<div class="preview">
    <header>
      <${Logo} url=${widget.logoUrl} size=${18} />
      <span><b class="clip">${widget.displayName || "Name"}</b><span class="hint">${widget.subtitle}</span></span>
    </header>
    <div class="preview-body">${moment === "opened" ? html`<${Greeting} widget=${widget} />` : html`<${Answer} />`}</div>
    <div class="composer"><div>Ask a question<span class="send"><${Icon} of=${ArrowUp} /></span></div></div>
  </div>`;
}

function Greeting({ widget }: { widget: WidgetConfigView }) {
  return html`<p class="greeting">${widget.greeting}</p>
    ${
      widget.suggestedQuestions.length > 0 &&
      html`<div class="suggestions">${widget.suggestedQuestions.map((question) => html`<span key=${question}>${question}</span>`)}</div>`
    }`;
}

function Answer() {
  return html`<div class="line visitor"><div class="message">What may I spend on a hotel?</div></div>
    <div class="line assistant">
      <div class="message">
        The nightly limit is <strong>190 euros</strong> including <span class="nowrap">tax<span class="cite">1</span>.</span>
        <div class="passage-ref"><span class="n">1</span><span><b>Travel policy</b> <span class="hint">Hotels · p. 6</span></span></div>
      </div>
    </div>`;
}

/** The tenant's logo, or Parley's mark. `bare` leaves out the tile around the mark. */
export function Logo({ url, size, bare }: { url: string | null; size: number; bare?: boolean }) {
  if (url) return html`<img class=${bare ? "" : "mark"} src=${url} alt="" />`;
  if (bare) return html`<${Mark} size=${size} />`;
  return html`<span class="mark"><${Mark} size=${size} /></span>`;
}
