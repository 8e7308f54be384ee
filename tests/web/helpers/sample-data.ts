import type { Me } from "../../../src/protocol/admin-api/access.ts";
import type {
  AdminMessageView,
  ConversationDetail,
  ConversationView,
  TraceView,
  TriedAnswer,
} from "../../../src/protocol/admin-api/conversations.ts";
import type { Dashboard } from "../../../src/protocol/admin-api/dashboard.ts";
import type {
  ChunkView,
  DocumentView,
  JobView,
  SearchHitView,
  SourceView,
} from "../../../src/protocol/admin-api/knowledge.ts";
import type { LlmConfigView } from "../../../src/protocol/admin-api/llm.ts";
import type { TenantView } from "../../../src/protocol/admin-api/tenants.ts";
import type { WidgetConfigView } from "../../../src/protocol/admin-api/widget.ts";

/** Canned answers of the fake server: what a small logistics company would have. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const before = (ms: number) => new Date(Date.now() - ms).toISOString();

export const aMe = (loopback = true): Me => ({
  user: { id: "usr_1", name: "Fiona Marsh", email: "fiona@acme.example", operator: true },
  memberships: [
    { tenant: { id: "ten_1", name: "Acme Logistics", slug: "acme-logistics" }, role: "owner" },
    { tenant: { id: "ten_2", name: "Acme Legal", slug: "acme-legal" }, role: "admin" },
  ],
  instance: {
    version: "0.1.0",
    tls: false,
    offline: false,
    loopback,
    origins: ["http://chat-server:8080", "http://10.0.4.17:8080"],
  },
});

export function aSource(given: Partial<SourceView> = {}): SourceView {
  return {
    id: "src_1",
    title: "Travel policy",
    filename: "travel-policy.docx",
    sourceType: "docx",
    status: "ready",
    progress: null,
    stage: null,
    errorCode: null,
    errorMessage: null,
    warnings: [],
    documentCount: 1,
    failedCount: 0,
    chunkCount: 61,
    pageCount: 14,
    byteSize: 212_000,
    tags: ["hr"],
    createdAt: before(2 * DAY),
    updatedAt: before(2 * HOUR),
    ...given,
  };
}

export const SOURCES: SourceView[] = [
  aSource({
    id: "src_0",
    title: "Handbook 2026",
    filename: "Handbook 2026.pdf",
    sourceType: "pdf",
    status: "processing",
    progress: 0.58,
    stage: "Reading page 86 of 148",
    chunkCount: 0,
    pageCount: 148,
    byteSize: 9_400_000,
    tags: ["hr", "public"],
    updatedAt: before(1000),
  }),
  aSource(),
  aSource({
    id: "src_2",
    title: "Price list Q4",
    filename: "price-list-q4.csv",
    sourceType: "csv",
    chunkCount: 48,
    pageCount: null,
    byteSize: 1_800_000,
    tags: [],
    updatedAt: before(20 * HOUR),
  }),
  aSource({
    id: "src_3",
    title: "Lease contract Rotterdam",
    filename: "Lease contract Rotterdam.pdf",
    sourceType: "pdf",
    warnings: ["Pages 3 to 9 are scans without text. Parley cannot quote them."],
    chunkCount: 11,
    pageCount: 12,
    byteSize: 4_100_000,
    tags: [],
    updatedAt: before(26 * HOUR),
  }),
  aSource({
    id: "src_4",
    title: "Board minutes",
    filename: "Board minutes.pdf",
    sourceType: "pdf",
    status: "failed",
    failedCount: 1,
    errorCode: "ENCRYPTED",
    errorMessage: "The file is protected with a password. Upload an unlocked copy.",
    chunkCount: 0,
    pageCount: null,
    byteSize: 880_000,
    tags: [],
    updatedAt: before(3 * DAY),
  }),
  aSource({
    id: "src_5",
    title: "Datenschutzgrundverordnungsverarbeitungsverzeichnis der Niederlassung Rotterdam",
    filename: "datenschutzgrundverordnungsverarbeitungsverzeichnis-2026-final-final.md",
    sourceType: "markdown",
    pageCount: null,
    chunkCount: 204,
    byteSize: 96_000,
    updatedAt: before(40 * DAY),
  }),
  aSource({
    id: "src_6",
    title: "Canteen",
    filename: "canteen.html",
    sourceType: "html",
    status: "queued",
    chunkCount: 0,
    pageCount: null,
    byteSize: 12_000,
    tags: [],
    updatedAt: before(3000),
  }),
];

/** What an archive becomes: two hundred documents, of which some could not be read. */
export const ARCHIVE = aSource({
  id: "src_7",
  title: "Personalhandbuch und Betriebsvereinbarungen",
  filename: "Personalhandbuch und Betriebsvereinbarungen 2026.zip",
  sourceType: null,
  documentCount: 200,
  failedCount: 10,
  chunkCount: 2_280,
  pageCount: null,
  byteSize: 61_000_000,
  tags: [],
  updatedAt: before(5 * DAY),
});

