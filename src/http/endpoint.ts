/**
 * An endpoint is one value: what it is called by, who may call it, what it takes, what it answers, and what it
 * does. The routes, the OpenAPI document, docs/api.md and the tests that go over all endpoints are made from it.
 */
import type { Hono } from "hono";
import type { z } from "zod";
import type { IdKind, IdOf } from "../domain/ids.ts";
import { admitByHeaders, admitBySent, type Need, type PrincipalOf, type TenantOf } from "./admission.ts";
import type { AppContext, AppEnv, HttpDeps } from "./env.ts";
import { filePart } from "./file-part.ts";
import { auditTrail } from "./middleware/audit-trail.ts";
import { filesOf, type UploadedFile } from "./multipart.ts";
import { jsonBody, pathId, queryOf } from "./validate.ts";

/** A multipart body of parts `file`: all of them in memory, or the bytes of the only one as they come. */
export type Upload = { readonly files: "whole" | "streamed"; readonly maxBytes: number };
export type BodyShape = z.ZodType | Upload;

/** What stands in the path: an id of a kind, or a text that the handler judges. */
export type ParamKind = IdKind | "text";
type Params = Readonly<Record<string, ParamKind>>;

/** What an endpoint says of itself. */
export type Endpoint = {
  /** `ALL` is for what answers at every method. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "ALL";
  /** Whole, with `:parameters`, as Hono has it. */
  path: string;
  need: Need;
  /** What it does, for people; a sentence without its full stop. */
  summary: string;
  /** Each `:parameter` of the path. */
  params?: Params | undefined;
  query?: z.ZodType | undefined;
  body?: BodyShape | undefined;
  /** Of success. 204 has no body. */
  status: 200 | 201 | 202 | 204;
  /** The JSON that it answers with. Without one, the handler's own response, or JSON that has no schema. */
  answer?: z.ZodType | undefined;
  /** It is a WebSocket. */
  socket?: boolean | undefined;
  /** It only reads although its method says otherwise, so the audit log has it only when it was refused. */
  changesNothing?: boolean | undefined;
  /** The audit log has it although it only reads: what leaves Parley as a file. */
  audited?: boolean | undefined;
  respond(deps: HttpDeps, c: AppContext): Promise<Response>;
};

type Shape<N, P, Q, B, A> = Omit<
  Endpoint,
  "need" | "params" | "query" | "body" | "answer" | "status" | "respond"
> & {
  need: N;
  params?: P;
  query?: Q;
  body?: B;
  /** 200 unless given. */
  status?: Endpoint["status"];
  answer?: A;
};

/** A call that was let through, with everything it sent as the endpoint's schemas have it. */
export type Call<N extends Need, P, Q, B> = {
  principal: PrincipalOf<N>;
  tenantId: TenantOf<N>;
  params: { [Name in keyof P]: P[Name] extends IdKind ? IdOf<P[Name]> : string };
  query: Q extends z.ZodType ? z.output<Q> : undefined;
  body: BodyOf<B>;
  /** For headers, and for answers that are no JSON. */
  c: AppContext;
};

type BodyOf<B> = B extends z.ZodType
  ? z.output<B>
  : B extends { files: "whole" }
    ? UploadedFile[]
    : B extends { files: "streamed" }
      ? AsyncGenerator<Uint8Array>
      : undefined;

type Answered<A> = A extends z.ZodType ? z.output<A> | Response : unknown;

/** The handler calls one service and says how its result looks; `need` and schemas are dealt with before. */
export function endpoint<
  const N extends Need,
  const P extends Params = Record<never, never>,
  Q extends z.ZodType | undefined = undefined,
  const B extends BodyShape | undefined = undefined,
  A extends z.ZodType | undefined = undefined,
>(
  shape: Shape<N, P, Q, B, A>,
  handler: (deps: HttpDeps, call: Call<N, P, Q, B>) => Answered<A> | Promise<Answered<A>>,
): Endpoint {
  const { status = 200 } = shape;
  return {
    ...shape,
    status,
    async respond(deps, c) {
      // What the checks give depends on the shape, which the type checker cannot follow through its parameters.
      const call = (await checkedCall(deps, c, shape)) as Call<N, P, Q, B>;
      return toResponse(c, status, await handler(deps, call));
    },
  };
}

/** Adds the endpoints' routes, in order. Nothing else answers, so nothing is without a need. */
export function mount(app: Hono<AppEnv>, deps: HttpDeps, endpoints: readonly Endpoint[]): void {
  for (const each of endpoints)
    app.on(each.method, each.path, auditTrail(deps, each), (c) => each.respond(deps, c));
}

/** For whom it is, in the documentation. */
export type Audience = "anyone" | "admin" | "operator" | "page" | "program";

export function audienceOf(need: Need): Audience {
  if (need === "public") return "anyone";
  if (need === "page" || need === "visitor") return "page";
  if (typeof need === "object" && "scope" in need) return "program";
  return need === "operator" ? "operator" : "admin";
}

export function isUpload(body: BodyShape): body is Upload {
  return "files" in body;
}

async function checkedCall(
  deps: HttpDeps,
  c: AppContext,
  shape: Pick<Endpoint, "need" | "socket" | "params" | "query" | "body">,
) {
  const byHeaders = await admitByHeaders(deps, c, shape);
  const params = paramsOf(c, shape.params ?? {});
  const query = shape.query && queryOf(c, shape.query);
  const body = shape.body && (await bodyOf(c, shape.body));
  const sent = new Map<string, unknown>([...Object.entries(body ?? {}), ...Object.entries(params)]);
  const admitted = await admitBySent(deps, c, shape.need, sent, byHeaders);
  return { ...admitted, params, query, body, c };
}

function paramsOf(c: AppContext, kinds: Params): Record<string, string> {
  const found = Object.entries(kinds).map(([name, kind]) => [
    name,
    kind === "text" ? (c.req.param(name) ?? "") : pathId(c, kind, name),
  ]);
  return Object.fromEntries(found);
}

async function bodyOf(c: AppContext, shape: BodyShape): Promise<unknown> {
  if (!isUpload(shape)) return jsonBody(c, shape);
  return shape.files === "whole" ? filesOf(c, shape.maxBytes) : filePart(c, shape.maxBytes);
}

function toResponse(c: AppContext, status: Endpoint["status"], answered: unknown): Response {
  if (answered instanceof Response) return answered;
  return status === 204 ? c.body(null, 204) : c.json(answered ?? null, status);
}
