import { Hono } from "hono";
import { AppError } from "../errors.ts";
import { adminSocket } from "./admin-socket.ts";
import { chatSocket } from "./chat-socket.ts";
import { type Endpoint, endpoint, mount } from "./endpoint.ts";
import type { AppEnv, HttpDeps } from "./env.ts";
import { errorHandler, errorResponse } from "./error-response.ts";
import { compression } from "./middleware/compression.ts";
import { pageCors, publicFiles } from "./middleware/page-call.ts";
import { requestContext } from "./middleware/request-context.ts";
import { auth, setup } from "./routes/access.ts";
import { apiKeys } from "./routes/api-keys.ts";
import { chat } from "./routes/chat.ts";
import { completions } from "./routes/completions.ts";
import { connections } from "./routes/connections.ts";
import { conversations } from "./routes/conversations.ts";
import { credentials } from "./routes/credentials.ts";
import { documentation } from "./routes/documentation.ts";
import { egress } from "./routes/egress.ts";
import { evals } from "./routes/evals.ts";
import { health } from "./routes/health.ts";
import { identity } from "./routes/identity.ts";
import { knowledge } from "./routes/knowledge.ts";
import { llm } from "./routes/llm.ts";
import { llmProviders } from "./routes/llm-providers.ts";
import { mcp } from "./routes/mcp.ts";
import { mcpServers } from "./routes/mcp-servers.ts";
import { models } from "./routes/models.ts";
import { overview } from "./routes/overview.ts";
import { pages } from "./routes/pages.ts";
import { retention } from "./routes/retention.ts";
import { synonyms } from "./routes/synonyms.ts";
import { tenants } from "./routes/tenants.ts";
import { tools } from "./routes/tools.ts";
import { usage } from "./routes/usage.ts";
import { visitor } from "./routes/visitor.ts";
import { widget } from "./routes/widget.ts";

/** What programs may call, in the order of the documentation. */
export const API: readonly Endpoint[] = [
  ...health,
  ...setup,
  ...auth,
  ...overview,
  ...tenants,
  ...knowledge,
  ...synonyms,
  ...llm,
  ...llmProviders,
  ...usage,
  ...models,
  ...credentials,
  ...egress,
  ...widget,
  ...identity,
  ...apiKeys,
  ...conversations,
  ...retention,
  ...evals,
  ...connections,
  ...tools,
  ...visitor,
  ...chat,
  ...mcp,
  ...completions,
  ...mcpServers,
];

/** Everything that answers: beside the API, what browsers open. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...API,
  ...pages,
  ...documentation(API),
  chatSocket,
  adminSocket,
];

/** Whoever is not signed in does not learn what there is in the backoffice. */
const nowhere = endpoint(
  { method: "ALL", path: "/api/admin/*", need: { role: "viewer" }, summary: "Nothing" },
  () => {
    throw notFound();
  },
);

/** The whole HTTP surface: middleware in order, then endpoints in order. */
export function createHttpApp(deps: HttpDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestContext(deps));
  app.use(compression);
  app.onError(errorHandler(deps.log));
  app.notFound((c) => errorResponse(c, notFound()));

  for (const path of ["/widget.js", "/assets/*", "/logos/*"]) app.use(path, publicFiles(deps));
  for (const path of ["/api/widget/*", "/api/chat/*"]) app.use(path, pageCors(deps));
  mount(app, deps, [...ENDPOINTS, nowhere]);
  return app;
}

function notFound(): AppError {
  return new AppError("NOT_FOUND", "There is nothing at this address.");
}
