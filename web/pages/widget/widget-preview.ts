import { html } from "htm/preact";
import { ArrowUp } from "lucide";
import type { WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";
import { Icon } from "../../components/icon.ts";
import { Mark } from "../../components/mark.ts";
import { inkOn, parseHex } from "./colour.ts";

/** A still picture of the widget with the settings as they stand on the page. */
export function WidgetPreview({ widget, theme }: { widget: WidgetConfigView; theme: "light" | "dark" }) {
  const colour = parseHex(widget.primaryColor) ? widget.primaryColor : "#00665a";
  const rgb = parseHex(colour);
  const style = {
    "--signal": colour,
    "--on-signal": rgb ? inkOn(rgb) : "#ffffff",
    "--signal-soft": `color-mix(in oklab, ${colour} 14%, var(--sheet))`,
    "--signal-ink": `color-mix(in oklab, ${colour} ${theme === "dark" ? 35 : 62}%, var(--ink))`,
  };
  const side = widget.position === "bottom-left" ? "start" : "";
  return html`<div class=${`stage ${side}`} data-theme=${theme} style=${style} role="img" aria-label="Preview of the widget">
    <div class="preview">
      <header>
        <${Logo} url=${widget.logoUrl} size=${18} />
        <span><b class="clip">${widget.displayName || "Name"}</b><span class="hint">${widget.subtitle}</span></span>
      </header>
      <div class="preview-body">
        <div class="line assistant"><div class="message">${widget.greeting}</div></div>
        ${
          widget.suggestedQuestions.length > 0 &&
          html`<div class="suggestions">${widget.suggestedQuestions.map((question) => html`<span>${question}</span>`)}</div>`
        }
        <div class="line visitor"><div class="message">What may I spend on a hotel?</div></div>
        <div class="line assistant">
          <div class="message">
            The nightly limit is <strong>190 euros</strong> including tax<span class="cite">1</span>.
            <div class="passage-ref"><span class="n">1</span><span><b>Travel policy</b> <span class="hint">Hotels · p. 6</span></span></div>
          </div>
        </div>
      </div>
      <div class="composer"><div>Ask a question<span class="send"><${Icon} of=${ArrowUp} /></span></div></div>
    </div>
    <div class="bubble"><${Logo} url=${widget.logoUrl} size=${26} bare /></div>
  </div>`;
}

/** The tenant's logo, or Parley's mark. `bare` leaves out the tile around the mark. */
export function Logo({ url, size, bare }: { url: string | null; size: number; bare?: boolean }) {
  if (url) return html`<img class=${bare ? "" : "mark"} src=${url} alt="" />`;
  if (bare) return html`<${Mark} size=${size} />`;
  return html`<span class="mark"><${Mark} size=${size} /></span>`;
}
