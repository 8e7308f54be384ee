import { describe, expect, test } from "bun:test";
import {
  clientAddress,
  isAddress,
  isLoopbackAddress,
  isLoopbackHost,
  isPrivateAddress,
  unmapped,
} from "../../src/domain/network.ts";

test.each(["10.0.0.5", "::1", "2001:DB8::1", "::ffff:10.0.0.1"])("%s is an address", (text) => {
  expect(isAddress(text)).toBe(true);
});

test.each(["", "10.0.0.0/8", "10.0.0.999", "10.1", "[::1]", "::1]:80/[", "::1/64", "a:b", "proxy.corp"])(
  "%j is no address",
  (text) => {
    expect(isAddress(text)).toBe(false);
  },
);

test.each(["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])("%s is this machine itself", (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
});

test.each(["10.0.0.1", "128.0.0.1", "127.0.0.1.evil", "1127.0.0.1", "::2", "::ffff:10.0.0.1", ""])(
  "%j is not",
  (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  },
);

test.each(["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "[::1]"])(
  "the host %s names this machine",
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);

test.each(["localhost.evil", "evil-localhost", "", "intranet", "10.0.0.1"])(
  "the host %j does not",
  (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  },
);

test.each([
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.1.1",
  "fd00::1",
  "fe80::1",
  "::ffff:10.0.0.1",
  "::1",
])("%s is shared by a whole intranet", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each(["172.15.0.1", "172.32.0.1", "192.169.0.1", "203.0.113.9", "2001:db8::1", "ff02::1", "", "10.0.0"])(
  "%j is one visitor's own",
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);

describe("row 5: the address behind proxies", () => {
  test("is the peer's while no proxy is trusted, whatever the header says", () => {
    expect(clientAddress("203.0.113.1", "6.6.6.6", [])).toBe("203.0.113.1");
    expect(clientAddress("::ffff:203.0.113.1", "6.6.6.6", ["10.0.0.1"])).toBe("203.0.113.1");
  });

  test("is the right-most hop that is no trusted proxy", () => {
    const proxies = ["10.0.0.1", "10.0.0.2"];
    expect(clientAddress("10.0.0.1", "6.6.6.6, 203.0.113.9", proxies)).toBe("203.0.113.9");
    expect(clientAddress("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", proxies)).toBe("203.0.113.9");
    expect(clientAddress("::ffff:10.0.0.1", "[2001:db8::7]:4711", proxies)).toBe("2001:db8::7");
    expect(clientAddress("10.0.0.1", "10.0.0.2", proxies)).toBe("10.0.0.1");
    expect(clientAddress("10.0.0.1", null, proxies)).toBe("10.0.0.1");
  });
});

test("an address mapped into IPv6 is the IPv4 address", () => {
  expect(unmapped("::FFFF:10.0.0.1")).toBe("10.0.0.1");
  expect(unmapped("::ffff:0:1")).toBe("::ffff:0:1");
});
