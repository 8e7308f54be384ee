import { html } from "htm/preact";
import type { ToolView } from "../../src/protocol/admin-api/tools.ts";
import { Segmented, TextField } from "./field.ts";

type Audience = ToolView["audience"];
type AudienceProps = { audience: Audience; onChange: (audience: Audience) => void };

/** For which visitors something is. */
export function AudienceField({ audience, onChange }: AudienceProps) {
  const kind = typeof audience === "string" ? audience : "tags";
  const choose = (next: string) =>
    onChange(next === "tags" ? { tags: [""] } : next === "verified" ? "verified" : "everyone");
  return html`<${Segmented}
      label="Visitors"
      value=${kind}
      choices=${[
        { value: "everyone", label: "Everyone" },
        { value: "verified", label: "Verified" },
        { value: "tags", label: "Groups" },
      ]}
      help="Verified visitors are those whose page signs who they are. Groups are the ones that it names."
      onChange=${choose}
    />
    ${
      typeof audience !== "string" &&
      html`<${TextField} label="Groups" value=${audience.tags.join(", ")} placeholder="warehouse, purchasing"
      onInput=${(tags: string) => onChange({ tags: tags.split(",").map((tag) => tag.trim()) })} />`
    }`;
}
