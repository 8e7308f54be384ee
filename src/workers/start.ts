/** Starting the code that runs off the main thread, from source and from inside the binary. */

/** Every file that runs as a Worker, with its folder in src. build.ts makes each an entry point of the binary. */
export const WORKERS = {
  "embedding-worker": "workers",
  "rerank-worker": "workers",
  "writer-worker": "store/sqlite/threads",
  "reader-worker": "store/sqlite/threads",
  "term-worker": "store/sqlite/threads",
  "vector-worker": "store/sqlite/threads",
} as const;

export type WorkerName = keyof typeof WORKERS;

/** A running Worker, which keeps the process alive until it is terminated. */
export function startWorker(name: WorkerName): Worker {
  return new Worker(workerUrl(name), { name });
}

/** In the binary all code of the main thread is one module, at the root of what is src here. */
function workerUrl(name: WorkerName): URL {
  const path = `${WORKERS[name]}/${name}`;
  return new URL(Bun.isStandaloneExecutable ? `./${path}.js` : `../${path}.ts`, import.meta.url);
}
