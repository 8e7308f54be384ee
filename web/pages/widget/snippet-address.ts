import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Below } from "../../components/field.ts";
import { me } from "../../state/session.ts";

type Chosen = { origin: string; field: unknown };

/** At which of the machine's names and addresses visitors' browsers look for Parley. */
export function useSnippetOrigin(): Chosen {
  const [wanted, setWanted] = useState<string | null>(null);
  const origins = originsFor(location.origin, me.value?.instance.origins ?? []);
  const origin = wanted ?? origins[0] ?? location.origin;
  const warning = warningOf(origin, origins);
  const choose = (event: Event) => setWanted((event.currentTarget as HTMLSelectElement).value);
  const field =
    (origins.length > 1 || warning) &&
    html`<div class="field">
      <label for="snippet-origin">Where visitors' browsers find Parley</label>
      <select id="snippet-origin" class="input" value=${origin} onChange=${choose}>
        ${origins.map((each) => html`<option key=${each} value=${each}>${each}</option>`)}
      </select>
      <${Below} help=${warning ? null : hintOf(origin)} error=${warning} />
    </div>`;
  return { origin, field };
}

/** What this browser came by goes first, unless nobody else could come by it. */
export function originsFor(here: string, known: readonly string[]): string[] {
  const all = isLoopback(here) ? [...known, here] : [here, ...known];
  return [...new Set(all)];
}

/** Null for an address that may do for everybody. */
export function warningOf(origin: string, origins: readonly string[]): string | null {
  if (!isLoopback(origin)) return null;
  const onlyHere =
    "On every other machine this names that machine itself, so the chat shows up on this one only.";
  return origins.length > 1
    ? `${onlyHere} Choose another address.`
    : `${onlyHere} Parley listens for nobody else: start it without --host, or with --public-url and the address that people use.`;
}

export function hintOf(origin: string): string {
  const { hostname, protocol } = new URL(origin);
  const isNumber = /^[\d.]+$|^\[/.test(hostname);
  const lasts = isNumber
    ? "Works until the machine gets another address; a name lasts longer."
    : "Works where the network knows this name.";
  return protocol === "https:" ? lasts : `${lasts} Pages over https load it only over https.`;
}

function isLoopback(origin: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname);
}