export function someDocuments(source: SourceView): DocumentView[] {
  return Array.from({ length: source.documentCount }, (_, at) => {
    const failed = at % 20 === 3;
    const long = at % 7 === 2;
    return {
      id: `doc_${at + 1}`,
      source: source.id,
      title: long ? `Arbeitszeitflexibilisierungsrahmenvereinbarung ${at + 1}` : `Circular ${at + 1}`,
      filename: long
        ? `arbeitszeitflexibilisierungsrahmenvereinbarung-${at + 1}.docx`
        : `circular-${at + 1}.pdf`,
      format: long ? "docx" : "pdf",
      status: failed ? "failed" : "ready",
      progress: null,
      stage: null,
      errorCode: failed ? "ENCRYPTED" : null,
      errorMessage: failed ? "The file is protected with a password. Upload an unlocked copy." : null,
      warnings: [],
      chunkCount: failed ? 0 : 12,
      pageCount: failed || long ? null : 4,
      byteSize: 305_000,
      createdAt: before(5 * DAY),
      updatedAt: before(5 * DAY),
    };
  });
}

/** 10,000 rows, made on demand: a list must not care. */
export function crowdedSources(): SourceView[] {
  return Array.from({ length: 10_000 }, (_, at) => {
    const like = SOURCES[at % SOURCES.length] ?? aSource();
    return {
      ...like,
      id: `src_c${at}`,
      title: `${like.title} ${at + 1}`,
      updatedAt: before(at * 7 * MINUTE),
    };
  });
}

export function someChunks(count: number): ChunkView[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `chk_${at}`,
    document: "doc_1",
    ordinal: at,
    content:
      "In Zurich the nightly limit is 190 euros including tax. Anything above needs approval before booking, " +
      "by the owner of the cost centre. A trade fair week may be booked up to 260 euros without approval.",
    headingPath: ["Hotels", at % 3 === 0 ? "Limits by city" : "Approval"],
    page: 6 + Math.floor(at / 3),
    language: "en",
    tokenCount: 48 + at,
  }));
}

export const HITS: SearchHitView[] = [
  {
    chunk: "chk_1",
    source: "src_1",
    document: "doc_1",
    title: "Travel policy",
    headingPath: ["Hotels", "Limits by city"],
    page: 6,
    text: "In Zurich the nightly limit is 190 euros including tax. Anything above needs approval before booking.",
    score: 0.97,
    lexical: 11.2,
    dense: null,
    fused: 1.84,
    rerank: null,
    kept: true,
    reason: "kept: all words of the question",
  },
  {
    chunk: "chk_2",
    source: "src_2",
    document: "doc_2",
    title: "Price list Q4",
    headingPath: [],
    page: null,
    text: "City: Zurich; Season: trade fair; Limit: 260",
    score: 0.41,
    lexical: 7.4,
    dense: null,
    fused: 0.97,
    rerank: null,
    kept: false,
    reason: "below the threshold",
  },
];

export const JOBS: JobView[] = [
  {
    id: "job_1",
    kind: "ingest",
    subject: "doc_0",
    title: "Handbook 2026.pdf",
    shown: true,
    state: "running",
    progress: 0.58,
    stage: "Reading page 86 of 148",
    errorMessage: null,
    createdAt: before(MINUTE),
    updatedAt: before(1000),
  },
  {
    id: "job_2",
    kind: "ingest",
    subject: "src_6",
    title: "canteen.html",
    shown: true,
    state: "queued",
    progress: 0,
    stage: null,
    errorMessage: null,
    createdAt: before(3000),
    updatedAt: before(3000),
  },
];

