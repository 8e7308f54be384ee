import { html } from "htm/preact";
import { Database, FileUp, Globe, Plug, Plus } from "lucide";
import { Icon } from "../../components/icon.ts";
import { Menu, type MenuEntry } from "../../components/menu.ts";
import { href } from "../../state/router.ts";

const KINDS: MenuEntry[] = [
  { label: "Database query", icon: Database, href: href("tools", "new") },
  { label: "API call", icon: Globe, href: href("tools", "new-call") },
  { label: "Tool of an MCP server", icon: Plug, href: href("connections") },
  { label: "Import an API", icon: FileUp, href: href("tools", "import") },
];

/** What a tool can be made of. */
export function AddTool() {
  return html`<${Menu} label="Add tool" className="btn primary" placement="end" entries=${KINDS}>
    <${Icon} of=${Plus} /><span>Add tool</span>
  <//>`;
}
