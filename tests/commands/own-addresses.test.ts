import { expect, test } from "bun:test";
import { createMachineHosts } from "../../src/commands/own-addresses.ts";

test("this machine's addresses are read once for the requests of a few seconds, and a new network is seen after", () => {
  let now = 0;
  let addresses = ["10.0.0.1"];
  let asked = 0;
  const hosts = createMachineHosts(
    () => now,
    () => {
      asked++;
      return addresses;
    },
  );

  expect([...hosts()]).toEqual(["10.0.0.1", "localhost"]);
  addresses = ["10.0.0.1", "10.8.0.2"];
  now = 4_999;
  expect(hosts().has("10.8.0.2")).toBe(false);
  expect(asked).toBe(1);
  now = 5_000;
  expect(hosts().has("10.8.0.2")).toBe(true);
});
