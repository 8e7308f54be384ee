import { endpoint } from "../endpoint.ts";

export const health = [
  endpoint({ method: "GET", path: "/healthz", need: "public", summary: "The process lives" }, () => ({
    status: "ok",
  })),

  endpoint(
    {
      method: "GET",
      path: "/readyz",
      need: "public",
      summary: "The node can take work; 503 when it cannot",
    },
    async (deps, { c }) => {
      if (deps.stopping()) return c.json({ ready: false, checks: [{ name: "stopping", ok: false }] }, 503);
      const readiness = await deps.health.readiness();
      return c.json(readiness, readiness.ready ? 200 : 503);
    },
  ),
];
