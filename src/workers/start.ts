/** Starting the code that runs off the main thread, from source and from inside the binary. */

/** Every file of this folder that runs as a Worker. build.ts makes each an entry point of the binary. */
export const WORKERS = ["search-worker", "embedding-worker", "rerank-worker", "vector-worker"] as const;

export type WorkerName = (typeof WORKERS)[number];

/** A running Worker, which keeps the process alive until it is terminated. */
export function startWorker(name: WorkerName): Worker {
  return new Worker(workerUrl(name), { name });
}

/** In the binary all code of the main thread is one module, one level above the workers' own. */
function workerUrl(name: WorkerName): URL {
  const path = Bun.isStandaloneExecutable ? `./workers/${name}.js` : `./${name}.ts`;
  return new URL(path, import.meta.url);
}
