import { describe, expect, test } from "bun:test";
import { type AddressClass, classifyAddress, parseAddress } from "../../src/egress/address-classes.ts";

const CLASSES: [AddressClass, string[]][] = [
  [
    "loopback",
    ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:0:127.0.0.1"],
  ],
  [
    "private",
    ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdff::1", "::ffff:10.1.2.3"],
  ],
  ["shared", ["100.64.0.1", "100.127.255.255", "::ffff:100.64.0.1"]],
  [
    "link-local",
    ["169.254.0.1", "169.254.255.255", "fe80::1", "febf::1", "::ffff:169.254.1.1", "64:ff9b::169.254.1.1"],
  ],
  [
    "metadata",
    [
      "169.254.169.254",
      "168.63.129.16",
      "100.100.100.200",
      "fd00:ec2::254",
      "::ffff:169.254.169.254",
      "::ffff:a9fe:a9fe",
      "64:ff9b::a9fe:a9fe",
      "64:ff9b:1::a9fe:a9fe",
      "2002:a9fe:a9fe::1",
      "2001:0:4136:e378:8000:63bf:5601:5601",
    ],
  ],
  ["unspecified", ["0.0.0.0", "0.1.2.3", "0.255.255.255", "::", "::ffff:0.0.0.0"]],
  ["multicast", ["224.0.0.1", "239.255.255.255", "ff02::1"]],
  ["broadcast", ["255.255.255.255", "::ffff:255.255.255.255"]],
  [
    "reserved",
    [
      "192.0.0.1",
      "192.0.2.1",
      "192.88.99.1",
      "198.18.0.1",
      "198.19.255.255",
      "198.51.100.1",
      "203.0.113.1",
      "240.0.0.1",
      "255.255.255.254",
      "fec0::1",
      "feff::1",
      "100::1",
      "2001:db8::1",
      "2001:20::1",
      "3fff::1",
      "::7f00:1",
      "2002:7f00:1::",
      "2002:0a00:0001::",
      "64:ff9b::7f00:1",
      "64:ff9b::10.0.0.1",
      "2001:0:4136:e378:8000:63bf:80ff:fffe",
      "4000::1",
    ],
  ],
  [
    "public",
    [
      "1.1.1.1",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
      "128.0.0.0",
      "169.253.255.255",
      "169.255.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.167.255.255",
      "198.17.255.255",
      "198.20.0.0",
      "223.255.255.255",
      "2606:4700::1111",
      "2002:0101:0101::1",
      "64:ff9b::1.1.1.1",
      "::ffff:1.1.1.1",
    ],
  ],
];

describe("classifyAddress", () => {
  for (const [addressClass, addresses] of CLASSES) {
    for (const address of addresses) {
      test(`${address} is ${addressClass}`, () => {
        expect(classifyAddress(address)).toBe(addressClass);
      });
    }
  }

  test.each([
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "0x7f.1.1.1",
    "[::1]",
    "fe80::1%eth0",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::1.2.3",
    ":::",
  ])("%p is no address", (text) => {
    expect(classifyAddress(text)).toBeNull();
  });

  test("reads every spelling of an address as the same bytes", () => {
    for (const text of ["0:0:0:0:0:0:0:1", "0000::0001", "::0:1"])
      expect(parseAddress(text)).toEqual(parseAddress("::1"));
    expect(parseAddress("::ffff:1.2.3.4")).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});

describe("an address through the URL parser", () => {
  // Row 55: the guard must judge what the parser yields, never the text that was typed.
  test.each([
    ["http://2130706433", "loopback"],
    ["http://0x7f000001", "loopback"],
    ["http://0177.0.0.1", "loopback"],
    ["http://127.1", "loopback"],
    ["http://１２７.０.０.１", "loopback"],
    ["http://127.0.0.1.", "loopback"],
    ["http://0", "unspecified"],
    ["http://[::ffff:169.254.169.254]", "metadata"],
  ] as const)("%s is %s", (text, addressClass) => {
    expect(classifyAddress(new URL(text).hostname.replace(/^\[|\]$/g, ""))).toBe(addressClass);
  });
});