export const DASHBOARD: Dashboard = {
  checklist: {
    knowledge: { done: true, ready: 4, processing: 2, failed: 1 },
    ask: { done: true, questions: 318 },
    embed: { done: false, origins: [] },
    model: { done: false, provider: "extractive", model: "" },
  },
  week: {
    conversations: 1284,
    questions: 2011,
    answered: 1838,
    abstained: 160,
    failed: 13,
    firstTokenMsP50: 410,
    questionsByDay: [210, 260, 301, 280, 340, 120, 500],
  },
  unanswered: [
    {
      conversation: "cnv_2",
      question: "How do I get the new badge for the Rotterdam site?",
      nearest: "Site access policy, p. 4",
    },
    {
      conversation: "cnv_3",
      question: "Does the travel insurance cover private days?",
      nearest: "Travel policy, p. 11",
    },
    { conversation: "cnv_4", question: "VPN on a personal phone", nearest: null },
  ],
};

export const EMPTY_DASHBOARD: Dashboard = {
  checklist: {
    knowledge: { done: false, ready: 0, processing: 0, failed: 0 },
    ask: { done: false, questions: 0 },
    embed: { done: false, origins: [] },
    model: { done: false, provider: "extractive", model: "" },
  },
  week: {
    conversations: 0,
    questions: 0,
    answered: 0,
    abstained: 0,
    failed: 0,
    firstTokenMsP50: null,
    questionsByDay: [0, 0, 0, 0, 0, 0, 0],
  },
  unanswered: [],
};

export const LLM: LlmConfigView = {
  ...{ id: "llm_01ARZ3NDEKTSV4RRFFQ69G5FAA", name: "Default", isDefault: true },
  ...{ contextTokens: null, inputPrice: null, outputPrice: null, tls: null, proxy: null, headers: {} },
  ...{ capabilities: null, testedAt: null },
  provider: "extractive",
  baseUrl: null,
  addressProblem: null,
  apiKey: { set: false, last4: null },
  keyProblem: null,
  model: "",
  temperature: 0.2,
  maxTokens: 1024,
  systemPrompt: "",
  defaultSystemPrompt:
    "You are {assistant_name}, the assistant of {company_name}. Answer only from the passages below and cite them.\n\n{retrieved_chunks}",
  updatedAt: before(DAY),
};

export const OPENAI_LLM: LlmConfigView = {
  ...LLM,
  provider: "openai",
  baseUrl: "http://llm.acme.example:8000/v1",
  apiKey: { set: true, last4: "7Qx2" },
  model: "llama-3.1-70b-instruct",
};

export const WIDGET: WidgetConfigView = {
  displayName: "Ask Acme",
  subtitle: "Answers from Acme's handbook",
  greeting: "Hello. Ask me about travel, leave or IT, and I will show you where it is written.",
  primaryColor: "#0b6b60",
  theme: "auto",
  position: "bottom-right",
  logoUrl: null,
  allowedDomains: ["https://intranet.acme.example", "*.acme.example"],
  suggestedQuestions: ["What may I spend on a hotel?", "How do I request leave?"],
  contact: "people@acme.example",
  ownReplies: [{ kind: "greeting", language: "deu", text: "Moin. Was darf es sein?" }],
  embedKey: "pk_3f9a2c7d51e84b06",
  seenOrigins: ["https://intranet.acme.example"],
};

export const TENANT: TenantView = {
  id: "ten_1",
  name: "Acme Logistics",
  slug: "acme-logistics",
  embedKey: "pk_3f9a2c7d51e84b06",
  createdAt: before(30 * DAY),
};

export function aConversation(given: Partial<ConversationView> = {}): ConversationView {
  return {
    id: "cnv_1",
    title: "What may I spend on a hotel in Zurich, and who approves more?",
    source: "widget",
    visitor: { id: "ses_1", name: "Jon Bede", email: "jon@acme.example" },
    page: { url: "https://intranet.acme.example/travel", title: "Travelling for Acme" },
    messageCount: 4,
    lastOutcome: "answered",
    ...{ flagged: false, flagReason: null, note: null, starred: false, legalHold: false },
    ...{ languages: ["eng"], providers: ["openai"] },
    createdAt: before(HOUR),
    updatedAt: before(12 * MINUTE),
    ...given,
  };
}

