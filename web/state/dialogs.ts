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
  paletteOpen.value = false;
}
