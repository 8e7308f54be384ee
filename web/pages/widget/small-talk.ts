import { html } from "htm/preact";
import { Plus, X } from "lucide";
import type { UpdateWidgetConfig, WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";
import { contactProblem, LONGEST_CONTACT } from "../../../src/protocol/contact.ts";
import { Button, IconButton } from "../../components/button.ts";
import { Below, TextField } from "../../components/field.ts";
import type { Draft, Refusals } from "../../state/draft.ts";

type Settings = Pick<WidgetConfigView, Extract<keyof UpdateWidgetConfig, keyof WidgetConfigView>>;
export type OwnReply = WidgetConfigView["ownReplies"][number];
type SmallTalkProps = { draft: Draft<Settings>; refused: Refusals };

const KINDS: Record<OwnReply["kind"], string> = {
  greeting: "Greeting",
  "how-are-you": "How are you?",
  thanks: "Thanks",
  goodbye: "Goodbye",
  yes: "Yes",
  no: "No",
  ok: "OK",
  "who-are-you": "Who are you?",
  "are-you-human": "Are you human?",
  "what-can-you-do": "What can you do?",
  help: "Help",
  "a-person": "Wants a person",
  upset: "Upset or rude",
  unclear: "Makes no sense",
  test: "Test",
};
const LANGUAGES: Record<NonNullable<OwnReply["language"]>, string> = {
  eng: "English",
  deu: "German",
  fra: "French",
  spa: "Spanish",
  ita: "Italian",
  por: "Portuguese",
  nld: "Dutch",
  rus: "Russian",
  arb: "Arabic",
  cmn: "Chinese",
  jpn: "Japanese",
};
/** As the menu has it, where null cannot be a value. */
const EVERY_LANGUAGE = "every";

/** What is said when nobody asks anything, and how a person is reached. */
export function SmallTalk({ draft, refused }: SmallTalkProps) {
  const { contact, ownReplies } = draft.value;
  const set = (replies: OwnReply[]) => draft.set("ownReplies", replies);
  const next = nextReply(ownReplies);
  return html`<section class="form-section">
    <div>
      <h2>When nobody asks a question</h2>
      <p class="hint">Greetings, thanks, “who are you” and the like have a reply in the visitor's language; nothing is searched and no model is asked. They count as neither answered nor unanswered.</p>
    </div>
    <${TextField}
      label="Contact"
      maxLength=${LONGEST_CONTACT}
      placeholder="people@acme.example"
      help="Offered to whoever asks for a person: a mail address, a link, or a line such as a room or a number."
      value=${contact}
      insist
      error=${contactProblem(contact) ?? refused("contact")}
      onInput=${(text: string) => draft.set("contact", text)}
    />
    <div class="field" role="group" aria-label="Replies in your own words">
      <span class="label">Replies in your own words</span>
      <ul class="replies">
        ${ownReplies.map(
          (reply, at) => html`<${Reply}
            key=${at}
            reply=${reply}
            at=${at}
            wrong=${replyProblem(ownReplies, at) ?? refused(`ownReplies.${at}.text`)}
            change=${(changes: Partial<OwnReply>) => set(ownReplies.with(at, { ...reply, ...changes }))}
            remove=${() => set(ownReplies.toSpliced(at, 1))}
          />`,
        )}
      </ul>
      ${next && html`<div><${Button} small icon=${Plus} onClick=${() => set([...ownReplies, next])}>Add a reply<//></div>`}
      <${Below} help=${"{assistant}, {organisation}, {contact} and {topics} are filled in."} />
    </div>
  </section>`;
}

type ReplyProps = {
  reply: OwnReply;
  at: number;
  wrong: string | null;
  change: (changes: Partial<OwnReply>) => void;
  remove: () => void;
};

function Reply({ reply, at, wrong, change, remove }: ReplyProps) {
  const chosen = (event: Event) => (event.currentTarget as HTMLSelectElement).value;
  const setLanguage = (value: string) =>
    change({ language: value === EVERY_LANGUAGE ? null : (value as OwnReply["language"]) });
  return html`<li>
    <div class="reply-when">
      <select class="input" aria-label=${`When, reply ${at + 1}`} value=${reply.kind} onChange=${(event: Event) => change({ kind: chosen(event) as OwnReply["kind"] })}>
        ${Object.entries(KINDS).map(([kind, words]) => html`<option key=${kind} value=${kind}>${words}</option>`)}
      </select>
      <select class="input" aria-label=${`Language, reply ${at + 1}`} value=${reply.language ?? EVERY_LANGUAGE} onChange=${(event: Event) => setLanguage(chosen(event))}>
        <option value=${EVERY_LANGUAGE}>Every language</option>
        ${Object.entries(LANGUAGES).map(([language, name]) => html`<option key=${language} value=${language}>${name}</option>`)}
      </select>
      <${IconButton} icon=${X} label=${`Remove reply ${at + 1}`} onClick=${remove} />
    </div>
    <textarea
      class="input"
      rows="2"
      maxlength="500"
      dir="auto"
      aria-label=${`Reply ${at + 1}`}
      aria-invalid=${wrong ? "true" : undefined}
      value=${reply.text}
      onInput=${(event: InputEvent) => change({ text: (event.currentTarget as HTMLTextAreaElement).value })}
    ></textarea>
    ${wrong && html`<${Below} error=${wrong} />`}
  </li>`;
}

/** What keeps a reply from being saved, in words that say how to fix it. */
export function replyProblem(replies: readonly OwnReply[], at: number): string | null {
  const reply = replies[at];
  if (!reply?.text.trim()) return "Write what is answered, or remove the reply.";
  const isSame = (other: OwnReply) => other.kind === reply.kind && other.language === reply.language;
  return replies.findIndex(isSame) < at
    ? "There is a reply for this already. Choose another kind or language."
    : null;
}

/** An empty one for the first kind that has none for every language; null when all have. */
function nextReply(replies: readonly OwnReply[]): OwnReply | null {
  const kinds = Object.keys(KINDS) as OwnReply["kind"][];
  const kind = kinds.find((each) => !replies.some((reply) => reply.kind === each && reply.language === null));
  return kind === undefined ? null : { kind, language: null, text: "" };
}
