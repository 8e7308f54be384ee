/** A person in the backoffice: what a browser would send, with a cookie jar. */
import { API_SCOPES } from "../../src/domain/api-key.ts";
import type { Me } from "../../src/protocol/admin-api/access.ts";
import type { SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { requireAsDescribed } from "./described-answers.ts";
import { type FrameSocket, openSocket } from "./frames.ts";
import type { Parley } from "./parley.ts";

export const OWNER = {
  organisation: "Example Works",
  name: "Ada Owner",
  email: "ada@example.org",
  password: "seven quiet otters on a ferry",
};

export type Answer<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body };
export type UploadFile = { name: string; content: string | Uint8Array; type?: string };
type CallOptions = { headers?: Record<string, string>; body?: unknown };

export type AdminClient = {
  cookie: string | null;
  /** Sent as `x-parley-tenant` when set. */
  tenant: string | null;
  /** The answer as it is. A `body` that is no FormData is sent as JSON. */
  fetch(method: string, path: string, options?: CallOptions): Promise<Response>;
  /** Status and JSON body (null for none), which must be what the endpoint says it answers. */
  call<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** The body of a call that must succeed. */
  get<Body = Record<string, unknown>>(path: string): Promise<Body>;
  send<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Body>;
  setUp(changes?: Partial<typeof OWNER> & { token?: string }): Promise<Me>;
  signIn(email?: string, password?: string): Promise<Me>;
  /** A new key of a program, with every scope. */
  apiKey(): Promise<string>;
  upload(...files: UploadFile[]): Promise<Answer<{ items: SourceView[] }>>;
  /** Uploads one file and waits until it is searchable. */
  addDocument(name: string, content: string | Uint8Array): Promise<SourceView>;
  /** Resolves once the source has that status; rejects when it ends in another one. */
  waitForSource(id: string, status?: "ready" | "failed"): Promise<SourceView>;
  /** WS /ws/admin; its `ready` frame has been read. */
  live(): Promise<FrameSocket>;
};

export function adminClient(parley: Pick<Parley, "url">): AdminClient {
  const client: AdminClient = {
    cookie: null,
    tenant: null,

    async fetch(method, path, { headers = {}, body } = {}) {
      const isForm = body instanceof FormData;
      const answer = await fetch(`${parley.url}${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...(method !== "GET" && { origin: parley.url }),
          ...(client.cookie && { cookie: client.cookie }),
          ...(client.tenant && { "x-parley-tenant": client.tenant }),
          ...(body !== undefined && !isForm && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      });
      const set = answer.headers.getSetCookie().find((cookie) => cookie.includes("parley_session="));
      if (set) client.cookie = /Max-Age=0/i.test(set) ? null : (set.split(";")[0] ?? null);
      return answer;
    },

    async call<Body>(method: string, path: string, body?: unknown) {
      const answer = await client.fetch(method, path, body === undefined ? {} : { body });
      const text = await answer.text();
      const answered: unknown = text === "" ? null : JSON.parse(text);
      requireAsDescribed(method, path, answer.status, answered);
      return { status: answer.status, headers: answer.headers, body: answered as Body };
    },

    get: <Body>(path: string) => client.send<Body>("GET", path),

    async send<Body>(method: string, path: string, body?: unknown) {
      const answer = await client.call<Body>(method, path, body);
      if (answer.status >= 400)
        throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },

    setUp: (changes = {}) => client.send<Me>("POST", "/api/setup", { ...OWNER, ...changes }),

    signIn: (email = OWNER.email, password = OWNER.password) =>
      client.send<Me>("POST", "/api/auth/login", { email, password }),

    async apiKey() {
      const wanted = { name: "A program", scopes: API_SCOPES };
      return (await client.send<{ key: string }>("POST", "/api/admin/api-keys", wanted)).key;
    },

    upload: (...files) =>
      client.call<{ items: SourceView[] }>("POST", "/api/admin/knowledge/upload", formOf(files)),

    async addDocument(name, content) {
      const { body, status } = await client.upload({ name, content });
      const [source] = body.items;
      if (!source || status !== 202) throw new Error(`${name} was refused: ${JSON.stringify(body)}`);
      return client.waitForSource(source.id);
    },

    async waitForSource(id, status = "ready") {
      const socket = await client.live();
      let source = await client.get<SourceView>(`/api/admin/knowledge/${id}`);
      while (source.status !== status) {
        if (source.status === "ready" || source.status === "failed")
          throw new Error(`${source.filename} is ${source.status}: ${source.errorCode}`);
        const frame = await socket.next("source");
        if ((frame.source as SourceView).id === id) source = frame.source as SourceView;
      }
      await socket.close();
      return source;
    },

    async live() {
      const query = client.tenant ? `?tenant=${client.tenant}` : "";
      const socket = await openSocket(`${parley.url}/ws/admin${query}`, {
        origin: parley.url,
        cookie: client.cookie ?? "",
      });
      await socket.next("ready");
      return socket;
    },
  };
  return client;
}

/** Parley, set up, with its owner signed in. */
export async function setUpOwner(parley: Parley): Promise<AdminClient> {
  const owner = adminClient(parley);
  // On this machine it is not asked for, behind a proxy it is.
  await owner.setUp({ token: parley.setupToken ?? "" });
  return owner;
}

export function formOf(files: readonly UploadFile[]): FormData {
  const form = new FormData();
  for (const { name, content, type = "application/octet-stream" } of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
    form.append("file", new File([bytes], name, { type }));
  }
  return form;
}
