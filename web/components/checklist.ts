import { html } from "htm/preact";
import { Check, X } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Dashboard } from "../../src/protocol/admin-api/dashboard.ts";
import { addSamples } from "../api/knowledge.ts";
import { count } from "../format.ts";
import { useDemoAddress } from "../state/demo.ts";
import { openTryPanel } from "../state/dialogs.ts";
import { sources } from "../state/knowledge.ts";
import { href } from "../state/router.ts";
import { tenantId } from "../state/session.ts";
import { readStored, writeStored } from "../state/stored.ts";
import { toast, toastError } from "../state/toasts.ts";
import { Button, IconButton } from "./button.ts";
import { Icon } from "./icon.ts";
import { pickFiles } from "./pick-files.ts";

type List = Dashboard["checklist"];
type StepView = { title: string; done: boolean; text: string; actions: ComponentChildren };

/** Where this browser keeps that the tenant's steps were put away. */
const dismissedKey = (tenant: string) => `getting-started/${tenant}`;

/** Four steps from an empty Parley to one that people use. Gone when those that are needed are done, or put away. */
export function Checklist({ checklist }: { checklist: List }) {
  const tenant = tenantId.value;
  const [isDismissed, setDismissed] = useState(readStored(dismissedKey(tenant)) !== null);
  const { knowledge, ask, embed } = checklist;
  if (isDismissed || (knowledge.done && ask.done && embed.done)) return null;
  const dismiss = () => {
    writeStored(dismissedKey(tenant), "dismissed");
    setDismissed(true);
  };
  return html`<${Steps} checklist=${checklist} dismiss=${dismiss} />`;
}

function Steps({ checklist, dismiss }: { checklist: List; dismiss: () => void }) {
  const demo = useDemoAddress();
  const steps = [
    knowledgeStep(checklist),
    askStep(checklist, demo),
    embedStep(checklist),
    modelStep(checklist),
  ];
  const done = steps.filter((step) => step.done).length;
  const next = steps.findIndex((step) => !step.done);
  return html`<section class="sheet" aria-label="Getting started">
    <header>
      <h2>Getting started</h2>
      <span class="row push">
        <span class="hint num">${done} of ${steps.length} done</span>
        <${IconButton} icon=${X} label="Dismiss" onClick=${dismiss} />
      </span>
    </header>
    <ol class="steps">
      ${steps.map((step, at) => html`<${Step} key=${step.title} step=${step} at=${at + 1} current=${at === next} />`)}
    </ol>
  </section>`;
}

function Step({ step, at, current }: { step: StepView; at: number; current: boolean }) {
  return html`<li class=${`${step.done ? "done" : ""} ${current ? "current" : ""}`} aria-current=${current ? "step" : undefined}>
    <span class="tick">${step.done ? html`<${Icon} of=${Check} label="Done" />` : at}</span>
    <div><span class="strong">${step.title}</span><span class="sub">${step.text}</span></div>
    <div class="row">${!step.done && step.actions}</div>
  </li>`;
}

function knowledgeStep({ knowledge }: List): StepView {
  const parts = [
    knowledge.ready > 0 && `${count(knowledge.ready, "source")} ready`,
    knowledge.processing > 0 && `${knowledge.processing} being read`,
    knowledge.failed > 0 && `${knowledge.failed} could not be read`,
  ].filter(Boolean);
  return {
    title: "Add knowledge",
    done: knowledge.done,
    text:
      parts.join(", ") ||
      "Handbooks, policies, price lists: drop PDF, Word, text or table files anywhere on this page.",
    actions: html`<${SamplesButton} disabled=${knowledge.processing > 0} />
      <${Button} small kind="primary" onClick=${pickFiles}>Add files<//>`,
  };
}

/** Adds the bundled handbook. The result shows up as ordinary sources. */
export function SamplesButton({ disabled }: { disabled?: boolean }) {
  const [busy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    try {
      const { items } = await addSamples();
      toast(`Reading ${count(items.length, "sample document")}`);
      await sources.refresh();
    } catch (thrown) {
      toastError(thrown);
    }
    setBusy(false);
  };
  return html`<${Button} small onClick=${add} busy=${busy} disabled=${disabled}>Use the sample documents<//>`;
}

function askStep({ ask, knowledge }: List, demo: string): StepView {
  return {
    title: "Ask something",
    done: ask.done,
    text: ask.done
      ? `${count(ask.questions, "question")} asked so far`
      : "See what a visitor gets, on a page that looks like an intranet, or look straight at the passages.",
    actions: html`<${Button} small disabled=${!knowledge.done} onClick=${() => openTryPanel()}>Try a question<//>
      <${Button} small kind=${knowledge.done ? "primary" : undefined} href=${demo} newTab>Open the demo page<//>`,
  };
}

function embedStep({ embed }: List): StepView {
  return {
    title: "Put it on a page",
    done: embed.done,
    text: embed.done
      ? `Seen on ${embed.origins.join(", ")}`
      : "One script tag on any intranet page, allowed by its address.",
    actions: html`<${Button} small href=${href("widget")}>Get the snippet<//>`,
  };
}

function modelStep({ model }: List): StepView {
  return {
    title: "Connect a language model",
    done: model.done,
    text: model.done
      ? `Answers are worded by ${model.model || "a model"}`
      : "Optional. Parley now quotes your documents word for word; with a model it answers in its own words.",
    actions: html`<${Button} small href=${href("model")}>Choose a model<//>`,
  };
}
