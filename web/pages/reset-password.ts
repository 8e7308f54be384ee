import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { resetPassword } from "../api/access.ts";
import { type ApiError, asApiError, fieldProblem } from "../api/client.ts";
import { Button } from "../components/button.ts";
import { CopyId } from "../components/copy.ts";
import { Door } from "../components/door.ts";
import { NewPasswordField, passwordProblem } from "../components/new-password.ts";
import { Note } from "../components/note.ts";
import { useTitle } from "../components/page.ts";
import { navigate } from "../state/router.ts";
import { enter } from "../state/session.ts";

/** Where the link of `parley user reset-password` leads. The token stays behind the `#`: no server's log has it. */
export function ResetPasswordPage({ token }: { token: string }) {
  useTitle("New password");
  const [password, setPassword] = useState("");
  const [insist, setInsist] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const wrong = passwordProblem(password);

  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || wrong) return;
    setBusy(true);
    try {
      const me = await resetPassword({ token, password });
      navigate();
      enter(me);
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return html`<${Door} title="Set a new password" hint="It replaces the old one, and every device that is signed in has to sign in again.">
    <form onSubmit=${submit} novalidate>
      <${NewPasswordField}
        value=${password}
        error=${wrong ?? fieldProblem(error, "password")}
        insist=${insist}
        autofocus
        onInput=${(value: string) => {
          setPassword(value);
          setError(null);
        }}
      />
      ${
        error &&
        !fieldProblem(error, "password") &&
        html`<${Note} tone="bad">
          ${error.message} ${error.requestId && html`<${CopyId} id=${error.requestId} />`}
        <//>`
      }
      <${Button} type="submit" kind="primary" busy=${busy}>${busy ? "Setting it" : "Set it and sign in"}<//>
    </form>
  <//>`;
}
