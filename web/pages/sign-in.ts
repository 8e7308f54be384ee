import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { signIn } from "../api/access.ts";
import { type ApiError, asApiError } from "../api/client.ts";
import { Button } from "../components/button.ts";
import { CopyId } from "../components/copy.ts";
import { Door } from "../components/door.ts";
import { TextField } from "../components/field.ts";
import { Note } from "../components/note.ts";
import { useTitle } from "../components/page.ts";
import { enter } from "../state/session.ts";

/** The address in the bar stays: after signing in one is where one wanted to be. */
export function SignInPage() {
  useTitle("Sign in");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [insist, setInsist] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || !looksLikeEmail(email) || !password) return;
    setBusy(true);
    try {
      enter(await signIn({ email: email.trim(), password }));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return html`<${Door} title="Sign in">
      <form onSubmit=${submit} novalidate>
        <${TextField}
          label="E-mail"
          type="email"
          name="email"
          autocomplete="username"
          autofocus
          value=${email}
          error=${looksLikeEmail(email) ? null : "Enter the e-mail address of your account."}
          insist=${insist}
          onInput=${setEmail}
        />
        <${TextField}
          label="Password"
          type="password"
          name="password"
          autocomplete="current-password"
          value=${password}
          error=${password ? null : "Enter your password."}
          insist=${insist}
          onInput=${setPassword}
        />
        ${
          error &&
          html`<${Note} tone="bad">
            ${error.message} ${error.status !== 401 && error.requestId && html`<${CopyId} id=${error.requestId} />`}
          <//>`
        }
        <${Button} type="submit" kind="primary" busy=${busy}>${busy ? "Signing in" : "Sign in"}<//>
      </form>
      <p class="hint">
        Forgotten the password? Someone with access to the server can set a new one:
        <span class="mono"> parley user reset-password ${email || "YOUR-EMAIL"}</span>
      </p>
  <//>`;
}

/** Enough to catch a slip; the server has the last word. */
export function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}
