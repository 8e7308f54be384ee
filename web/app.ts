import { html } from "htm/preact";
import { Search } from "lucide";
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./components/button.ts";
import { pageTitle } from "./components/page.ts";
import { Failed } from "./components/states.ts";
import { Toasts } from "./components/toasts.ts";
import { Tray } from "./components/tray.ts";
import { ApiKeysPage } from "./pages/api-keys/api-keys.ts";
import { ConnectionPage } from "./pages/connections/connection.ts";
import { ConnectionsPage } from "./pages/connections/connections.ts";
import { ConversationPage } from "./pages/conversations/conversation.ts";
import { ConversationsPage } from "./pages/conversations/conversations.ts";
import { CredentialPage } from "./pages/credentials/credential.ts";
import { CredentialsPage } from "./pages/credentials/credentials.ts";
import { DesignPage } from "./pages/design.ts";
import { EgressPage } from "./pages/egress/egress.ts";
import { HomePage } from "./pages/home.ts";
import { IdentityPage } from "./pages/identity/identity.ts";
import { KnowledgePage } from "./pages/knowledge/knowledge.ts";
import { SourcePage } from "./pages/knowledge/source.ts";
import { TryPanel } from "./pages/knowledge/try-panel.ts";
import { LlmPage } from "./pages/llm/llm.ts";
import { BuildIndexPage } from "./pages/models/build-index.ts";
import { ModelsPage } from "./pages/models/models.ts";
import { NotFoundPage } from "./pages/not-found.ts";
import { EvaluationRunPage } from "./pages/quality/evaluation-run.ts";
import { GoldenQuestionPage } from "./pages/quality/golden-question.ts";
import { QualityPage } from "./pages/quality/quality.ts";
import { QuestionPanel } from "./pages/quality/question-panel.ts";
import { ResetPasswordPage } from "./pages/reset-password.ts";
import { SetupPage } from "./pages/setup.ts";
import { SignInPage } from "./pages/sign-in.ts";
import { SynonymPage } from "./pages/synonyms/synonym.ts";
import { SynonymPanel } from "./pages/synonyms/synonym-panel.ts";
import { SynonymsPage } from "./pages/synonyms/synonyms.ts";
import { ToolPage } from "./pages/tools/tool.ts";
import { ToolsPage } from "./pages/tools/tools.ts";
import { WidgetPage } from "./pages/widget/widget.ts";
import { pagesFor } from "./pages.ts";
import { DialogHost } from "./shell/dialogs.ts";
import { DropFiles } from "./shell/drop-files.ts";
import { Palette } from "./shell/palette.ts";
import { AccountMenu, Rail, railNarrow, TabBar, TenantSwitcher } from "./shell/rail.ts";
import { StatusLines } from "./shell/status-line.ts";
import { closeDialogs, paletteOpen } from "./state/dialogs.ts";
import { PHONE, useMedia } from "./state/media.ts";
import { route, rowLeft } from "./state/router.ts";
import { isOperator, session, startSession, tenantId } from "./state/session.ts";

type PageComponent = ComponentType<{ id: string }>;

/** Address → page; the second is for `#/name/id`. */
const ROUTES: Record<string, [list: PageComponent | null, detail: PageComponent | null]> = {
  "": [HomePage, null],
  conversations: [ConversationsPage, ConversationPage],
  knowledge: [KnowledgePage, SourcePage],
  synonyms: [SynonymsPage, SynonymPage],
  connections: [ConnectionsPage, ConnectionPage],
  tools: [ToolsPage, ToolPage],
  credentials: [CredentialsPage, CredentialPage],
  models: [ModelsPage, BuildIndexPage],
  widget: [WidgetPage, null],
  identity: [IdentityPage, null],
  "api-keys": [ApiKeysPage, null],
  quality: [QualityPage, QualityDetail],
  model: [LlmPage, null],
  egress: [EgressPage, null],
  design: [DesignPage, null],
};

/** Runs and questions have ids that tell them apart. */
function QualityDetail({ id }: { id: string }) {
  return id.startsWith("evr_")
    ? html`<${EvaluationRunPage} id=${id} />`
    : html`<${GoldenQuestionPage} id=${id} />`;
}

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
