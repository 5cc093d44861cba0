import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readAddress, readHost, readHostPort, readInterface, whyNoHostName } from "./read_host.ts";

function refusal(message: string, offset = 0) {
  return { value: undefined, remarks: [{ severity: "error", message, offset }] };
}

const hosts: readonly (readonly [string, string])[] = [
  ["10.0.0.1", "10.0.0.1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["2001:DB8::0001", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["sip.example.org", "sip.example.org"],
  ["example.org.", "example.org."],
  ["fritz_box", "fritz_box"],
  ["3com", "3com"],
];

for (const [text, value] of hosts) {
  Deno.test(`readHost() reads ${text}`, () => {
    deepStrictEqual(readHost(text), { value, remarks: [] });
  });
}

const reasons: readonly (readonly [string, string])[] = [
  ["", "it is empty"],
  [".", "it is empty"],
  ["300.1.2.3", "not a valid IPv4 address"],
  ["10.0.0", "not a valid IPv4 address"],
  ["host:5060", "neither an IPv6 address nor a host name (a port stands elsewhere)"],
  ["a..b", "two dots in a row"],
  ["-a.b", "a part starts or ends with -"],
  ["a-.b", "a part starts or ends with -"],
  ["two words", "only letters, digits, - and _ may stand in a name"],
  ["a/b", "only letters, digits, - and _ may stand in a name"],
  ["bücher.example", "only letters, digits, - and _ may stand in a name"],
  ["x".repeat(64), "a part is longer than 63 characters"],
  [`${"x.".repeat(127)}xx`, "longer than 253 characters"],
];

for (const [text, reason] of reasons) {
  Deno.test(`whyNoHostName() says "${reason}" of "${text.slice(0, 20)}"`, () => {
    strictEqual(whyNoHostName(text), reason);
  });
}

Deno.test("readHost() puts the reason into its refusal", () => {
  deepStrictEqual(
    readHost("300.1.2.3"),
    refusal('Cannot use host "300.1.2.3": not a valid IPv4 address'),
  );
});

Deno.test("readAddress() takes addresses only", () => {
  deepStrictEqual(readAddress("::1"), { value: "::1", remarks: [] });
  deepStrictEqual(
    readAddress("localhost"),
    refusal('Cannot use address "localhost": neither IPv4 nor IPv6'),
  );
});

for (const text of ["eth0", "ppp0", "eth0:1", "eth0.100", "br-lan", "192.168.1.1", "fe80::1"]) {
  Deno.test(`readInterface() takes ${text}`, () => {
    deepStrictEqual(readInterface(text), { value: text, remarks: [] });
  });
}

Deno.test("readInterface() takes an address of each family", () => {
  for (const text of ["192.168.1.1,FD00::1", "fd00:0::1 , 192.168.1.1"]) {
    deepStrictEqual(readInterface(text), { value: "192.168.1.1,fd00::1", remarks: [] });
  }
  for (const text of ["eth0,fd00::1", "fd00::1,fd00::2", "10.0.0.1,fd00::1,fd00::2"]) {
    const expected = "an IPv4 and an IPv6 address are expected";
    deepStrictEqual(readInterface(text), refusal(`Cannot use interface "${text}": ${expected}`));
  }
});

Deno.test("readInterface() refuses what is no single name", () => {
  const expected = "one name or address is expected";
  deepStrictEqual(
    readInterface("eth0, eth1"),
    refusal(`Cannot use interface "eth0, eth1": ${expected}`),
  );
  deepStrictEqual(readInterface("../eth0"), refusal(`Cannot use interface "../eth0": ${expected}`));
  deepStrictEqual(
    readInterface("e".repeat(32)),
    refusal(`Cannot use interface "${"e".repeat(32)}": longer than 31 characters`),
  );
});

Deno.test("readHostPort() reads both families and names", () => {
  deepStrictEqual(readHostPort("127.0.0.1:9160").value, { host: "127.0.0.1", port: 9160 });
  deepStrictEqual(readHostPort("[::1]:9160").value, { host: "::1", port: 9160 });
  deepStrictEqual(readHostPort("localhost:1").value, { host: "localhost", port: 1 });
});

const badPairs: readonly (readonly [string, string, number])[] = [
  ["9160", 'Cannot use "9160": address:port is expected', 0],
  [":9160", 'Cannot use ":9160": address:port is expected', 0],
  ["::1:9160", 'Cannot use "::1:9160": address:port is expected', 0],
  ["127.0.0.1:0", 'Cannot use port "0": lowest is 1', 10],
  ["127.0.0.1:", 'Cannot use port "": not a number', 10],
  ["a b:1", 'Cannot use host "a b": only letters, digits, - and _ may stand in a name', 0],
];

for (const [text, message, offset] of badPairs) {
  Deno.test(`readHostPort() refuses "${text}"`, () => {
    deepStrictEqual(readHostPort(text), refusal(message, offset));
  });
}

const withDefault: readonly (readonly [string, string, number])[] = [
  ["9160", "127.0.0.1", 9160],
  [":9160", "127.0.0.1", 9160],
  ["10.0.0.1:9160", "10.0.0.1", 9160],
  ["[::1]:9160", "::1", 9160],
];

for (const [text, host, port] of withDefault) {
  Deno.test(`readHostPort() with a default host reads ${text}`, () => {
    deepStrictEqual(readHostPort(text, "127.0.0.1"), { value: { host, port }, remarks: [] });
  });
}

Deno.test("readHostPort() wants a host where there is no default", () => {
  deepStrictEqual(readHostPort("9160"), refusal('Cannot use "9160": address:port is expected'));
});
