/** Composition root: configuration → store, workers, providers → services' dependencies → HTTP. In the order things happen. */

import { uptime } from "node:os";
import type { Hono } from "hono";
import { createMachineHosts, visitorOrigins } from "./commands/own-addresses.ts";
import { openDataDirectory } from "./composition/data-directory.ts";
import { openDocumentParser } from "./composition/document-parser.ts";
import { openEgress } from "./composition/egress.ts";
import { openModels } from "./composition/models.ts";
import { toSettings } from "./composition/settings.ts";
import { openTools } from "./composition/tools.ts";
import type { Config } from "./config.ts";
import type { Log } from "./deps.ts";
import type { AppEnv, HttpDeps } from "./http/env.ts";
import { createHttpApp } from "./http/server.ts";
import { createSessionWatch } from "./http/session-watch.ts";
import { createSocketRegistry } from "./http/socket-registry.ts";
import { embeddedAssets } from "./native/assets.ts";
import { ensureDevelopmentAssets, sampleDocuments } from "./native/embedded.ts";
import { createLimits } from "./services/access/limits.ts";
import { createRejections } from "./services/access/rejections.ts";
import { createRunningTurns, drainAnswers } from "./services/chat/ask.ts";
import { endStartedCalls } from "./services/chat/confirmations.ts";
import { createLiveStreams } from "./services/chat/live-stream.ts";
import { createPartialTexts } from "./services/chat/partial-texts.ts";
import { createPendingWrites } from "./services/chat/pending-writes.ts";
import { createProgramConversations } from "./services/chat/programs.ts";
import { createSupportFinder } from "./services/chat/support.ts";
import { endUnfinishedAnswers } from "./services/chat/unfinished.ts";
import { JOB_HANDLERS } from "./services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "./services/jobs/queue.ts";
import { createSteadyClock, watchClock } from "./services/operations/clock.ts";
import { createHealth } from "./services/operations/health.ts";
import { createLiveEvents } from "./services/operations/live-events.ts";
import { createOutbox } from "./services/operations/outbox.ts";
import { createToolUses } from "./services/tools/tool-uses.ts";
import { createMcpResponder } from "./tools/mcp-server.ts";

export type App = {
  http: Hono<AppEnv>;
  /** What a first admin enters off this machine; null once setup is done. */
  setupToken: string | null;
  /** The port is known only once the server listens. */
  listensOn(port: number): void;
  /** Takes no new work, lets running answers finish for a while, and releases everything. */
  stop(): Promise<void>;
};

/** What is known or changes only after everything is composed. */
type State = { queue: JobQueue | null; port: number; stopping: boolean };

const STOP_GRACE_MS = 20_000;

/** Opens everything under the data directory and composes the application. Serving is the caller's. */
export async function openApp(config: Config, log: Log): Promise<App> {
  const monotonicNow = () => performance.now();
  const clock = createSteadyClock({ wall: Date.now, monotonic: monotonicNow, uptime });
  const { now } = clock;
  const state: State = { queue: null, port: config.port, stopping: false };
  const wakeQueue = () => state.queue?.wake();

  const { native, store, files, reserve, tokens, close } = await openDataDirectory(config, log, now);
  const outbox = createOutbox([], wakeQueue);
  const live = createLiveEvents(log);
  const clockWatch = await watchClock({ store, log, clock });
  await endUnfinishedAnswers({ store, outbox, now });
  await endStartedCalls({ store, outbox, live, log, now });
  const setupToken = await newSetupToken({ store, tokens });

  const parser = openDocumentParser(log);
  const ownHosts = createMachineHosts(monotonicNow);
  const { egress, egressList, egressLedger, outbound } = await openEgress({
    ...{ config, store, log, now, ownHosts },
    ownPort: () => state.port,
  });
  const models = await openModels({
    ...{ config, native, store, live, log, now, egress },
    ...{ hasRoom: reserve.hasRoom },
  });
  const tools = openTools({ store, now, live, egress, monotonicNow, version: toSettings(config).version });
  const streams = createLiveStreams({ store, log, monotonicNow });
  const running = createRunningTurns(config.limits.concurrentGenerations);
  const pendingWrites = createPendingWrites(log);
  const partialTexts = createPartialTexts({ store, log });
  const rejections = createRejections({ store, now, log });
  const toolUses = createToolUses({ store, log });
  const health = await createHealth({ store, files, log, hasRoom: reserve.hasRoom });
  const sockets = createSocketRegistry();
  await ensureDevelopmentAssets();

  const deps: HttpDeps = {
    ...models,
    ...tools,
    ...{ store, files, parser, tokens, live, outbox, log, now, monotonicNow, wakeQueue },
    ...{ streams, running, pendingWrites, partialTexts, rejections, toolUses, health, sockets },
    findSupport: createSupportFinder(models),
    ownHosts,
    ...{ egressList, egressLedger, outbound },
    settings: toSettings(config),
    limits: createLimits(monotonicNow),
    sessionWatch: createSessionWatch({ store, tokens, now, log }),
    programConversations: createProgramConversations(tokens.hash),
    mcpRespond: createMcpResponder(toSettings(config).version),
    assets: embeddedAssets,
    samples: sampleDocuments,
    setupToken: () => setupToken,
    visitorOrigins: () => visitorOrigins(config, state.port),
    stopping: () => state.stopping,
  };
  state.queue = await startQueue(deps, JOB_HANDLERS);
  void Promise.all([models.dense.prepare(), models.reranking.prepare()]);

  /** New work is refused, what runs may end, and what others use is closed after those who use it. */
  async function stop(): Promise<void> {
    state.stopping = true;
    await Promise.all([state.queue?.stop(), drainAnswers(running, STOP_GRACE_MS)]);
    await Promise.all([pendingWrites.close(), partialTexts.close(), rejections.flush(), toolUses.flush()]);
    for (const watch of [clockWatch, health]) watch.stop();
    sockets.closeWhere(() => true, 1012, "Parley restarts");
    await Promise.all([parser.close(), tools.databases.close(), tools.mcpClient.close()]);
    for (const part of [streams, models.embeddings, models.reranking]) part.close();
    await egressLedger.flush();
    await close();
  }

  const listensOn = (port: number) => {
    state.port = port;
  };
  return { http: createHttpApp(deps), setupToken, listensOn, stop };
}

/** Only in memory: a new one at each start, until there is an admin. Hexadecimal, to be typed from a console. */
async function newSetupToken({ store, tokens }: Pick<HttpDeps, "store" | "tokens">): Promise<string | null> {
  return (await store.instance.initialised()) ? null : tokens.hash(tokens.random("")).slice(0, 32);
}
