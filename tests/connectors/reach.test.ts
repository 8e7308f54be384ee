import { expect, test } from "bun:test";
import { networkError } from "../../src/connectors/reach.ts";

const PLACE = { host: "db.corp", port: 5432, username: "reader", database: "company", tls: "off" } as const;

test.each([
  ["ENOTFOUND", "HOST_NOT_FOUND"],
  ["EAI_AGAIN", "HOST_NOT_FOUND"],
  ["ECONNREFUSED", "CONNECTION_REFUSED"],
  ["ETIMEDOUT", "CONNECTION_TIMEOUT"],
  ["EHOSTUNREACH", "CONNECTION_TIMEOUT"],
  ["ENETUNREACH", "CONNECTION_TIMEOUT"],
])("%s of the network is %s of a connection, with the place in its words", (code, told) => {
  const thrown = Object.assign(new Error("no"), { code });

  expect(networkError(thrown, PLACE)).toMatchObject({
    code: told,
    message: expect.stringContaining("db.corp"),
  });
});
