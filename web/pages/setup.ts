import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { setUp } from "../api/access.ts";
import { type ApiError, asApiError, fieldProblem } from "../api/client.ts";
import { Button } from "../components/button.ts";
import { CopyId } from "../components/copy.ts";
import { Door } from "../components/door.ts";
import { TextField } from "../components/field.ts";
import { NewPasswordField, passwordProblem } from "../components/new-password.ts";
import { Note } from "../components/note.ts";
import { useTitle } from "../components/page.ts";
import { enter } from "../state/session.ts";
import { looksLikeEmail } from "./sign-in.ts";

type SetupForm = { token: string; organisation: string; name: string; email: string; password: string };

const EMPTY: SetupForm = { token: "", organisation: "", name: "", email: "", password: "" };

/** First run: who this Parley belongs to and who runs it. Answers with a signed-in session. */
export function SetupPage({ requiresToken }: { requiresToken: boolean }) {
  useTitle("Set up");
  const { form, set, wrong, insist, busy, error, tokenRefusal, submit } = useSetup(requiresToken);
  return html`<${Door} title="Set up Parley" hint="Two minutes to a first answer. Everything stays on this machine.">
      <form onSubmit=${submit} novalidate>
        ${
          requiresToken &&
          html`<${TokenField} value=${form.token} error=${tokenRefusal ?? wrong.token} insist=${insist} onInput=${set("token")} />`
        }
        <${TextField}
          label="Organisation"
          help="Visitors see it in the chat."
          autocomplete="organization"
          autofocus=${!requiresToken}
          value=${form.organisation}
          error=${wrong.organisation ?? fieldProblem(error, "organisation")}
          insist=${insist}
          onInput=${set("organisation")}
        />
        <${TextField}
          label="Your name"
          autocomplete="name"
          value=${form.name}
          error=${wrong.name ?? fieldProblem(error, "name")}
          insist=${insist}
          onInput=${set("name")}
        />
        <${TextField}
          label="E-mail"
          help="You sign in with it. Parley sends nothing to it."
          type="email"
          autocomplete="username"
          value=${form.email}
          error=${wrong.email ?? fieldProblem(error, "email")}
          insist=${insist}
          onInput=${set("email")}
        />
        <${NewPasswordField}
          value=${form.password}
          error=${wrong.password ?? fieldProblem(error, "password")}
          insist=${insist}
          onInput=${set("password")}
        />
        ${
          error &&
          !tokenRefusal &&
          html`<${Note} tone="bad">
            ${error.message} ${error.requestId && html`<${CopyId} id=${error.requestId} />`}
          <//>`
        }
        <${Button} type="submit" kind="primary" busy=${busy}>${busy ? "Setting up" : "Set up Parley"}<//>
      </form>
  <//>`;
}

type TokenProps = { value: string; error: string | null; insist: boolean; onInput: (token: string) => void };

function TokenField(props: TokenProps) {
  return html`<${TextField}
    label="Setup token"
    help="Printed where Parley was started: it proves that you may set it up."
    mono
    ...${props}
  />`;
}

function useSetup(requiresToken: boolean) {
  const [form, setForm] = useState(EMPTY);
  const [insist, setInsist] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const wrong = problems(form, requiresToken);
  const set = (key: keyof SetupForm) => (value: string) => {
    setForm((before) => ({ ...before, [key]: value }));
    setError(null);
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || Object.values(wrong).some(Boolean)) return;
    setBusy(true);
    const { token, ...person } = form;
    try {
      enter(await setUp(requiresToken ? { ...person, token: token.trim() } : person));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  const isAboutToken = error?.code === "SETUP_TOKEN_REQUIRED" || error?.code === "TOKEN_INVALID";
  const tokenRefusal = isAboutToken ? error.message : null;
  return { form, set, wrong, insist, busy, error, tokenRefusal, submit };
}

function problems(form: SetupForm, requiresToken: boolean): Record<keyof SetupForm, string | null> {
  return {
    token:
      requiresToken && !form.token.trim() ? "Copy the token from the window where Parley was started." : null,
    organisation: form.organisation.trim() ? null : "Enter the name of your organisation or department.",
    name: form.name.trim() ? null : "Enter your name.",
    email: looksLikeEmail(form.email) ? null : "Enter an e-mail address like fiona@acme.example.",
    password: passwordProblem(form.password),
  };
}
