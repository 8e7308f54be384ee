import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { ChevronsUpDown, Ellipsis, LogOut, Monitor, Moon, PanelLeft, Pencil, Plus, Sun } from "lucide";
import { createTenant, renameTenant } from "../api/tenants.ts";
import { IconButton } from "../components/button.ts";
import { Icon } from "../components/icon.ts";
import { Mark } from "../components/mark.ts";
import { Menu, type MenuEntry } from "../components/menu.ts";
import { Tray } from "../components/tray.ts";
import { initials, number } from "../format.ts";
import { type PageEntry, pagesFor } from "../pages.ts";
import { ask, paletteOpen } from "../state/dialogs.ts";
import { sourceCounts } from "../state/knowledge.ts";
import { PHONE, useMedia } from "../state/media.ts";
import { href, navigate, route } from "../state/router.ts";
import { chooseTenant, isOperator, leave, me, refreshMe, tenant } from "../state/session.ts";
import { readStored, writeStored } from "../state/stored.ts";
import { chooseTheme, THEMES, theme } from "../state/theme.ts";
import { toast, toastError } from "../state/toasts.ts";

export const railNarrow = signal(readStored("rail") === "narrow");

export const PALETTE_KEY = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "") ? "⌘K" : "Ctrl K";

/** The left rail: tenant at the top, pages by what one is doing, running work and oneself at the foot. */
export function Rail() {
  // A phone shows it at the top of the page instead.
  const phone = useMedia(PHONE);
  return html`<div class="rail">
    <${TenantSwitcher} />
    <nav aria-label="Pages">
      ${pagesFor(isOperator.value).map((page) => html`<${RailLink} key=${page.path} page=${page} />`)}
    </nav>
    <div class="foot">
      ${!phone && html`<${Tray} />`}
      <div class="foot-row">
        <${AccountMenu} placement="up" />
        <button
          class="palette-hint wide"
          type="button"
          title="Search and commands"
          onClick=${() => {
            paletteOpen.value = true;
          }}
        >
          <span class="visually-hidden">Search and commands</span> <span class="kbd">${PALETTE_KEY}</span>
        </button>
        <${IconButton}
          icon=${PanelLeft}
          label=${railNarrow.value ? "Show the names of pages" : "Show only icons"}
          onClick=${toggleRail}
        />
      </div>
    </div>
  </div>`;
}

function toggleRail(): void {
  railNarrow.value = !railNarrow.value;
  writeStored("rail", railNarrow.value ? "narrow" : "wide");
}

function isCurrent(page: PageEntry): boolean {
  return (route.value.path[0] ?? "") === page.path;
}

function RailLink({ page }: { page: PageEntry }) {
  const total = page.path === "knowledge" ? sourceCounts.value?.all : undefined;
  return html`${page.group && html`<div class="group" aria-hidden="true">${page.group}</div>`}
    <a
      href=${href(page.path)}
      aria-current=${isCurrent(page) ? "page" : undefined}
      title=${railNarrow.value ? page.label : undefined}
      aria-label=${railNarrow.value ? page.label : undefined}
    >
      <${Icon} of=${page.icon} />
      <span class="wide">${page.label}</span>
      ${total ? html`<span class="count wide">${number(total)}<span class="visually-hidden"> sources</span></span>` : null}
    </a>`;
}

/** As many tabs as the narrowest phones have room for. */
const TABS = 6;

/** Phones: a bar of the same pages under the thumb; the seldom ones behind "More" where they are too many. */
export function TabBar() {
  const pages = pagesFor(isOperator.value);
  const isFull = pages.length > TABS;
  const tabs = isFull ? pages.filter(({ seldom }) => !seldom) : pages;
  const others = isFull ? pages.filter(({ seldom }) => seldom) : [];
  return html`<nav class="tabbar" aria-label="Pages">
    ${tabs.map(
      (
        page,
      ) => html`<a class="tab" key=${page.path} href=${href(page.path)} aria-current=${isCurrent(page) ? "page" : undefined}>
        <${Icon} of=${page.icon} size=${20} /><span>${page.label}</span>
      </a>`,
    )}
    ${others.length > 0 && html`<${MoreTab} pages=${others} />`}
  </nav>`;
}

function MoreTab({ pages }: { pages: PageEntry[] }) {
  const current = pages.find(isCurrent);
  const entries = pages.map((page) => ({
    label: page.label,
    icon: page.icon,
    href: href(page.path),
    checked: page === current,
  }));
  return html`<${Menu} className=${`tab ${current ? "current" : ""}`} label="More pages" entries=${entries} placement="up end">
    <${Icon} of=${Ellipsis} size=${20} /><span>More</span>
  <//>`;
}

export function TenantSwitcher() {
  const current = tenant.value;
  return html`<${Menu} className="tenant" label=${`Tenant: ${current?.name ?? "none"}`} entries=${tenantEntries()}>
    <span class="mark"><${Mark} /></span>
    <span class="clip wide">${current?.name ?? "No tenant"}</span>
    <span class="wide push"><${Icon} of=${ChevronsUpDown} /></span>
  <//>`;
}

function tenantEntries(): MenuEntry[] {
  const current = tenant.value;
  const entries: MenuEntry[] = (me.value?.memberships ?? []).map((each) => ({
    label: each.tenant.name,
    checked: each.tenant.id === current?.id,
    run: () => switchTenant(each.tenant.id),
  }));
  if (entries.length > 0) entries.unshift({ title: "Tenants" });
  if (current) entries.push("line", { label: "Rename…", icon: Pencil, run: askRename });
  if (isOperator.value) entries.push({ label: "New tenant…", icon: Plus, run: askNewTenant });
  return entries;
}

/** What is open belongs to the tenant one leaves: go to the top of the same page. */
export function switchTenant(id: string): void {
  chooseTenant(id);
  navigate(route.peek().path[0] ?? "");
}

export function askNewTenant(): void {
  ask({
    kind: "prompt",
    title: "New tenant",
    label: "Name",
    help: "A department or organisation with its own documents, model and conversations. Nothing is shared between tenants.",
    value: "",
    action: "Create tenant",
    async run(name) {
      const created = await createTenant(name);
      await refreshMe();
      switchTenant(created.id);
      toast(`${created.name} is ready`);
    },
  });
}

export function askRename(): void {
  const current = tenant.peek();
  if (!current) return;
  ask({
    kind: "prompt",
    title: "Rename tenant",
    label: "Name",
    help: "Answers may mention it. Addresses and the embed key stay as they are.",
    value: current.name,
    action: "Rename",
    async run(name) {
      await renameTenant(current.id, name);
      await refreshMe();
    },
  });
}

const THEME_LABELS = { light: "Light", dark: "Dark", system: "As the system" };
const THEME_ICONS = { light: Sun, dark: Moon, system: Monitor };

export function AccountMenu({ placement }: { placement: string }) {
  const user = me.value?.user;
  if (!user) return null;
  const entries: MenuEntry[] = [
    { title: user.email },
    ...THEMES.map((name) => ({
      label: THEME_LABELS[name],
      icon: THEME_ICONS[name],
      checked: theme.value === name,
      run: () => chooseTheme(name),
    })),
    "line",
    { label: "Sign out", icon: LogOut, run: signOut },
    { title: `Parley ${me.value?.instance.version ?? ""}` },
  ];
  return html`<${Menu} className="account" label=${`Account: ${user.name}`} entries=${entries} placement=${placement}>
    <span class="avatar" aria-hidden="true">${initials(user.name)}</span>
    <span class="clip wide">${user.name}</span>
  <//>`;
}

export function signOut(): void {
  void leave().catch(toastError);
}