export const CONVERSATIONS: ConversationView[] = [
  aConversation(),
  aConversation({
    id: "cnv_2",
    title: "How do I get the new badge for the Rotterdam site?",
    visitor: null,
    messageCount: 2,
    lastOutcome: "abstained",
    ...{ flagged: true, flagReason: "The badge office moved last week", starred: true },
    updatedAt: before(3 * HOUR),
  }),
  aConversation({
    id: "cnv_3",
    title: "Does the travel insurance cover private days?",
    page: null,
    messageCount: 2,
    lastOutcome: "failed",
    updatedAt: before(30 * HOUR),
  }),
  aConversation({
    id: "cnv_4",
    title: "VPN on a personal phone",
    visitor: null,
    messageCount: 6,
    lastOutcome: "interrupted",
    updatedAt: before(4 * DAY),
  }),
];

export function crowdedConversations(): ConversationView[] {
  return Array.from({ length: 10_000 }, (_, at) => {
    const like = CONVERSATIONS[at % CONVERSATIONS.length] ?? aConversation();
    return { ...like, id: `cnv_c${at}`, updatedAt: before(at * 3 * MINUTE) };
  });
}

export const aMessage = (given: Partial<AdminMessageView>): AdminMessageView => ({
  id: "msg_1",
  role: "assistant",
  content: "",
  citations: [],
  status: "complete",
  abstained: false,
  nearest: [],
  smallTalk: null,
  followUps: [],
  lookup: null,
  confirmations: [],
  language: "eng",
  rating: null,
  errorCode: null,
  createdAt: before(12 * MINUTE),
  ...given,
});

export const DETAIL: ConversationDetail = {
  conversation: aConversation(),
  messages: [
    aMessage({
      id: "msg_1",
      role: "user",
      content: "What may I spend on a hotel in Zurich, and who approves more?",
    }),
    aMessage({
      id: "msg_2",
      content:
        "In Zurich the nightly limit is **190 euros** including tax [1]. Anything above needs approval **before booking**, by your cost-centre owner [2].\n\n- A trade fair week may be booked up to 260 euros [1]\n- Breakfast is part of the limit\n\nMore on [the travel page](https://intranet.acme.example/travel) and ![a picture](https://elsewhere.example/x.png).",
      rating: "helpful",
      citations: [
        {
          kind: "passage",
          n: 1,
          chunk: "chk_1",
          source: "src_1",
          title: "Travel policy",
          page: 6,
          headingPath: ["Hotels", "Limits by city"],
          text: "In Zurich the nightly limit is 190 euros including tax. Anything above needs approval before booking, by the owner of the cost centre.",
        },
        {
          kind: "passage",
          n: 2,
          chunk: "chk_2",
          source: "src_2",
          title: "Cost centres",
          headingPath: ["Owners"],
          text: "Cost centre 4471, Sales Europe: Fiona Marsh",
        },
      ],
    }),
    aMessage({ id: "msg_3", role: "user", content: "And breakfast?" }),
    aMessage({
      id: "msg_4",
      content:
        "Breakfast is part of the limit if the hotel lists it on the room bill; otherwise it comes out of the daily allowance [1].",
      citations: [
        {
          kind: "passage",
          n: 1,
          chunk: "chk_1",
          source: "src_1",
          title: "Travel policy",
          page: 6,
          headingPath: ["Hotels"],
          text: "Breakfast counts towards the limit when it is on the room bill.",
        },
      ],
    }),
  ],
};

