import { Hono } from "hono";
import { AppError } from "../errors.ts";
import { adminSocketRoutes } from "./admin-socket.ts";
import { chatSocketRoutes } from "./chat-socket.ts";
import type { AdminEnv, AppEnv, HttpDeps } from "./env.ts";
import { errorHandler, errorResponse } from "./error-response.ts";
import { requireAdmin } from "./middleware/admin-session.ts";
import { auditTrail } from "./middleware/audit-trail.ts";
import { pageCors } from "./middleware/page-call.ts";
import { requestContext } from "./middleware/request-context.ts";
import { authRoutes, setupRoutes } from "./routes/access.ts";
import { chatRoutes } from "./routes/chat.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { documentationRoutes } from "./routes/documentation.ts";
import { evalRoutes } from "./routes/evals.ts";
import { healthRoutes } from "./routes/health.ts";
import { knowledgeRoutes } from "./routes/knowledge.ts";
import { llmRoutes } from "./routes/llm.ts";
import { modelRoutes } from "./routes/models.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { pageRoutes } from "./routes/pages.ts";
import { tenantRoutes } from "./routes/tenants.ts";
import { visitorRoutes } from "./routes/visitor.ts";
import { widgetRoutes } from "./routes/widget.ts";

/** The whole HTTP surface: middleware in order, then routes in order. */
export function createHttpApp(deps: HttpDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestContext(deps));
  app.onError(errorHandler(deps.log));
  app.notFound((c) => errorResponse(c, new AppError("NOT_FOUND", "There is nothing at this address.")));

  app.route("/", healthRoutes(deps));
  app.route("/", pageRoutes(deps));
  app.route("/", documentationRoutes());

  app.route("/api/setup", setupRoutes(deps));
  app.route("/api/auth", authRoutes(deps));
  app.route("/api/admin", adminApp(deps));

  app.use("/api/widget/*", pageCors(deps));
  app.route("/api/widget", visitorRoutes(deps));
  app.use("/api/chat/*", pageCors(deps));
  app.route("/api/chat", chatRoutes(deps));

  app.route("/ws/chat", chatSocketRoutes(deps));
  app.route("/ws/admin", adminSocketRoutes(deps));
  return app;
}

/** Everything below /api/admin, behind one door. */
function adminApp(deps: HttpDeps): Hono<AdminEnv> {
  const admin = new Hono<AdminEnv>();
  admin.use(auditTrail(deps));
  admin.use(requireAdmin(deps));
  admin.route("/", overviewRoutes(deps));
  admin.route("/tenants", tenantRoutes(deps));
  admin.route("/knowledge", knowledgeRoutes(deps));
  admin.route("/llm", llmRoutes(deps));
  admin.route("/models", modelRoutes(deps));
  admin.route("/widget", widgetRoutes(deps));
  admin.route("/conversations", conversationRoutes(deps));
  admin.route("/evals", evalRoutes(deps));
  return admin;
}
