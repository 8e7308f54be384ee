import { describe, expect, test } from "bun:test";
import { hostnameOf, parseOutboundUrl, portOf } from "../../src/egress/outbound-url.ts";

describe("parseOutboundUrl", () => {
  test.each([
    "ftp://models.corp",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "models.corp",
    "http:127.0.0.1",
    "http:///models.corp",
    "http://",
    "http://user@models.corp",
    "http://user:pass@models.corp",
    "http://:pass@models.corp",
    "http://ok.corp\\@169.254.169.254/",
    "http://ok.corp/a\r\nX: y",
    "http://ok\t.corp",
    "http://ok.corp/a b",
    "http://ok.corp/\u007f",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://256.1.1.1",
    "",
  ])("refuses %p and says how an address looks", (text) => {
    expect(() => parseOutboundUrl(text)).toThrow(
      expect.objectContaining({
        code: "UNSAFE_URL",
        message: expect.stringContaining("https://models.example.org/v1"),
      }),
    );
  });

  test("reads one host out of an address, whatever follows it", () => {
    expect(parseOutboundUrl("http://ok.corp#@x").host).toBe("ok.corp");
    expect(parseOutboundUrl(" https://Models.Corp:8443/v1 ").href).toBe("https://models.corp:8443/v1");
  });

  test("knows the port and the bare host name", () => {
    expect(portOf(new URL("http://a.corp"))).toBe(80);
    expect(portOf(new URL("https://a.corp"))).toBe(443);
    expect(portOf(new URL("https://a.corp:8443"))).toBe(8443);
    expect(hostnameOf(new URL("http://localhost.:1"))).toBe("localhost");
    expect(hostnameOf(new URL("http://[::1]:1"))).toBe("::1");
  });
});
