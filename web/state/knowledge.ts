import { signal } from "@preact/signals";
import type { SourcePage, SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { asApiError, isAbort } from "../api/client.ts";
import {
  listSources,
  removeSource,
  restoreSource,
  type SourceFilter,
  uploadSource,
} from "../api/knowledge.ts";
import { count } from "../format.ts";
import { createList } from "./list.ts";
import { addressed } from "./list-address.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { tenantId } from "./session.ts";
import { toast, toastError } from "./toasts.ts";

export const sources = addressed(
  createList<SourceView, SourceFilter>({ status: null, q: "", sort: "newest" }, (filter, cursor, abort) =>
    readSources(filter, cursor, abort),
  ),
  "knowledge",
  {
    status: ["queued", "processing", "ready", "failed"],
    sort: ["newest", "oldest", "title", "size"],
  },
);

/** How many sources there are by status; null until the first answer. For filters, rail and status line. */
export const sourceCounts = signal<SourcePage["counts"] | null>(null);

/** Every answer about sources carries the counts of all of them, whatever its filter. */
async function readSources(...wanted: Parameters<typeof listSources>): Promise<SourcePage> {
  const tenant = tenantId.peek();
  const page = await listSources(...wanted);
  if (tenant === tenantId.peek()) sourceCounts.value = page.counts;
  return page;
}

/** Frames come in bursts; counts and new rows follow at most twice a second. */
const CATCH_UP_MS = 500;
let catchUpTimer: ReturnType<typeof setTimeout> | undefined;
let catchUpAsked = false;
let rowsAsked = false;

/** Reads the counts, and with `rows` the list, now or soon when that was done a moment ago. */
export function refreshCounts(rows = false): void {
  catchUpAsked = true;
  rowsAsked ||= rows;
  if (catchUpTimer === undefined) catchUp();
}

function catchUp(): void {
  catchUpTimer = setTimeout(() => {
    catchUpTimer = undefined;
    if (catchUpAsked) catchUp();
  }, CATCH_UP_MS);
  const reading = rowsAsked ? sources.refresh() : readSources({ limit: 1 }, null);
  catchUpAsked = false;
  rowsAsked = false;
  // The counts are an ornament of the rail: the page itself reports that Parley cannot be reached.
  reading.catch(() => {});
}

/** Follows the live socket: rows change in place, new ones are fetched, counts follow. */
export function startKnowledge(): void {
  onFrame((frame) => {
    if (frame.type !== "source") return;
    // A first load that is on its way may be from before, and lack it.
    const known = sources.items.peek()?.some((row) => row.id === frame.source.id) ?? !sources.loading.peek();
    refreshCounts(!known && !frame.removed);
    const { status } = sources.filter.peek();
    const isOut = frame.removed || (status && frame.source.status !== status);
    sources.replace(frame.source.id, isOut ? null : frame.source);
  });
  liveEpoch.subscribe((epoch) => {
    if (epoch > 0 && sources.items.peek()) void sources.refresh();
  });
  tenantId.subscribe((id) => {
    sourceCounts.value = null;
    if (id) refreshCounts();
  });
}

/** Takes sources out of the list at once and offers Undo. */
export async function removeSources(removed: SourceView[]): Promise<void> {
  const ids = new Set(removed.map((source) => source.id));
  const [first] = removed;
  if (!first) return;
  sources.items.value = sources.items.peek()?.filter((row) => !ids.has(row.id)) ?? null;
  const undo = async () => {
    await inTurn(removed, (source) => restoreSource(source.id));
    await sources.refresh();
    refreshCounts();
  };
  try {
    await inTurn(removed, (source) => removeSource(source.id));
    const what = removed.length === 1 ? `“${first.title}”` : count(removed.length, "source");
    toast(`Deleted ${what}`, { label: "Undo", run: () => void undo().catch(toastError) });
  } catch (thrown) {
    toastError(thrown);
  }
  await sources.refresh();
  refreshCounts();
}

/** One after the other: a hundred calls at once would only queue up in the server. */
export async function inTurn<Item>(items: Item[], act: (item: Item) => Promise<unknown>): Promise<void> {
  for (const item of items) await act(item);
}

/** A file on its way to the server, or one that did not make it. */
export type Upload = {
  id: number;
  name: string;
  size: number;
  /** 0 to 1. */
  sent: number;
  state: "waiting" | "sending" | "failed";
  why: string | null;
  cancel: () => void;
};

export const uploads = signal<Upload[]>([]);

/** Two at a time keep a slow line busy without starving the page's own calls. */
const PARALLEL_UPLOADS = 2;
let nextUpload = 1;
/** The tenant is fixed when files are dropped: switching tenants must not redirect what is still waiting. */
type Waiting = { id: number; file: File; tenant: string; controller: AbortController };
const queue: Waiting[] = [];
let sending = 0;

export function addFiles(files: Iterable<File>): void {
  for (const file of files) {
    const id = nextUpload++;
    const controller = new AbortController();
    queue.push({ id, file, tenant: tenantId.peek(), controller });
    const cancel = () => {
      controller.abort();
      dismissUpload(id);
    };
    uploads.value = [
      ...uploads.value,
      { id, name: file.name, size: file.size, sent: 0, state: "waiting", why: null, cancel },
    ];
  }
  pump();
}

export function dismissUpload(id: number): void {
  uploads.value = uploads.value.filter((each) => each.id !== id);
}

function pump(): void {
  while (sending < PARALLEL_UPLOADS) {
    const next = queue.shift();
    if (!next) return;
    if (next.controller.signal.aborted) continue;
    sending++;
    void send(next).finally(() => {
      sending--;
      pump();
    });
  }
}

async function send({ id, file, tenant, controller: { signal } }: Waiting): Promise<void> {
  change(id, { state: "sending" });
  try {
    const source = await uploadSource(file, (sent) => change(id, { sent }), { signal, tenant });
    await sources.refresh();
    refreshCounts();
    const listed = sources.items.peek()?.some((row) => row.id === source.id);
    // A refused file has its row in the list unless a filter hides it: then it is told here.
    if (source.status === "failed" && !listed) fail(id, source.errorMessage ?? "The file was refused.");
    else dismissUpload(id);
  } catch (thrown) {
    if (!isAbort(thrown)) fail(id, asApiError(thrown).message);
  }
}

function fail(id: number, why: string): void {
  change(id, { state: "failed", why });
}

function change(id: number, part: Partial<Upload>): void {
  uploads.value = uploads.value.map((each) => (each.id === id ? { ...each, ...part } : each));
}
