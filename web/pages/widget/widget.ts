import { html } from "htm/preact";
import { ImageUp, KeyRound } from "lucide";
import { useState } from "preact/hooks";
import type { UpdateWidgetConfig, WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";
import { contactProblem } from "../../../src/protocol/contact.ts";
import { type ApiError, address, asApiError } from "../../api/client.ts";
import { rotateKey } from "../../api/tenants.ts";
import { getWidget, removeLogo, saveWidget, uploadLogo } from "../../api/widget.ts";
import { Button } from "../../components/button.ts";
import { CopyBlock } from "../../components/copy.ts";
import { EntryList } from "../../components/entry-list.ts";
import { Below, Segmented, TextField } from "../../components/field.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { demoAddress } from "../../state/demo.ts";
import { ask } from "../../state/dialogs.ts";
import { type Draft, draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { useMedia } from "../../state/media.ts";
import { useResource } from "../../state/resource.ts";
import { tenant, tenantId } from "../../state/session.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { contrast, inkOn, parseHex } from "./colour.ts";
import { domainProblem } from "./domains.ts";
import { replyProblem, SmallTalk } from "./small-talk.ts";
import { useSnippetOrigin } from "./snippet-address.ts";
import { Logo, WidgetPreview } from "./widget-preview.ts";

/** What the form edits: everything but the logo and what is read only. */
type Form = Pick<WidgetConfigView, Extract<keyof UpdateWidgetConfig, keyof WidgetConfigView>>;
type SetWidget = (saved: WidgetConfigView) => void;

export function WidgetPage() {
  const { value, error, slow, reload, set } = useResource(`widget/${tenantId.value}`, getWidget);
  return html`<${Page}
    title="Widget"
    about="The chat that visitors see on your pages: how it looks, what it says first, and where it may appear."
    actions=${html`<${Button} href=${demoAddress(value?.embedKey)} newTab>Open the demo page<//>`}
  >
    ${error && !value && html`<${Failed} what="The widget's settings could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${10} />`}
    ${value && html`<${WidgetForm} saved=${value} onSaved=${(saved: WidgetConfigView) => set(() => saved)} />`}
  <//>`;
}

function WidgetForm({ saved, onSaved }: { saved: WidgetConfigView; onSaved: SetWidget }) {
  const draft = draftOf<Form>(`widget/${tenantId.value}`, formOf(saved));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      onSaved(await saveWidget(draft.changes));
      draft.undo();
      toast("Saved. Pages show it when they are loaded again.");
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const refused = useRefusals(error, draft.changes);
  const shown = { ...saved, ...draft.value };
  return html`<div class="settings">
      <div class="form">
        <${Embed} saved=${saved} onSaved=${onSaved} />
        <${Domains} draft=${draft} saved=${saved} refused=${refused} />
        <${Words} draft=${draft} refused=${refused} />
        <${SmallTalk} draft=${draft} refused=${refused} />
        <${Look} draft=${draft} saved=${saved} refused=${refused} onSaved=${onSaved} />
      </div>
      <div class="beside"><${WidgetPreview} widget=${shown} theme=${usePreviewTheme(shown.theme)} /></div>
    </div>
    <${SaveBar}
      changed=${draft.changed}
      busy=${busy}
      blocked=${problem(draft.value)}
      error=${error}
      save=${() => void save()}
      undo=${() => {
        draft.undo();
        setError(null);
      }}
    />`;
}

/** "auto" follows the visitor's system, so the preview follows this one. */
function usePreviewTheme(chosen: Form["theme"]): "light" | "dark" {
  const dark = useMedia("(prefers-color-scheme: dark)");
  if (chosen !== "auto") return chosen;
  return dark ? "dark" : "light";
}

function Embed({ saved, onSaved }: { saved: WidgetConfigView; onSaved: SetWidget }) {
  const { origin, field } = useSnippetOrigin();
  const script = new URL(address("/widget.js"), origin).href;
  const snippet = `<script src="${script}" data-api-key="${saved.embedKey}" async></script>`;
  const rotate = () => {
    const current = tenant.peek();
    if (!current) return;
    ask({
      kind: "confirm",
      title: "Rotate the embed key",
      text: "The old key stops working at once: the chat disappears from every page that carries it, until the new snippet is put there.",
      action: "Rotate key",
      typed: current.name,
      async run() {
        const { embedKey } = await rotateKey(current.id);
        onSaved({ ...saved, embedKey });
        toast("The key is new. Put the new snippet on your pages.");
      },
    });
  };
  return html`<section class="form-section">
    <div>
      <h2>Put it on a page</h2>
      <p class="hint">Paste this into the page, or once into the template of all pages. It loads nothing from anywhere else.</p>
    </div>
    ${field}
    <${CopyBlock} text=${snippet} label="Snippet" rows=${3} />
    <p class="row">
      <span class="hint">Seen on: ${saved.seenOrigins.length > 0 ? saved.seenOrigins.join(", ") : "no page yet"}</span>
      <span class="push"><${Button} small kind="quiet" icon=${KeyRound} onClick=${rotate}>Rotate key<//></span>
    </p>
  </section>`;
}

type PartProps = { draft: Draft<Form>; refused: Refusals };

function Domains({ draft, saved, refused }: PartProps & { saved: WidgetConfigView }) {
  const missing = saved.seenOrigins.length === 0 && draft.value.allowedDomains.length === 0;
  return html`<section class="form-section">
    <h2>Where it may appear</h2>
    <${EntryList}
      label="Allowed pages"
      action="Add"
      placeholder="https://intranet.acme.example"
      mono
      max=${100}
      help=${missing ? "None yet: until one is added, the chat works only on Parley's own pages, such as the demo." : "An address or a bare host; *. in front takes in everything below it. Other pages are refused."}
      entries=${draft.value.allowedDomains}
      problem=${(entry: string, at: number) => domainProblem(entry) ?? refused(`allowedDomains.${at}`)}
      onChange=${(entries: string[]) => draft.set("allowedDomains", entries)}
    />
  </section>`;
}

function Words({ draft, refused }: PartProps) {
  const { displayName, subtitle, greeting, suggestedQuestions } = draft.value;
  return html`<section class="form-section">
    <h2>What it says</h2>
    <div class="pair">
      <${TextField}
        label="Name"
        maxLength=${60}
        value=${displayName}
        error=${displayName.trim() ? refused("displayName") : "Give it a name, such as Ask Acme."}
        onInput=${(text: string) => draft.set("displayName", text)}
      />
      <${TextField}
        label="Line below the name"
        maxLength=${120}
        value=${subtitle}
        error=${refused("subtitle")}
        onInput=${(text: string) => draft.set("subtitle", text)}
      />
    </div>
    <${TextField}
      label="Greeting"
      rows=${3}
      maxLength=${500}
      help="Say what it knows, and what it does not."
      value=${greeting}
      error=${greeting.trim() ? refused("greeting") : "Write a first sentence."}
      onInput=${(text: string) => draft.set("greeting", text)}
    />
    <${EntryList}
      label="Suggested questions"
      action="Add"
      placeholder="How do I request leave?"
      max=${3}
      help="Up to three, to begin with one touch."
      entries=${suggestedQuestions}
      problem=${(entry: string, at: number) =>
        entry.trim() && entry.length <= 120
          ? refused(`suggestedQuestions.${at}`)
          : "Enter a question of at most 120 characters."}
      onChange=${(entries: string[]) => draft.set("suggestedQuestions", entries)}
    />
  </section>`;
}

function Look({
  draft,
  saved,
  refused,
  onSaved,
}: PartProps & { saved: WidgetConfigView; onSaved: SetWidget }) {
  return html`<section class="form-section">
    <h2>How it looks</h2>
    <${Colour} draft=${draft} refused=${refused} />
    <div class="pair">
      <${Segmented}
        label="Theme"
        value=${draft.value.theme}
        choices=${[
          { value: "auto", label: "Visitor's" },
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
        ]}
        onChange=${(theme: Form["theme"]) => draft.set("theme", theme)}
      />
      <${Segmented}
        label="Corner"
        value=${draft.value.position}
        choices=${[{ value: "bottom-left", label: "Left" }, { value: "bottom-right", label: "Right" }]}
        onChange=${(position: Form["position"]) => draft.set("position", position)}
      />
    </div>
    <${LogoField} saved=${saved} onSaved=${onSaved} />
  </section>`;
}

function Colour({ draft, refused }: PartProps) {
  const text = draft.value.primaryColor;
  const rgb = parseHex(text);
  const ratio = rgb ? contrast(rgb, parseHex(inkOn(rgb)) ?? rgb) : 0;
  const help = rgb
    ? `Text on it is ${inkOn(rgb) === "#ffffff" ? "white" : "black"}, contrast ${ratio.toFixed(1)} to 1.`
    : "";
  return html`<div class="field">
    <label for="colour">Colour</label>
    <div class="colour">
      <input
        type="color"
        aria-label="Choose a colour"
        value=${rgb ? text : "#00665a"}
        onInput=${(event: InputEvent) => draft.set("primaryColor", (event.currentTarget as HTMLInputElement).value)}
      />
      <input
        id="colour"
        class="input mono"
        value=${text}
        aria-invalid=${rgb ? undefined : "true"}
        onInput=${(event: InputEvent) => draft.set("primaryColor", (event.currentTarget as HTMLInputElement).value.trim())}
      />
    </div>
    <${Below} help=${help} error=${rgb ? refused("primaryColor") : "Write it as # and six digits, such as #0b6b60."} />
  </div>`;
}

function LogoField({ saved, onSaved }: { saved: WidgetConfigView; onSaved: SetWidget }) {
  const run = (change: Promise<WidgetConfigView>) => void change.then(onSaved, toastError);
  const choose = () => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = "image/png,image/jpeg,image/webp";
    input.onchange = () => {
      const file = input.files?.[0];
      if (file) run(uploadLogo(file));
    };
    input.click();
  };
  return html`<div class="field">
    <span class="label">Logo</span>
    <div class="logo-row">
      <${Logo} url=${saved.logoUrl} size=${26} />
      <${Button} small icon=${ImageUp} onClick=${choose}>${saved.logoUrl ? "Replace" : "Upload a logo"}<//>
      ${saved.logoUrl && html`<${Button} small kind="quiet" onClick=${() => run(removeLogo())}>Use Parley's mark<//>`}
    </div>
    <div class="hint">PNG, JPEG or WebP, square. Saved at once.</div>
  </div>`;
}

function formOf(saved: WidgetConfigView): Form {
  const {
    displayName,
    subtitle,
    greeting,
    primaryColor,
    theme,
    position,
    allowedDomains,
    suggestedQuestions,
    contact,
    ownReplies,
  } = saved;
  return {
    displayName,
    subtitle,
    greeting,
    primaryColor,
    theme,
    position,
    allowedDomains,
    suggestedQuestions,
    contact,
    ownReplies,
  };
}

function problem(form: Form): string | null {
  if (!form.displayName.trim()) return "Give the widget a name.";
  if (!form.greeting.trim()) return "Write a greeting.";
  if (!parseHex(form.primaryColor)) return "Write the colour as # and six digits.";
  if (form.suggestedQuestions.some((question) => !question.trim()))
    return "Fill in or remove the empty question.";
  if (contactProblem(form.contact)) return "The contact needs a look.";
  if (form.ownReplies.some((_, at) => replyProblem(form.ownReplies, at)))
    return "One of your own replies needs a look.";
  if (form.allowedDomains.some(domainProblem)) return "One of the allowed pages needs a look.";
  return null;
}
