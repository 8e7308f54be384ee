import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../src/config.ts";
import { makeCertificate } from "./helpers/certificate.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-config-"));
  file = join(folder, "parley.toml");
});
afterEach(() => rm(folder, { recursive: true }));

const KEY = Buffer.alloc(32, 5).toString("base64");
const invalid = (code: string) => expect.objectContaining({ code });

describe("settings", () => {
  test("are taken from flags, then variables, then the file, then defaults, and say where from", async () => {
    await writeFile(
      file,
      'port = 1\nlog-level = "warn"\ntrusted_proxy = ["10.0.0.1", "10.0.0.2"]\noffline = true\n',
    );
    const { config, settings } = readConfig(
      { port: "3", config: file },
      { PARLEY_PORT: "2", PARLEY_LOG_LEVEL: "error" },
    );

    expect(config).toMatchObject({
      port: 3,
      logLevel: "error",
      trustedProxy: ["10.0.0.1", "10.0.0.2"],
      offline: true,
      publicUrl: null,
    });
    const originOf = (name: string) => settings.find((setting) => setting.name === name)?.origin;
    expect(["port", "log-level", "offline", "host"].map(originOf)).toEqual([
      "flag",
      "environment",
      "file",
      "default",
    ]);
  });

  test("name proxies by address, however it is written", () => {
    const { config } = readConfig({ "trusted-proxy": "::FFFF:10.0.0.1, 2001:DB8::1," }, {});

    expect(config.trustedProxy).toEqual(["10.0.0.1", "2001:db8::1"]);
  });

  test("need no file", () => {
    expect(readConfig({}, {}).config).toMatchObject({
      port: 8080,
      host: "",
      logLevel: "info",
      secretKey: null,
    });
  });

  test.each<[Record<string, string>, string]>([
    [{ port: "-1" }, "CONFIG_INVALID"],
    [{ port: "8080 " }, "CONFIG_INVALID"],
    [{ port: "1e3" }, "CONFIG_INVALID"],
    [{ "public-url": "chat.example.org" }, "CONFIG_INVALID"],
    [{ "public-url": "javascript:alert(1)" }, "CONFIG_INVALID"],
    [{ "public-url": "https://corp.example/chat/" }, "CONFIG_INVALID"],
    [{ "public-url": "https://ada:pw@chat.example" }, "CONFIG_INVALID"],
    [{ "trusted-proxy": "10.0.0.0/8" }, "CONFIG_INVALID"],
    [{ "trusted-proxy": "10.0.0.1, proxy.corp" }, "CONFIG_INVALID"],
    [{ offline: "maybe" }, "CONFIG_INVALID"],
    [{ "restrict-egress": "maybe" }, "CONFIG_INVALID"],
    [{ "egress-allow": "models.corp:80, models.corp" }, "CONFIG_INVALID"],
    [{ "max-file": "0" }, "CONFIG_INVALID"],
    [{ "max-file": "50 MB" }, "CONFIG_INVALID"],
    [{ "max-file": "191" }, "CONFIG_INVALID"],
    [{ "max-answers": "" }, "CONFIG_INVALID"],
    [{ "messages-per-minute": "-1" }, "CONFIG_INVALID"],
    [{ "sign-ins-per-account": "1.5" }, "CONFIG_INVALID"],
    [{ "log-level": "all" }, "CONFIG_INVALID"],
    [{ "tls-key": "key.pem" }, "CONFIG_INVALID"],
    [{ config: "/nowhere/parley.toml" }, "CONFIG_INVALID"],
  ])("refuse %j", (flags, code) => {
    expect(() => readConfig(flags, {})).toThrow(invalid(code));
  });

  test.each(["colour = 1", "port = ", "secret-key"])("refuse a file with %j and name it", async (text) => {
    await writeFile(file, text);

    expect(() => readConfig({ config: file }, {})).toThrow(file);
  });
});

