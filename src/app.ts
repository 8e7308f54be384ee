/** Composition root: configuration → store, workers, providers → services' dependencies → HTTP. In the order things happen. */

import { uptime } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { machineHosts, visitorOrigins } from "./commands/own-addresses.ts";
import type { Config } from "./config.ts";
import type { Log, Settings } from "./deps.ts";
import { createEgress } from "./egress/egress.ts";
import type { AppEnv, HttpDeps } from "./http/env.ts";
import { createHttpApp } from "./http/server.ts";
import { createSessionWatch } from "./http/session-watch.ts";
import { createSocketRegistry } from "./http/socket-registry.ts";
import { embeddedAssets } from "./native/assets.ts";
import { ensureDevelopmentAssets, sampleDocuments } from "./native/embedded.ts";
import { installNativeParts } from "./native/native.ts";
import { createProviderFactory, LLM_PROVIDERS, VENDOR_HOSTS } from "./providers/catalog.ts";
import { createEmbeddings, EMBEDDING_SERVERS } from "./providers/embedding-catalog.ts";
import { createRerankers } from "./providers/rerankers.ts";
import { extractAnswer } from "./rag/extract.ts";
import { keyFileMadeAt, openMasterKey } from "./secrets/key-file.ts";
import { openSecrets } from "./secrets/seal.ts";
import { createTokens } from "./secrets/tokens.ts";
import { createLimits } from "./services/access/limits.ts";
import { createRejections } from "./services/access/rejections.ts";
import { createRunningTurns, drainAnswers } from "./services/chat/ask.ts";
import { createLiveStreams } from "./services/chat/live-stream.ts";
import { createPartialTexts } from "./services/chat/partial-texts.ts";
import { createPendingWrites } from "./services/chat/pending-writes.ts";
import { endUnfinishedAnswers } from "./services/chat/unfinished.ts";
import { JOB_HANDLERS } from "./services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "./services/jobs/queue.ts";
import { createSteadyClock, watchClock } from "./services/operations/clock.ts";
import { sweepFiles } from "./services/operations/file-sweep.ts";
import { createHealth } from "./services/operations/health.ts";
import { createLiveEvents } from "./services/operations/live-events.ts";
import { createOutbox } from "./services/operations/outbox.ts";
import { createDenseSearch } from "./services/retrieval/dense.ts";
import { createReranking } from "./services/retrieval/reranking.ts";
import { openFiles } from "./store/files.ts";
import { lockDataDirectory } from "./store/lock.ts";
import { refuseLostDatabase } from "./store/lost-database.ts";
import { databasePath, openStore } from "./store/open.ts";
import { createTools } from "./tools/catalog.ts";
import { VERSION } from "./version.ts";
import { createLocalModels } from "./workers/local-models.ts";
import { openParser } from "./workers/parser.ts";

export type App = {
  http: Hono<AppEnv>;
  /** What a first admin enters off this machine; null once setup is done. */
  setupToken: string | null;
  /** The port is known only once the server listens. */
  listensOn(port: number): void;
  /** Takes no new work, lets running answers finish for a while, and releases everything. */
  stop(): Promise<void>;
};

const STOP_GRACE_MS = 20_000;

