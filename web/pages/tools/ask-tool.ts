import { html } from "htm/preact";
import { CornerDownLeft, MessageCircleQuestionMark, X } from "lucide";
import { useState } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { Button, IconButton } from "../../components/button.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { draftOf } from "../../state/draft.ts";
import { tenantId } from "../../state/session.ts";
import { Asked } from "./asked.ts";
import { needsVisitor, type TypedVisitor, VisitorFields, visitorOf } from "./tried-as.ts";

type AskProps = {
  tool: ToolView;
  /** Hears that the tool may have been called. */
  onAsked: () => void;
};

/** A chat beside the editor, in which this tool alone is there to be used. */
export function AskTool(props: AskProps) {
  return html`<aside class="ask-tool" aria-label="Ask it">
    <h2>Ask it</h2>
    <${Chat} ...${props} />
  </aside>`;
}

/** The same over the page, where there is no room beside the editor. */
export function AskToolSheet(props: AskProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return html`<${Button} icon=${MessageCircleQuestionMark} onClick=${() => setOpen(true)}>Ask it<//>
    ${
      open &&
      html`<${Modal} className="drawer from-below" label="Ask it" onClose=${close}>
      <header>
        <h2>Ask it</h2>
        <span class="push"><${IconButton} icon=${X} label="Close" onClick=${close} /></span>
      </header>
      <div class="drawer-body ask-tool"><${Chat} ...${props} /></div>
    <//>`
    }`;
}

type Question = { text: string; visitor: TypedVisitor };

function Chat({ tool, onAsked }: AskProps) {
  const [text, setText] = useState("");
  const [visitor, setVisitor] = useState<TypedVisitor>({});
  const [questions, setQuestions] = useState<Question[]>([]);
  const isChanged = draftOf(`tool/${tenantId.value}/${tool.id}`, {}).changed > 0;
  const ask = (question: string) => {
    if (question.trim() === "") return;
    setQuestions([...questions, { text: question.trim(), visitor }]);
    setText("");
  };
  const submit = (event: Event) => {
    event.preventDefault();
    ask(text);
  };
  return html`<p class="hint">
      What a visitor would be told, if this were the only tool there is. It is used as it was saved${!tool.enabled && ", although it is off"}.
      Nothing that is said here is stored.
    </p>
    ${isChanged && html`<${Note}>Your changes are not saved yet: it is asked without them.<//>`}
    ${needsVisitor(tool) && html`<${VisitorFields} visitor=${visitor} onChange=${setVisitor} />`}
    ${questions.length === 0 && html`<${Examples} tool=${tool} ask=${ask} />`}
    <div class="asked" role="log" aria-label="Questions and answers">
      ${questions.map(
        (question, at) => html`<${Asked}
          key=${at}
          tool=${tool}
          question=${question.text}
          visitor=${visitorOf(question.visitor)}
          onAsked=${onAsked}
          goOn=${ask}
        />`,
      )}
    </div>
    <form onSubmit=${submit}>
      <div class="input-box">
        <input
          aria-label="Question"
          placeholder="Ask as a visitor would"
          maxlength="8000"
          value=${text}
          onInput=${(event: InputEvent) => setText((event.currentTarget as HTMLInputElement).value)}
        />
        <${Button} small kind="quiet" type="submit" icon=${CornerDownLeft}>Ask<//>
      </div>
    </form>`;
}

function Examples({ tool: { exampleQuestions }, ask }: { tool: ToolView; ask: (question: string) => void }) {
  const shown = exampleQuestions.slice(0, 4);
  if (shown.length === 0)
    return html`<p class="hint">Without a model, its example questions decide which one is meant: it has none yet.</p>`;
  return html`<div class="starters" role="group" aria-label="Its example questions">
    ${shown.map((question) => html`<button class="chip" type="button" key=${question} onClick=${() => ask(question)}><bdi>${question}</bdi></button>`)}
  </div>`;
}
