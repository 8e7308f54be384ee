import { describe, expect, test } from "bun:test";
import { parseArguments } from "../../src/commands/arguments.ts";
import { helpText } from "../../src/commands/help.ts";
import { SETTINGS } from "../../src/config.ts";

describe("the command line", () => {
  test("is words and settings, in any order", () => {
    const parsed = parseArguments(["config", "--port", "1", "show", "--offline", "--data=x"]);

    expect(parsed.words).toEqual(["config", "show"]);
    expect(parsed.flags).toEqual({ port: "1", offline: "true", data: "x" });
  });

  test("asks for the version and for help by their usual flags", () => {
    expect(parseArguments(["--version"]).words).toEqual(["version"]);
    expect(parseArguments(["-h"]).help).toBe(true);
    expect(parseArguments([]).help).toBe(false);
  });

  test.each([[["--colour", "red"]], [["--port"]], [["--secret-key", "x"]], [["-x"]]])(
    "refuses %j",
    (argv) => {
      expect(() => parseArguments(argv)).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );
});

test("help names every setting that has a flag, and no secret one", () => {
  for (const { name, flag } of SETTINGS)
    expect([name, helpText().includes(`--${name} `)]).toEqual([name, flag !== false]);
});
