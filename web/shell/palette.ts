import { html } from "htm/preact";
import {
  ArrowLeftRight,
  Database,
  FileText,
  FileUp,
  Globe,
  type IconNode,
  KeyRound,
  LogOut,
  MessageSquare,
  Moon,
  Pencil,
  Plus,
  Search,
  Sun,
  Target,
  TextSearch,
  Upload,
  Wrench,
} from "lucide";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { listConversations } from "../api/conversations.ts";
import { listSources } from "../api/knowledge.ts";
import { Icon } from "../components/icon.ts";
import { Modal } from "../components/modal.ts";
import { pickFiles } from "../components/pick-files.ts";
import { importAnywhere } from "../pages/models/model-import.ts";
import { pagesFor } from "../pages.ts";
import { openTryPanel, paletteOpen, writeQuestion, writeSynonym } from "../state/dialogs.ts";
import { navigate } from "../state/router.ts";
import { isOperator, me } from "../state/session.ts";
import { chooseTheme } from "../state/theme.ts";
import { askNewTenant, askRename, signOut, switchTenant } from "./rail.ts";

type Command = { group: string; label: string; icon: IconNode; hint?: string; run: () => void };

const FOUND = 5;
const SETTLE_MS = 120;

/** Ctrl/⌘ K: every page, every action, every source and conversation by name. */
export function Palette() {
  if (!paletteOpen.value) return null;
  return html`<${Modal} className="palette" label="Search and commands" onClose=${closePalette}>
    <${PaletteBody} />
  <//>`;
}

function closePalette(): void {
  paletteOpen.value = false;
}

function PaletteBody() {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useFound(text);
  const commands = [...matching(text), ...found];
  const chosen = Math.min(at, commands.length - 1);

  const choose = (command: Command | undefined) => {
    if (!command) return;
    closePalette();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") choose(commands[chosen]);
    else if (event.key === "ArrowDown") setAt((chosen + 1) % commands.length);
    else if (event.key === "ArrowUp") setAt((chosen - 1 + commands.length) % commands.length);
    else return;
    event.preventDefault();
  };

  return html`<div class="palette-input">
      <${Icon} of=${Search} />
      <input
        autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls=${id}
        aria-activedescendant=${commands.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label="Search pages, actions, sources and conversations"
        placeholder="Go to, do, or find"
        autocomplete="off"
        value=${text}
        onInput=${(event: InputEvent) => {
          setText((event.currentTarget as HTMLInputElement).value);
          setAt(0);
        }}
        onKeyDown=${onKeyDown}
      />
      <span class="kbd">Esc</span>
    </div>
    <${CommandList} id=${id} commands=${commands} chosen=${chosen} text=${text} point=${setAt} choose=${choose} />`;
}

type ListProps = {
  id: string;
  commands: Command[];
  chosen: number;
  /** What was typed, for when nothing is called that. */
  text: string;
  point: (index: number) => void;
  choose: (command: Command) => void;
};

function CommandList({ id, commands, chosen, text, point, choose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });
  return html`<div class="palette-list" id=${id} role="listbox" ref=${list}>
      ${commands.map(
        (command, index) => html`${
          command.group !== commands[index - 1]?.group &&
          html`<div class="group" role="presentation">${command.group}</div>`
        }
          <div
            role="option"
            id=${`${id}-${index}`}
            aria-selected=${index === chosen}
            onPointerMove=${() => point(index)}
            onClick=${() => choose(command)}
          >
            <${Icon} of=${command.icon} /><span class="label">${command.label}</span>
            ${command.hint && html`<span class="hint clip">${command.hint}</span>`}
          </div>`,
      )}
      ${
        commands.length === 0 &&
        html`<p class="hint" style=${{ padding: "16px 8px" }}>Nothing is called “${text}”. Enter part of a name.</p>`
      }
    </div>`;
}

function matching(text: string): Command[] {
  const wanted = text.trim().toLowerCase();
  const pages = pagesFor(isOperator.value).map((page) => ({
    group: "Pages",
    label: page.label,
    icon: page.icon,
    run: () => navigate(page.path),
  }));
  return [pages, actions()].flatMap((group) => nearest(group, wanted));
}

/** What begins with it goes before what only has it somewhere. */
function nearest(commands: Command[], wanted: string): Command[] {
  const place = ({ label }: Command) => label.toLowerCase().indexOf(wanted);
  const found = commands.filter((command) => place(command) >= 0);
  return found.sort((left, right) => Number(place(left) > 0) - Number(place(right) > 0));
}

function actions(): Command[] {
  const group = "Actions";
  const tenants = me.value?.memberships ?? [];
  return [
    { group, label: "Try a question", icon: Search, run: () => openTryPanel() },
    { group, label: "Add source", icon: Upload, run: pickFiles },
    { group, label: "Add golden question", icon: Target, run: () => writeQuestion() },
    { group, label: "Add synonym", icon: ArrowLeftRight, run: () => writeSynonym() },
    { group, label: "Add connection", icon: Database, run: () => navigate("connections", "new") },
    { group, label: "Add database query", icon: Wrench, run: () => navigate("tools", "new") },
    { group, label: "Add API call", icon: Globe, run: () => navigate("tools", "new-call") },
    { group, label: "Import an API", icon: FileUp, run: () => navigate("tools", "import") },
    { group, label: "Add credential", icon: KeyRound, run: () => navigate("credentials", "new") },
    { group, label: "Light theme", icon: Sun, run: () => chooseTheme("light") },
    { group, label: "Dark theme", icon: Moon, run: () => chooseTheme("dark") },
    { group, label: "Rename tenant", icon: Pencil, run: askRename },
    ...(isOperator.value ? operatorActions() : []),
    ...(tenants.length > 1
      ? tenants.map(({ tenant }) => ({
          group,
          label: `Switch to ${tenant.name}`,
          icon: Search,
          run: () => switchTenant(tenant.id),
        }))
      : []),
    { group, label: "Sign out", icon: LogOut, run: signOut },
  ];
}

function operatorActions(): Command[] {
  const group = "Actions";
  return [
    { group, label: "Import a search model", icon: Upload, run: importAnywhere },
    { group, label: "Build an index", icon: TextSearch, run: () => navigate("models", "build") },
    { group, label: "New tenant", icon: Plus, run: askNewTenant },
  ];
}

/** Sources and conversations by name, once the typing has settled. */
function useFound(text: string): Command[] {
  const [found, setFound] = useState<Command[]>([]);
  useEffect(() => {
    const q = text.trim();
    if (q.length < 2) {
      setFound([]);
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      const results = await Promise.allSettled([
        findSources(q, controller.signal),
        findConversations(q, controller.signal),
      ]);
      if (controller.signal.aborted) return;
      setFound(results.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return found;
}

async function findSources(q: string, signal: AbortSignal): Promise<Command[]> {
  const { items } = await listSources({ q, limit: FOUND }, null, signal);
  return items.map((source) => ({
    group: "Sources",
    label: source.title,
    hint: source.filename,
    icon: FileText,
    run: () => navigate("knowledge", source.id),
  }));
}

async function findConversations(q: string, signal: AbortSignal): Promise<Command[]> {
  const { items } = await listConversations({ q, limit: FOUND }, null, signal);
  return items.map((conversation) => ({
    group: "Conversations",
    label: conversation.title ?? "Nothing asked yet",
    icon: MessageSquare,
    run: () => navigate("conversations", conversation.id),
  }));
}
