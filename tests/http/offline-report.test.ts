import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OfflineReport } from "../../src/commands/offline-report.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";

// Each command is a start of its own.
setDefaultTimeout(120_000);

let parley: Parley;
let folder: string;
let operator: AdminClient;
const reports: Record<"text" | "json", string> = { text: "", json: "" };
beforeAll(async () => {
  parley = await startParley({ flags: ["--offline"] });
  operator = await setUpOwner(parley);
  folder = await mkdtemp(join(tmpdir(), "parley-report-"));
  await operator.send("PUT", "/api/admin/egress", { allow: ["crm.corp:443"] });
  await operator.send("PUT", "/api/admin/llm/config", { provider: "openai", model: "m", apiKey: "sk-1" });
  await operator.send("POST", "/api/admin/llm/test", {});
  await operator.get("/api/admin/egress/ledger");
  for (const form of ["text", "json"] as const) {
    const flags = form === "json" ? ["--json"] : [];
    const { exitCode, stdout, stderr } = await report(
      "--offline",
      "--egress-allow",
      "db.corp:5432",
      ...flags,
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    reports[form] = stdout;
  }
});
afterAll(async () => {
  await parley.remove();
  await rm(folder, { recursive: true, force: true });
});

const report = (...flags: string[]) =>
  runParley(["doctor", "--offline-report", "--data", parley.dataDirectory, ...flags]);

async function verified(content: string, data = parley.dataDirectory) {
  const file = join(folder, "report");
  await Bun.write(file, content);
  return runParley(["doctor", "--verify-report", file, "--data", data]);
}

describe("the offline report, while Parley runs", () => {
  test("as JSON has settings, list and every destination", () => {
    const { report } = JSON.parse(reports.json) as { report: OfflineReport };

    expect(report).toMatchObject({
      settings: { offline: true, restrictEgress: false, egressAllow: ["db.corp:5432"], egressProxy: null },
      ...{ allow: ["crm.corp:443"], selfTest: "passed" },
      destinations: [
        {
          destination: "api.openai.com:443",
          purpose: "llm",
          tenant: "Example Works",
          outcome: "refused",
          calls: 1,
        },
      ],
    });
  });

  test("as text can be read by people", () => {
    expect(reports.text).toContain("Offline: yes");
    expect(reports.text).toContain("Listed: db.corp:5432 (settings), crm.corp:443.");
    expect(reports.text).toContain("Called: nobody");
    expect(reports.text).toMatch(/api\.openai\.com:443 {2}llm for Example Works {2}1 time/);
  });

  test.each(["text", "json"] as const)(
    "as %s is verified, and one sign more or less is found",
    async (form) => {
      const content = reports[form];
      expect(await verified(content)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("as this Parley made it"),
      });
      expect(await verified(`${content.trim()}\n\n`)).toMatchObject({ exitCode: 0 });

      for (const altered of [
        content.replace("api.openai.com", "api.corp.intern"),
        content.replace(/(?:1 time|"calls": 1)/, (found) => found.replace("1", "0")),
        content.replace("crm.corp:443", "crm.corp:444"),
      ]) {
        expect(altered).not.toBe(content);
        expect(await verified(altered)).toMatchObject({
          exitCode: 65,
          stdout: expect.stringContaining("altered"),
        });
      }
    },
  );

  test("of another Parley is told as that; without any key, who signed it is said", async () => {
    const other = await startParley();
    expect(await verified(reports.json, other.dataDirectory)).toMatchObject({
      exitCode: 65,
      stdout: expect.stringContaining("not the key of this Parley"),
    });
    await other.remove();
    expect(await verified(reports.json, join(folder, "nothing"))).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("no key here"),
    });
  });

  test("is not taken for one when it is something else", async () => {
    for (const content of ["{}", "hello", '{"report":{},"signature":{}}'])
      expect((await verified(content)).exitCode).toBe(65);
    expect((await runParley(["doctor", "--verify-report", join(folder, "none")])).exitCode).toBe(64);
    expect(
      (await runParley(["doctor", "--offline-report", "--data", join(folder, "none")])).exitCode,
    ).not.toBe(0);
  });
});
