import { signal } from "@preact/signals";
import { asApiError } from "../api/client.ts";

export type Toast = {
  id: number;
  text: string;
  tone: "plain" | "bad";
  requestId: string | null;
  action: { label: string; run: () => void } | null;
};

/** Undo stays this long; the server keeps what was deleted for 30 s, so pressing it late still works. */
export const UNDO_MS = 10_000;
const PLAIN_MS = 5_000;

export const toasts = signal<Toast[]>([]);
let nextId = 1;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export function toast(text: string, action: Toast["action"] = null): void {
  show({ text, action, tone: "plain", requestId: null }, action ? UNDO_MS : PLAIN_MS);
}

/** Something that nobody asked for and that goes on: it stays until it was read. */
export function toastNotice(text: string, action: Toast["action"]): void {
  show({ text, action, tone: "plain", requestId: null }, null);
}

/** A failure that has no place of its own on the page. Stays until closed: it may hold a request id to copy. */
export function toastError(thrown: unknown): void {
  const error = asApiError(thrown);
  if (error.code === "UNAUTHENTICATED") return;
  show({ text: error.message, action: null, tone: "bad", requestId: error.requestId }, null);
}

export function closeToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** While somebody points at it or has the focus in it, a toast does not run away. */
export function holdToast(id: number): void {
  clearTimeout(timers.get(id));
}

export function releaseToast(id: number): void {
  if (timers.has(id)) expire(id, PLAIN_MS);
}

function show(toastWithoutId: Omit<Toast, "id">, forMs: number | null): void {
  const id = nextId++;
  toasts.value = [...toasts.value.slice(-2), { id, ...toastWithoutId }];
  if (forMs !== null) expire(id, forMs);
}

function expire(id: number, afterMs: number): void {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => closeToast(id), afterMs),
  );
}
