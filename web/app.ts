import { html } from "htm/preact";
import { Search } from "lucide";
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./components/button.ts";
import { pageTitle } from "./components/page.ts";
import { Failed } from "./components/states.ts";
import { Toasts } from "./components/toasts.ts";
import { Tray } from "./components/tray.ts";
import { ConversationPage } from "./pages/conversations/conversation.ts";
import { ConversationsPage } from "./pages/conversations/conversations.ts";
import { HomePage } from "./pages/home.ts";
import { KnowledgePage } from "./pages/knowledge/knowledge.ts";
import { SourcePage } from "./pages/knowledge/source.ts";
import { TryPanel } from "./pages/knowledge/try-panel.ts";
import { NotFoundPage } from "./pages/not-found.ts";
import { QuestionPanel } from "./pages/quality/question-panel.ts";
import { ResetPasswordPage } from "./pages/reset-password.ts";
import { SetupPage } from "./pages/setup.ts";
import { SignInPage } from "./pages/sign-in.ts";
import { SynonymPanel } from "./pages/synonyms/synonym-panel.ts";
import { pagesFor } from "./pages.ts";
import { DialogHost } from "./shell/dialogs.ts";
import { DropFiles } from "./shell/drop-files.ts";
import { later } from "./shell/later.ts";
import { Palette } from "./shell/palette.ts";
import { AccountMenu, Rail, railNarrow, TabBar, TenantSwitcher } from "./shell/rail.ts";
import { StatusLines } from "./shell/status-line.ts";
import { closeDialogs, paletteOpen } from "./state/dialogs.ts";
import { PHONE, useMedia } from "./state/media.ts";
import { route, rowLeft } from "./state/router.ts";
import { isOperator, session, startSession, tenantId } from "./state/session.ts";

type PageComponent = ComponentType<{ id: string }>;

/** Runs and questions have ids that tell them apart. */
const Run = later(async () => (await import("./pages/quality/evaluation-run.ts")).EvaluationRunPage);
const Question = later(async () => (await import("./pages/quality/golden-question.ts")).GoldenQuestionPage);
const QualityDetail: PageComponent = ({ id }) =>
  id.startsWith("evr_") ? html`<${Run} id=${id} />` : html`<${Question} id=${id} />`;

/** Address → page; the second is for `#/name/id`. Those that most people see are there from the start. */
const ROUTES: Record<string, [list: PageComponent | null, detail: PageComponent | null]> = {
  "": [HomePage, null],
  conversations: [ConversationsPage, ConversationPage],
  knowledge: [KnowledgePage, SourcePage],
  synonyms: [
    later(async () => (await import("./pages/synonyms/synonyms.ts")).SynonymsPage),
    later(async () => (await import("./pages/synonyms/synonym.ts")).SynonymPage),
  ],
  connections: [
    later(async () => (await import("./pages/connections/connections.ts")).ConnectionsPage),
    later(async () => (await import("./pages/connections/connection.ts")).ConnectionPage),
  ],
  tools: [
    later(async () => (await import("./pages/tools/tools.ts")).ToolsPage),
    later(async () => (await import("./pages/tools/tool.ts")).ToolPage),
  ],
  credentials: [
    later(async () => (await import("./pages/credentials/credentials.ts")).CredentialsPage),
    later(async () => (await import("./pages/credentials/credential.ts")).CredentialPage),
  ],
  models: [
    later(async () => (await import("./pages/models/models.ts")).ModelsPage),
    later(async () => (await import("./pages/models/build-index.ts")).BuildIndexPage),
  ],
  widget: [later(async () => (await import("./pages/widget/widget.ts")).WidgetPage), null],
  identity: [later(async () => (await import("./pages/identity/identity.ts")).IdentityPage), null],
  "api-keys": [later(async () => (await import("./pages/api-keys/api-keys.ts")).ApiKeysPage), null],
  quality: [later(async () => (await import("./pages/quality/quality.ts")).QualityPage), QualityDetail],
  model: [later(async () => (await import("./pages/llm/llm.ts")).LlmPage), null],
  "language-models": [
    later(async () => (await import("./pages/language-models/language-models.ts")).LanguageModelsPage),
    later(async () => (await import("./pages/language-models/language-model.ts")).LanguageModelPage),
  ],
  usage: [later(async () => (await import("./pages/usage/usage.ts")).UsagePage), null],
  egress: [later(async () => (await import("./pages/egress/egress.ts")).EgressPage), null],
  design: [later(async () => (await import("./pages/design.ts")).DesignPage), null],
};

export function App() {
  const current = session.value;
  if (current.state === "starting") return null;
  if (current.state === "unreachable") {
    return html`<div class="door">
      <${Failed} what="Parley did not answer" error=${current.error} retry=${() => void startSession()} />
    </div>`;
  }
  if (current.state === "setup")
    return html`<${SetupPage} requiresToken=${current.requiresToken} /><${Toasts} />`;
  const [door, token = ""] = route.value.path;
  if (door === "reset-password") return html`<${ResetPasswordPage} token=${token} /><${Toasts} />`;
  if (current.state === "signed-out") return html`<${SignInPage} /><${Toasts} />`;
  return html`<${Shell} />`;
}

function Shell() {
  usePaletteKey();
  const phone = useMedia(PHONE);
  // What stands over a page belongs to it: also when one leaves with the browser's Back.
  const { path } = route.value;
  const place = path.join("/");
  useLayoutEffect(() => closeDialogs, [place]);
  useFocusOnPage(place);
  const [name = "", id = ""] = path;
  const isOffered = pagesFor(isOperator.value).some(({ path }) => path === name) || name === "design";
  const [list, detail] = (isOffered && ROUTES[name]) || [null, null];
  const Current = (id ? detail : list) ?? NotFoundPage;
  return html`<a class="skip" href="#page" onClick=${skipToPage}>Skip to the page</a>
    <div class=${`frame ${railNarrow.value ? "narrow" : ""}`}>
      <${Rail} />
      <div class="main">
        <div class="topbar">
          <${TenantSwitcher} />
          <span class="push row">
            <${IconButton} icon=${Search} label="Search and commands" onClick=${openPalette} />
            <${AccountMenu} placement="end" />
          </span>
        </div>
        ${phone && html`<div class="work-strip"><${Tray} down /></div>`}
        <${StatusLines} />
        <main id="page" tabindex="-1" aria-label=${pageTitle}>
          <${Current} key=${`${tenantId.value}/${name}/${id}`} id=${id} />
        </main>
      </div>
      <${TabBar} />
    </div>
    <${DropFiles} />
    <${TryPanel} />
    <${QuestionPanel} />
    <${SynonymPanel} />
    <${Palette} />
    <${DialogHost} />
    <${Toasts} />`;
}

function openPalette(): void {
  paletteOpen.value = true;
}

/** An ordinary jump to `#page` would be taken for a route. */
function skipToPage(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#page")?.focus();
}

/**
 * The keyboard and the reading voice go on where one went: on the row one comes back to, else at the top of
 * the page. Not on the first page, where the link that skips the rail comes first.
 */
function useFocusOnPage(place: string): void {
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    const page = document.querySelector<HTMLElement>("#page");
    if (page?.contains(document.activeElement) && page !== document.activeElement) return;
    const row = rowLeft();
    const link = row && page?.querySelector<HTMLElement>(`[data-id="${CSS.escape(row)}"] a.row-link`);
    (link || page)?.focus({ preventScroll: true });
  }, [place]);
}

function usePaletteKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      paletteOpen.value = !paletteOpen.peek();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
