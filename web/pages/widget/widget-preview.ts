import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";
import type { MessageView } from "../../../src/protocol/chat-protocol.ts";
import { mountPreview, type Preview } from "../../../widget/preview/preview.ts";
import { address } from "../../api/client.ts";
import { Segmented } from "../../components/field.ts";
import { Mark } from "../../components/mark.ts";
import { tenant } from "../../state/session.ts";

/** Set by the build: where the widget's own panel is found. */
declare const PARLEY_PANEL_PATH: string;

type Moment = "closed" | "opened" | "answer";
type PreviewProps = { widget: WidgetConfigView; theme: "light" | "dark" };

const MOMENTS: { value: Moment; label: string }[] = [
  { value: "closed", label: "Closed" },
  { value: "opened", label: "Opened" },
  { value: "answer", label: "Answer" },
];

/** The widget itself at one moment, with the settings as they stand on the page. */
export function WidgetPreview({ widget, theme }: PreviewProps) {
  const [moment, setMoment] = useState<Moment>("opened");
  const stage = useRef<HTMLDivElement>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const { current } = stage;
    if (!current) return;
    let mounted: Promise<Preview> | null = mountPreview(current, ownAddress(), PARLEY_PANEL_PATH);
    mounted.then(setPreview, () => setFailed(true));
    return () => {
      mounted
        ?.then((shown) => shown.destroy())
        .catch(() => {
          // It never was there.
        });
      mounted = null;
    };
  }, []);

  useEffect(() => {
    preview?.show({
      config: { ...widget, organisation: tenant.value?.name ?? "" },
      theme,
      conversation: moment === "closed" ? null : moment === "opened" ? [] : ANSWERED,
    });
  });

  return html`<div class="stack">
    <${Segmented} label="Preview" value=${moment} choices=${MOMENTS} onChange=${setMoment} />
    ${failed && html`<p class="hint" role="status">The preview could not be loaded. Reload the page to see it.</p>`}
    <div class="stage" hidden=${failed} role="img" aria-label="Preview of the widget">
      <div ref=${stage} inert></div>
    </div>
  </div>`;
}

function ownAddress(): string {
  return new URL(address("/"), location.href).href;
}

/** Of the documents that Parley brings along to be tried. */
const ANSWERED: MessageView[] = [
  {
    ...{ id: "question", role: "user", status: "complete", citations: [], createdAt: "" },
    content: "What may I spend on a hotel?",
  },
  {
    ...{ id: "answer", role: "assistant", status: "complete", createdAt: "" },
    content: "The nightly limit is **190 euros** including tax [1].",
    citations: [
      {
        ...{
          kind: "passage",
          n: 1,
          chunk: "passage",
          source: "source",
          title: "Travel policy",
          page: 6,
          headingPath: ["Hotels"],
        },
        text: "The nightly limit is 190 euros including tax.",
      },
    ],
  },
];

/** The tenant's logo, or Parley's mark on its tile. */
export function Logo({ url, size }: { url: string | null; size: number }) {
  if (url) return html`<img class="mark" src=${url} alt="" />`;
  return html`<span class="mark"><${Mark} size=${size} /></span>`;
}