/** Opens everything under the data directory and composes the application. Serving is the caller's. */
export async function openApp(config: Config, log: Log): Promise<App> {
  const monotonicNow = () => performance.now();
  const clock = createSteadyClock({ wall: Date.now, monotonic: monotonicNow, uptime });
  const { now } = clock;
  const native = await installNativeParts(config.data);
  const lock = lockDataDirectory(config.data, native.sqliteBinding);
  const found = await refuseLostDatabase(config.data, {
    path: databasePath(config.data),
    nativeBinding: native.sqliteBinding,
  });

  const keyPlace = { dataDirectory: config.data, given: config.secretKey };
  const masterKey = openMasterKey({
    ...keyPlace,
    isNeeded: () => found === "never-set-up" || found === "in-use",
  });
  const secrets = await openSecrets(masterKey);
  const store = await openStore({ url: null, dataDirectory: config.data, native, secrets, now, log });
  const state: { queue: JobQueue | null; stopping: boolean } = { queue: null, stopping: false };
  const wakeQueue = () => state.queue?.wake();
  const outbox = createOutbox([], wakeQueue);
  const clockWatch = await watchClock({ store, log, clock });
  await endUnfinishedAnswers({ store, outbox, now });
  await ensureDevelopmentAssets();

  const files = await openFiles(join(config.data, "files"));
  await sweepFiles({ store, files, log, now }, keyFileMadeAt(keyPlace));
  const tokens = createTokens(masterKey);
  const parser = openParser({ command: parserCommand(), log });
  let port = config.port;
  const egress = createEgress({
    log,
    offline: config.offline,
    restricted: config.restrictEgress,
    allow: config.egressAllow,
    vendorHosts: VENDOR_HOSTS,
    ownAddresses: () => machineHosts().map((host) => ({ host, port })),
  });
  const models = createLocalModels(config.data, native);
  await models.sweep();
  const embeddings = createEmbeddings({
    ...{ egress, now, log },
    openLocal: (name) => models.open(name),
    localModels: () => models.list(),
  });
  const live = createLiveEvents(log);
  const dense = createDenseSearch({ store, embeddings, live, log, now });
  const reranker = createRerankers({ openLocal: (name) => models.openReranker(name), log });
  const reranking = createReranking({ store, reranker, live, log, now });
  const streams = createLiveStreams({ store, log, monotonicNow });
  const running = createRunningTurns();
  const pendingWrites = createPendingWrites(log);
  const partialTexts = createPartialTexts({ store, log });
  const rejections = createRejections({ store, now, log });
  const health = await createHealth({ store, log });
  const sockets = createSocketRegistry();
  const sessionWatch = createSessionWatch({ store, tokens, now, log });
  // Only in memory: a new one at each start, until there is an admin. Hexadecimal, to be typed from a console.
  const setupToken = (await store.instance.initialised())
    ? null
    : tokens.hash(tokens.random("")).slice(0, 32);

  const deps: HttpDeps = {
    ...{ store, files, parser, tokens, live, outbox, log, now, monotonicNow },
    ...{ streams, running, pendingWrites, partialTexts, sockets, sessionWatch, wakeQueue },
    ...{ embeddings, modelFolder: models, dense, reranker, reranking },
    chatProvider: createProviderFactory({ egress, extract: extractAnswer, now, log }),
    providerCatalog: { llm: LLM_PROVIDERS, embeddings: EMBEDDING_SERVERS },
    tools: createTools([]),
    settings: toSettings(config),
    limits: createLimits(monotonicNow),
    rejections,
    health,
    assets: embeddedAssets,
    samples: sampleDocuments,
    setupToken: () => setupToken,
    ownHosts: () => new Set([...machineHosts(), "localhost"]),
    visitorOrigins: () => visitorOrigins(config, port),
    stopping: () => state.stopping,
  };
  state.queue = await startQueue(deps, JOB_HANDLERS);
  void Promise.all([dense.prepare(), reranking.prepare()]);

  return {
    http: createHttpApp(deps),
    setupToken,
    listensOn(actualPort) {
      port = actualPort;
    },
    async stop() {
      state.stopping = true;
      await Promise.all([state.queue?.stop(), drainAnswers(running, STOP_GRACE_MS)]);
      await Promise.all([pendingWrites.close(), partialTexts.close(), rejections.flush()]);
      clockWatch.stop();
      health.stop();
      sockets.closeWhere(() => true, 1012, "Parley restarts");
      streams.close();
      await parser.close();
      embeddings.close();
      reranking.close();
      await store.close();
      lock.release();
    },
  };
}

/** Parley runs itself again for the parser: from the binary, or from source. */
function parserCommand(): string[] {
  const program = Bun.isStandaloneExecutable
    ? [process.execPath]
    : [process.execPath, join(import.meta.dir, "main.ts")];
  return [...program, "internal", "parse"];
}

function toSettings(config: Config): Settings {
  return {
    version: VERSION,
    publicUrl: config.publicUrl,
    offline: config.offline,
    // Behind a proxy that ends TLS, the browser's connection is encrypted all the same.
    tls: config.tlsCert !== null || config.publicUrl?.protocol === "https:",
    trustedProxies: config.trustedProxy,
    limits: config.limits,
  };
}
