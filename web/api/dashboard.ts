import type { Dashboard } from "../../src/protocol/admin-api/dashboard.ts";
import { getJson } from "./client.ts";

export const getDashboard = (signal?: AbortSignal) =>
  getJson<Dashboard>("/api/admin/dashboard", signal ? { signal } : {});
