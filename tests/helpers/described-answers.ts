/** What endpoints say of their answers holds for every answer that a test sees. */
import { API } from "../../src/http/server.ts";

const DESCRIBED = API.map((endpoint) => ({
  ...endpoint,
  address: new RegExp(`^${endpoint.path.replace(/:\w+/g, "[^/]+")}$`),
}));

/** @throws Error when an answer of success has another status or body than its endpoint's value says */
export function requireAsDescribed(method: string, path: string, status: number, body: unknown): void {
  if (status >= 300) return;
  const [address = ""] = path.split("?");
  const endpoint = DESCRIBED.find((each) => each.method === method && each.address.test(address));
  if (!endpoint) throw new Error(`${method} ${path} answered ${status}, and no endpoint is there.`);
  if (status !== endpoint.status)
    throw new Error(`${method} ${path} answered ${status} instead of ${endpoint.status}.`);
  const wrong = endpoint.answer?.safeParse(body).error;
  if (wrong) throw new Error(`${method} ${path} answered other than its schema says: ${wrong.message}`);
}
