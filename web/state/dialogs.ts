import { signal } from "@preact/signals";

/** What stands over the page and wants an answer. One at a time. */
export type DialogRequest =
  | {
      kind: "confirm";
      title: string;
      text: string;
      action: string;
      /** Must be typed before the button works: only for what cannot be undone. */
      typed: string;
      run: () => Promise<void>;
    }
  | {
      kind: "prompt";
      title: string;
      label: string;
      help?: string;
      value: string;
      action: string;
      run: (value: string) => Promise<void>;
    }
  /** Something to read, with a command to take away. */
  | { kind: "tell"; title: string; text: string; command: string; after: string };

export const dialog = signal<DialogRequest | null>(null);
/** "Try a question", which any page can open. Holds the question to start with. */
export const tryPanel = signal<{ question: string } | null>(null);
export const paletteOpen = signal(false);

/** A golden question as it is being written: `id` null for a new one. */
export type QuestionDraft = {
  id: string | null;
  text: string;
  expected: { source: string; title: string; passage: string | null; gone: boolean }[];
  /** What should be found: null while nobody has said. */
  answer: "sources" | "nothing" | null;
};

/** The form for a golden question, which any page can open. */
export const questionDraft = signal<QuestionDraft | null>(null);

/** A synonym as it is being written, each side as one line: `id` null for a new one. */
export type SynonymDraft = { id: string | null; asked: string; written: string; bothWays: boolean };

/** The form for a new synonym, which any page can open. */
export const synonymDraft = signal<SynonymDraft | null>(null);

export function ask(request: DialogRequest): void {
  dialog.value = request;
}

export function openTryPanel(question = ""): void {
  tryPanel.value = { question };
}

/** Takes away whatever stands over the page. */
export function closeDialogs(): void {
  dialog.value = null;
  tryPanel.value = null;
  questionDraft.value = null;
  synonymDraft.value = null;
  paletteOpen.value = false;
}

/** Opens the form with what is known already, in place of whatever stands over the page. */
export function writeQuestion(known: Partial<QuestionDraft> = {}): void {
  closeDialogs();
  questionDraft.value = { id: null, text: "", expected: [], answer: null, ...known };
}

export function writeSynonym(known: Partial<SynonymDraft> = {}): void {
  closeDialogs();
  synonymDraft.value = { id: null, asked: "", written: "", bothWays: true, ...known };
}
