/** Every call that the store takes, and which thread does it. */
import type { Store } from "../store.ts";

/** The nouns of the store; what else it has (`close`, …) belongs to the store as a whole. */
export type NounName = {
  [Name in keyof Store]: Store[Name] extends (...given: never) => unknown ? never : Name;
}[keyof Store];
export type Nouns = Pick<Store, NounName>;

/**
 * - `read`: a reader, from one state of the database. Microseconds to a few milliseconds.
 * - `scan`: the same, but it may look through a whole tenant, so it must not stand in front of a `read`.
 * - `search`: the same for the search, which people wait for, when the copies in memory cannot answer.
 * - `write`: the writer, in one commit with other writes that wait at the same time. It is done within one turn.
 * - `long`: the writer, in transactions of its own with turns for others in between.
 */
export type CallKind = "read" | "scan" | "search" | "write" | "long";

type Kinds = { readonly [Noun in NounName]: { readonly [Method in keyof Store[Noun]]: CallKind } };

/** A method that is missing here is a type error, so nobody can forget to say where it belongs. */
export const CALLS = {
  instance: { initialised: "read", madeAt: "read", initialise: "write" },
  tenants: { create: "write", get: "read", findByEmbedKey: "read", list: "read", update: "write" },
  users: {
    find: "read",
    findByEmail: "read",
    memberships: "read",
    findRole: "read",
    replacePassword: "write",
  },
  adminSessions: {
    create: "write",
    find: "read",
    touch: "write",
    remove: "write",
    removeExpired: "write",
  },
  throttles: { hit: "write", peek: "read", clear: "write" },
  clock: { move: "write", settle: "write" },
  llmConfigs: {
    getDefault: "read",
    replaceDefault: "write",
    all: "read",
    chain: "read",
    get: "read",
    create: "write",
    update: "write",
    recordTest: "write",
    replaceChain: "write",
    makeDefault: "write",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  usage: { sums: "scan" },
  widgets: { get: "read", replace: "write", logoFiles: "read", allAllowedDomains: "read" },
  sources: {
    create: "write",
    createUnlessKnown: "write",
    get: "read",
    list: "scan",
    counts: "scan",
    update: "write",
    remove: "write",
    restore: "write",
    filesToPurge: "read",
    purge: "long",
  },
  documents: {
    create: "write",
    get: "read",
    findByContentHash: "read",
    list: "scan",
    update: "write",
    requeue: "write",
    outdatedTenants: "scan",
    outdated: "read",
    outdatedCount: "scan",
    fileIds: "scan",
  },
  chunks: {
    replaceForDocument: "long",
    list: "read",
    findMany: "read",
    neighbours: "read",
    searchByTerms: "search",
    findByRows: "read",
    languages: "read",
    outline: "scan",
    sweep: "long",
  },
  embeddingIndexes: {
    list: "read",
    get: "read",
    findActive: "read",
    // Makes a table, which is no matter of a moment.
    create: "long",
    replaceKey: "write",
    coverage: "scan",
    chunksWithoutVector: "scan",
    sampleChunks: "scan",
    calibrate: "write",
    write: "long",
    markReady: "write",
    activate: "write",
    retire: "write",
    remove: "long",
    sweep: "long",
    searchByVector: "search",
  },
  indexUpkeep: {
    outdatedTenants: "read",
    outdatedCount: "scan",
    outdatedChunks: "scan",
    replaceTerms: "long",
    outdate: "long",
    forgetVectors: "long",
    removeOrphans: "long",
    scrub: "long",
    // FTS5's check is an insert, which only the writer can do.
    checkLexical: "long",
  },
  reranker: { findActive: "read", replace: "write" },
  jobs: {
    create: "write",
    createUnlessQueued: "write",
    claim: "write",
    update: "write",
    updateRunning: "write",
    requeueFailed: "write",
    releaseAll: "write",
    listActive: "read",
    find: "read",
    findLatest: "read",
    isDue: "read",
    nextDueAt: "read",
    waitingKinds: "read",
  },
  chatSessions: {
    create: "write",
    findByTokenHash: "read",
    update: "write",
    startConversation: "write",
    reserveSequence: "write",
    recentOrigins: "scan",
    removeEmpty: "write",
    removeSurplus: "write",
  },
  conversations: {
    get: "read",
    list: "scan",
    listIds: "scan",
    filterValues: "scan",
    mark: "write",
    messages: "read",
    transcripts: "scan",
    findMessage: "read",
    findTrace: "read",
    rate: "write",
    remove: "write",
    restore: "write",
    purge: "long",
    removeMany: "write",
    idsOfDeletion: "read",
    restoreMany: "write",
    purgeMany: "long",
    removeTraces: "write",
    statistics: "scan",
    unanswered: "scan",
  },
  turns: {
    acceptQuestion: "write",
    beginAnswer: "write",
    appendPartials: "write",
    finishAnswer: "write",
    unfinished: "read",
    interruptUnfinished: "write",
    recent: "read",
  },
  goldenQuestions: {
    save: "write",
    get: "read",
    list: "scan",
    counts: "scan",
    all: "scan",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  evaluations: {
    createRun: "write",
    getRun: "read",
    listRuns: "read",
    findRunBefore: "read",
    changeRun: "write",
    unasked: "scan",
    saveOutcomes: "write",
    outcomes: "read",
    allOutcomes: "scan",
  },
  credentials: {
    create: "write",
    get: "read",
    list: "read",
    update: "write",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  mcpServers: {
    create: "write",
    get: "read",
    list: "read",
    all: "read",
    update: "write",
    recordCheck: "write",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  connections: {
    create: "write",
    get: "read",
    list: "read",
    all: "read",
    update: "write",
    recordCheck: "write",
    replaceOutlines: "write",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  tools: {
    create: "write",
    get: "read",
    list: "read",
    enabled: "read",
    all: "read",
    update: "write",
    replaceParameters: "write",
    ofServer: "read",
    recordTrouble: "write",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  egress: { allowed: "read", replaceAllowed: "write", record: "write", uses: "scan" },
  toolCalls: { propose: "write", find: "read", start: "write", end: "write", started: "read" },
  toolUses: { record: "write", figures: "scan", latest: "read" },
  apiKeys: { create: "write", list: "read", findByHash: "read", touch: "write", remove: "write" },
  identitySecrets: { list: "read", touch: "write", replace: "write" },
  retention: { get: "read", replace: "write" },
  synonyms: {
    save: "write",
    get: "read",
    list: "read",
    count: "read",
    all: "read",
    remove: "write",
    restore: "write",
    purge: "write",
  },
  audit: { append: "write", list: "read" },
} as const satisfies Kinds;

/**
 * What is still written when only the reserve of the disk is left: what lets people in or out, changes a setting, takes
 * something away, and jobs, whose work decides for itself. Whatever makes the data grow is not among it.
 */
const MAY_USE_RESERVE: { readonly [Noun in NounName]?: readonly (keyof Store[Noun] & string)[] } = {
  instance: ["initialise"],
  tenants: ["update"],
  users: ["replacePassword"],
  adminSessions: ["create", "touch", "remove", "removeExpired"],
  throttles: ["hit", "clear"],
  clock: ["move", "settle"],
  llmConfigs: ["replaceDefault", "update", "replaceChain", "makeDefault", "remove", "restore", "purge"],
  widgets: ["replace"],
  sources: ["update", "remove", "restore", "purge"],
  chunks: ["sweep"],
  embeddingIndexes: ["replaceKey", "markReady", "activate", "retire", "remove", "sweep"],
  indexUpkeep: ["forgetVectors", "removeOrphans", "scrub", "checkLexical"],
  reranker: ["replace"],
  jobs: ["create", "createUnlessQueued", "claim", "update", "updateRunning", "requeueFailed", "releaseAll"],
  chatSessions: ["removeEmpty", "removeSurplus"],
  conversations: [
    "mark",
    "remove",
    "restore",
    "purge",
    "removeMany",
    "restoreMany",
    "purgeMany",
    "removeTraces",
  ],
  turns: ["interruptUnfinished"],
  goldenQuestions: ["remove", "restore", "purge"],
  connections: ["update", "recordCheck", "replaceOutlines", "remove", "restore", "purge"],
  tools: ["update", "remove", "restore", "purge"],
  apiKeys: ["touch", "remove"],
  identitySecrets: ["touch", "replace"],
  retention: ["replace"],
  synonyms: ["remove", "restore", "purge"],
  egress: ["replaceAllowed"],
  // What was done must be told, whatever room is left.
  toolCalls: ["start", "end"],
  credentials: ["update", "remove", "restore", "purge"],
  audit: ["append"],
};

export function mayUseReserve({ noun, method }: Pick<Call, "noun" | "method">): boolean {
  const methods: readonly string[] = MAY_USE_RESERVE[noun] ?? [];
  return methods.includes(method);
}

/** A call on its way to a thread. What is given must survive a structured clone. */
export type Call = {
  noun: NounName;
  method: string;
  given: readonly unknown[];
};

/** Objects with all methods of the port, each of which hands its call to `send`. */
export function nounsFrom(send: (kind: CallKind, call: Call) => Promise<unknown>): Nouns {
  const nouns = Object.entries(CALLS).map(([noun, kinds]) => {
    const methods = Object.entries(kinds).map(([method, kind]) => [
      method,
      (...given: unknown[]) => send(kind, { noun: noun as NounName, method, given }),
    ]);
    return [noun, Object.fromEntries(methods)];
  });
  // CALLS has exactly the port's methods, which the compiler has proven above.
  return Object.fromEntries(nouns) as Nouns;
}

/** What a thread does with a call: the method of its own nouns. */
export function calledOn(nouns: Nouns, { noun, method, given }: Call): Promise<unknown> {
  // The other thread made the call from CALLS, so the method is there and what is given is its own.
  const methods = nouns[noun] as unknown as Record<
    string,
    (...given: readonly unknown[]) => Promise<unknown>
  >;
  const called = methods[method];
  if (called === undefined) throw new TypeError(`The store has no ${noun}.${method}.`);
  return called(...given);
}

/**
 * What a call gives, there and then: within a transaction nobody may wait, or it would hold what others write, too.
 * @throws what the call throws; a TypeError for one that is not done
 */
export function givenAtOnce(promise: Promise<unknown>, { noun, method }: Call): unknown {
  const status = Bun.peek.status(promise);
  if (status === "fulfilled") return Bun.peek(promise);
  // Looked at here, so it is no rejection that nobody handles.
  promise.catch(() => {});
  if (status === "rejected") throw Bun.peek(promise);
  throw new TypeError(`${noun}.${method} waits for something, so CALLS must say that it is long.`);
}
