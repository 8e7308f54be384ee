import { html } from "htm/preact";
import type { ConnectionView } from "../../../src/protocol/admin-api/connections.ts";

export const DATABASES = { postgres: "PostgreSQL", mysql: "MySQL, MariaDB", mongodb: "MongoDB" };

const STATES = {
  ready: { word: "Ready", tone: "good" },
  unchecked: { word: "Not reached yet", tone: "warn" },
  failed: { word: "Must not be used", tone: "bad" },
};

/** Whether tools may use it. */
export function ConnectionState({ state }: Pick<ConnectionView, "state">) {
  const { word, tone } = STATES[state];
  return html`<span class="state"><span class=${`dot ${tone}`}></span><span>${word}</span></span>`;
}
