import { html } from "htm/preact";
import { TextField } from "./field.ts";
import { Progress } from "./tray.ts";

/** The server's own rule, in src/protocol/admin-api/access.ts; importing it would bundle zod. */
const PASSWORD_MIN = 15;
const COMFORTABLE = 20;

type NewPasswordProps = {
  value: string;
  error: string | null | undefined;
  insist: boolean;
  autofocus?: boolean;
  onInput: (value: string) => void;
};

/** A password that is being chosen, with how far it is from being long enough. */
export function NewPasswordField({ value, error, insist, autofocus, onInput }: NewPasswordProps) {
  return html`<div class="meter">
    <${TextField}
      label="Password"
      type="password"
      autocomplete="new-password"
      autofocus=${autofocus}
      value=${value}
      error=${error}
      insist=${insist}
      help=${lengthInWords(value)}
      onInput=${onInput}
    />
    <${Progress} share=${value.length / PASSWORD_MIN} label="Length of the password" />
  </div>`;
}

export function passwordProblem(password: string): string | null {
  if (password.length >= PASSWORD_MIN) return null;
  return `Use at least ${PASSWORD_MIN} characters: four or five unrelated words are easy to keep in mind.`;
}

function lengthInWords(password: string): string {
  const missing = PASSWORD_MIN - password.length;
  if (password === "") return `At least ${PASSWORD_MIN} characters. A few unrelated words make a good one.`;
  if (missing > 0) return `${missing} more ${missing === 1 ? "character" : "characters"}. Spaces count.`;
  return password.length < COMFORTABLE ? "Long enough." : "Long enough, and then some.";
}
