import { html } from "htm/preact";
import { Pencil, RotateCw, Trash2, X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { getSource, readAgain, updateSource } from "../../api/knowledge.ts";
import { Button } from "../../components/button.ts";
import { Icon } from "../../components/icon.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { Progress } from "../../components/tray.ts";
import { bytes, number } from "../../format.ts";
import { ask } from "../../state/dialogs.ts";
import { removeSources } from "../../state/knowledge.ts";
import { onFrame } from "../../state/live.ts";
import { useResource } from "../../state/resource.ts";
import { follow, hrefAsLeft, route } from "../../state/router.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { Documents } from "./documents.ts";
import { Passages } from "./passages.ts";
import { SourceKind, SourceState } from "./source-state.ts";

const BACK = { label: "Knowledge", page: "knowledge" };

/** One source: what it is, how reading it went, its documents when there are several, and the passages it became. */
export function SourcePage({ id }: { id: string }) {
  const {
    value: source,
    error,
    slow,
    reload,
    set,
  } = useResource(`source/${id}`, (abort) => getSource(id, abort));
  useEffect(
    () =>
      onFrame((frame) => {
        if (frame.type === "source" && frame.source.id === id && !frame.removed) set(() => frame.source);
      }),
    [id, set],
  );
  if (error && !source) {
    return html`<${Page} title="Source" crumbs=${BACK}>
      <${Failed} what="This source could not be opened" error=${error} retry=${reload} />
    <//>`;
  }
  if (!source)
    return html`<${Page} title="Source" crumbs=${BACK}>${slow && html`<${BoneText} lines=${8} />`}<//>`;
  return html`<${Page} title=${source.title} crumbs=${BACK} actions=${html`<${Actions} source=${source} set=${set} />`}>
    <div class="stack source">
      <${Facts} source=${source} />
      <${Outcome} source=${source} />
      <${Tags} source=${source} set=${set} />
      <${Content} source=${source} />
    </div>
  <//>`;
}

/** The passages of its only document, or of the one that was chosen among several. */
function Content({ source }: { source: SourceView }) {
  const chosen = route.value.query.get("document");
  const isForPassage = route.value.query.has("passage");
  if (source.documentCount > 1 && !chosen && !isForPassage) return html`<${Documents} source=${source} />`;
  if (source.status !== "ready" && !chosen) return null;
  return html`<${Passages} key=${`${source.updatedAt} ${chosen}`} source=${source} documentId=${chosen} />`;
}

type SetSource = (change: (source: SourceView) => SourceView) => void;

function Actions({ source, set }: { source: SourceView; set: SetSource }) {
  const rename = () =>
    ask({
      kind: "prompt",
      title: "Rename source",
      label: "Name",
      help: "Shown to visitors under every answer that quotes it.",
      value: source.title,
      action: "Rename",
      async run(title) {
        const renamed = await updateSource(source.id, { title });
        set(() => renamed);
      },
    });
  const again = async () => {
    try {
      await readAgain(source.id);
      toast(`Reading “${source.title}” again`);
    } catch (thrown) {
      toastError(thrown);
    }
  };
  const remove = () => {
    follow(hrefAsLeft(BACK.page));
    void removeSources([source]);
  };
  return html`<${Button} icon=${Pencil} onClick=${rename}>Rename<//>
    <${Button} icon=${RotateCw} onClick=${again}>Read again<//>
    <${Button} icon=${Trash2} kind="danger" onClick=${remove}>Delete<//>`;
}

function Facts({ source }: { source: SourceView }) {
  return html`<dl class="facts num">
    <div><dt>State</dt><dd><${SourceState} source=${source.status === "failed" ? { ...source, errorMessage: "see below" } : source} /></dd></div>
    <div><dt>File</dt><dd>${source.filename}</dd></div>
    <div><dt>Kind</dt><dd><${SourceKind} source=${source} /></dd></div>
    <div><dt>Size</dt><dd>${bytes(source.byteSize)}</dd></div>
    <div><dt>Passages</dt><dd>${number(source.chunkCount)}</dd></div>
    <div><dt>Added</dt><dd><${Ago} at=${source.createdAt} /></dd></div>
    <div><dt>Updated</dt><dd><${Ago} at=${source.updatedAt} /></dd></div>
  </dl>`;
}

/** What went wrong or is worth knowing, or how far reading is. */
function Outcome({ source }: { source: SourceView }) {
  if (source.status === "failed") {
    return html`<${Note} tone="bad">
      <p class="strong">${source.documentCount === 1 ? "This file" : "This source"} could not be read.</p>
      <p>${source.errorMessage}</p>
      ${source.errorCode && html`<p class="hint mono">${source.errorCode}</p>`}
    <//>`;
  }
  if (source.status === "processing") {
    return html`<${Progress} share=${source.progress ?? 0} label="Reading" />`;
  }
  if (source.warnings.length === 0) return null;
  return html`<${Note} tone="warn">
    ${source.warnings.map((warning) => html`<p key=${warning}>${warning}</p>`)}
  <//>`;
}

function Tags({ source, set }: { source: SourceView; set: SetSource }) {
  const [text, setText] = useState("");
  const save = async (tags: string[]) => {
    const before = source.tags;
    set((current) => ({ ...current, tags }));
    try {
      await updateSource(source.id, { tags });
    } catch (thrown) {
      set((current) => ({ ...current, tags: before }));
      toastError(thrown);
    }
  };
  const add = (event: Event) => {
    event.preventDefault();
    const tag = text.trim();
    setText("");
    if (tag && !source.tags.includes(tag)) void save([...source.tags, tag]);
  };
  return html`<div class="row" aria-label="Tags">
    ${source.tags.map(
      (tag) => html`<span class="chip" key=${tag}>
        <span class="clip">${tag}</span>
        <button type="button" aria-label=${`Remove the tag ${tag}`} onClick=${() => void save(source.tags.filter((each) => each !== tag))}>
          <${Icon} of=${X} size=${12} />
        </button>
      </span>`,
    )}
    <form onSubmit=${add}>
      <input
        class="input small-input"
        aria-label="Add a tag"
        placeholder="Add a tag"
        maxlength="40"
        value=${text}
        onInput=${(event: InputEvent) => setText((event.currentTarget as HTMLInputElement).value)}
      />
    </form>
  </div>`;
}