describe("limits", () => {
  test("are as the documentation has them unless somebody sets them", () => {
    expect(readConfig({}, {}).config.limits).toEqual({
      uploadBytes: 50 * 1024 * 1024,
      sourcesPerTenant: 100_000,
      answerBytes: 64 * 1024,
      passageTokens: 3_000,
      concurrentGenerations: 1_500,
      concurrentGenerationsPerSession: 2,
      sockets: 12_000,
      socketsPerSession: 5,
      messagesPerMinutePerTenant: 600,
      messagesPerMinutePerSession: 20,
      changesPerMinutePerSession: 30,
      sessionsPerMinutePerTenant: 3_000,
      sessionsPerMinutePerAddress: 30,
      signInsPerAccount: 10,
      signInsPerAddress: 60,
    });
  });

  test("are settings like all others", async () => {
    await writeFile(file, "max-file = 80\nmessages_per_minute = 1200\n");

    const { config, settings } = readConfig(
      { config: file, "max-sockets": "50" },
      { PARLEY_MAX_ANSWERS: "3" },
    );

    expect(config.limits).toMatchObject({
      uploadBytes: 80 * 1024 * 1024,
      messagesPerMinutePerTenant: 1_200,
      sockets: 50,
      concurrentGenerations: 3,
    });
    expect(settings).toContainEqual({ name: "max-file", value: "80", origin: "file" });
  });
});

describe("the way out", () => {
  const PROXY = "http://proxy.corp:3128";

  test("is a proxy with its exceptions, and what it wants to see comes from a variable or a file", async () => {
    await writeFile(file, "svc:s3cret\n");
    for (const secret of [
      { PARLEY_EGRESS_PROXY_AUTH: "svc:s3cret" },
      { PARLEY_EGRESS_PROXY_AUTH_FILE: file },
    ]) {
      const { config } = readConfig(
        { "egress-proxy": PROXY, "egress-no-proxy": "corp, 10.0.0.0/8" },
        { ...secret },
      );

      expect(config.egressProxy).toEqual({
        proxy: {
          ...{ hostname: "proxy.corp", port: 3128, shown: "proxy.corp:3128" },
          authorization: `Basic ${btoa("svc:s3cret")}`,
        },
        straight: [{ name: "corp" }, { network: { address: "10.0.0.0", bits: 8 } }],
      });
    }
    expect(readConfig({}, {}).config.egressProxy).toBeNull();
  });

  test.each<[Record<string, string>, Record<string, string>]>([
    [{ "egress-proxy": "https://svc:s3cret@proxy.corp:3128" }, {}],
    [{ "egress-proxy": "http://svc:s3cret@proxy.corp:3128" }, {}],
    [{ "egress-proxy": "s3cret" }, {}],
    [{ "egress-proxy": PROXY }, { PARLEY_EGRESS_PROXY_AUTH: "s3cret" }],
    [{ "egress-proxy": PROXY }, { PARLEY_EGRESS_PROXY_AUTH: "svc:s3cret\r\nX: 1" }],
    [{}, { PARLEY_EGRESS_PROXY_AUTH: "svc:s3cret" }],
    [{ "egress-no-proxy": "http://corp" }, {}],
  ])("is refused where it is %j with %j, and no password is repeated", (flags, environment) => {
    const read = () => readConfig(flags, environment);

    expect(read).toThrow(invalid("CONFIG_INVALID"));
    expect(read).not.toThrow(/s3cret/);
  });

  test("trusts the authorities of a file, which has to have some", async () => {
    const { certificate } = await makeCertificate(folder);
    expect(readConfig({ "egress-ca": certificate }, {}).config.egressCa).toEqual([
      expect.stringContaining("BEGIN CERTIFICATE"),
    ]);

    await writeFile(file, "no certificate");
    for (const path of [file, join(folder, "none"), folder])
      expect(() => readConfig({ "egress-ca": path }, {})).toThrow(path);
  });
});

describe("the master key", () => {
  test("comes from a variable or from the file that a variable names", async () => {
    await writeFile(file, `${KEY}\n`);

    expect(readConfig({}, { PARLEY_SECRET_KEY: KEY }).config.secretKey).toEqual(new Uint8Array(32).fill(5));
    expect(readConfig({}, { PARLEY_SECRET_KEY_FILE: file }).config.secretKey).toEqual(
      new Uint8Array(32).fill(5),
    );
  });

  test.each(["short", Buffer.alloc(31).toString("base64"), Buffer.alloc(33).toString("base64")])(
    "row 1: is 32 bytes, unlike %j, which the refusal does not repeat",
    (key) => {
      let refusal: unknown;
      try {
        readConfig({}, { PARLEY_SECRET_KEY: key });
      } catch (thrown) {
        refusal = thrown;
      }
      expect(refusal).toMatchObject({ code: "KEY_INVALID" });
      expect(String(refusal)).not.toContain(key);
    },
  );

  test("is missed when its file is not there", () => {
    expect(() => readConfig({}, { PARLEY_SECRET_KEY_FILE: join(folder, "none") })).toThrow(
      invalid("KEY_MISSING"),
    );
  });
});