export const TRACE: TraceView = {
  question: "And breakfast?",
  rewrittenQuery: "hotel Zurich breakfast included nightly limit",
  candidates: [
    ["chk_1", "Travel policy", ["Hotels"], 6, 11.2, 0.97, true, "kept: all words of the question"],
    ["chk_2", "Cost centres", ["Owners"], null, 8.9, 0.88, true, "kept: all words of the question"],
    ["chk_3", "Travel policy 2023", ["Hotels"], 5, 10.8, 0.82, false, "nearly the same text as a better one"],
    ["chk_4", "Canteen", ["Zurich"], null, 4.1, 0.39, false, "below the threshold"],
  ].map(([chunk, title, headingPath, page, lexical, relevance, kept, reason]) => ({
    chunk: String(chunk),
    source: "src_1",
    title: String(title),
    headingPath: headingPath as string[],
    page: page as number | null,
    excerpt: "Breakfast counts towards the limit when it is on the room bill.",
    lexical: Number(lexical),
    dense: null,
    fused: Number(relevance),
    rerank: null,
    relevance: Number(relevance),
    kept: kept === true,
    reason: String(reason),
  })),
  provider: "ollama",
  model: "llama3.1",
  host: "127.0.0.1:11434",
  prompt: [
    { role: "system", content: "You are Ask Acme. Answer only from the passages below." },
    { role: "user", content: "And breakfast?" },
  ],
  toolCalls: [],
  usage: { inputTokens: 1912, outputTokens: 143 },
  timings: { rewriteMs: 6, retrieveMs: 19, firstTokenMs: 240, generateMs: 1020, totalMs: 1052 },
  outcome: { status: "complete", code: null, reason: null },
};

/** What a visitor would be answered to `question`. */
export function triedAnswer(question: string): TriedAnswer {
  const [, answered] = DETAIL.messages;
  if (question === "hello")
    return {
      answer: aMessage({ content: "Hello. What can I help you find?", smallTalk: "greeting" }),
      trace: SMALL_TALK_TRACE,
    };
  if (question === "broken")
    return {
      answer: aMessage({ status: "failed", errorCode: "PROVIDER_UNREACHABLE" }),
      trace: {
        ...TRACE,
        outcome: { status: "failed", code: null, reason: "The model's server does not answer." },
      },
    };
  if (question === "nothing" || answered === undefined)
    return {
      answer: aMessage({ content: "I could not find an answer to that in the documents.", abstained: true }),
      trace: TRACE,
    };
  const followUps = [
    "How much may a hotel in Zurich cost for employees?",
    "How much may a hotel in Zurich cost for guests?",
  ];
  return {
    answer: { ...answered, rating: null, followUps: question === "Hotel?" ? followUps : [] },
    trace: TRACE,
  };
}

const SMALL_TALK_TRACE: TraceView = {
  ...TRACE,
  smallTalk: "greeting",
  outcome: {
    status: "complete",
    code: null,
    reason: "Small talk, no question: nothing was searched and no model was asked.",
  },
};

/** Where there is much of everything, there is a model and a reranker too. */
export const hitsOf = (scenario: string) => (scenario === "crowded" ? HITS.map(withMeaning) : HITS);
export const traceOf = (scenario: string): TraceView =>
  scenario === "crowded"
    ? { ...TRACE, ...MODEL_TRACE, candidates: [...TRACE.candidates, ...farCandidates()].map(withMeaning) }
    : TRACE;

/** What a model adds: other words to search by, and sentences to doubt. */
const MODEL_TRACE: Pick<TraceView, "wordings" | "support"> = {
  wordings: [
    "Gehört das Frühstück zur Obergrenze für Hotels?",
    "accommodation allowance, per diem, room bill",
  ],
  support: [
    { text: "Breakfast is part of the limit [1].", n: 1, words: 0.9, meaning: null, verdict: "supported" },
    {
      ...{ text: "Minibar and laundry are paid as well.", n: null, words: 0.2, meaning: 0.1 },
      verdict: "unsupported",
    },
  ],
};

function farCandidates(): TraceView["candidates"] {
  const [last] = TRACE.candidates.slice(-1) as [TraceView["candidates"][number]];
  return Array.from({ length: 12 }, (_, n) => ({ ...last, chunk: `chk_far_${n}`, title: `Notice ${n + 1}` }));
}

function withMeaning<Scored extends { dense: number | null; fused: number; rerank: number | null }>(
  scored: Scored,
  at: number,
): Scored {
  return {
    ...scored,
    dense: at === 1 ? null : 0.83 - at / 20,
    fused: 0.0328 - at / 900,
    rerank: 0.98 - at / 4,
  };
}
