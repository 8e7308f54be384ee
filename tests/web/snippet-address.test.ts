import { describe, expect, test } from "bun:test";
import { hintOf, originsFor, warningOf } from "../../web/pages/widget/snippet-address.ts";

const KNOWN = ["http://chat-server:8080", "http://10.0.4.17:8080"];

describe("the address in the snippet", () => {
  test("is the one that the page was opened at, where others can come by it", () => {
    expect(originsFor("http://10.0.4.17:8080", KNOWN)).toEqual([
      "http://10.0.4.17:8080",
      "http://chat-server:8080",
    ]);
    expect(originsFor("https://chat.acme.example", KNOWN)[0]).toBe("https://chat.acme.example");
  });

  test.each([
    "http://localhost:8080",
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
    "http://parley.localhost:8080",
  ])("is a name of the machine for someone who sits at it as %s", (here) => {
    const origins = originsFor(here, KNOWN);
    expect(origins).toEqual([...KNOWN, here]);
    expect(warningOf(here, origins)).toContain("Choose another address");
    expect(warningOf(KNOWN[0] ?? "", origins)).toBeNull();
  });

  test("says what to do when nobody else can reach this machine", () => {
    const here = "http://127.0.0.1:8080";
    expect(warningOf(here, originsFor(here, []))).toContain("--public-url");
  });

  test("says how long it holds", () => {
    expect(hintOf("http://10.0.4.17:8080")).toContain("until the machine gets another address");
    expect(hintOf("http://chat-server:8080")).toContain("where the network knows this name");
    expect(hintOf("https://chat.acme.example")).not.toContain("https load it");
  });
});
