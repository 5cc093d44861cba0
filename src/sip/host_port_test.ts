import { deepEqual, equal } from "node:assert/strict";
import { canonicalHost, formatHostPort, parseHostPort, parsePort, sameHost } from "./host_port.ts";

Deno.test("parseHostPort() reads names, IPv4 and bracketed IPv6", () => {
  const rows: readonly (readonly [string, string, number | undefined])[] = [
    ["example.com", "example.com", undefined],
    ["Example.COM.:5060", "Example.COM.", 5060],
    ["my_pbx:05070", "my_pbx", 5070],
    ["192.0.2.1:65535", "192.0.2.1", 65535],
    ["[2001:DB8::1]", "[2001:DB8::1]", undefined],
    ["[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.1]", 1],
  ];
  for (const [text, host, port] of rows) {
    deepEqual(parseHostPort(text), { ok: true, value: { host, port } });
    equal(formatHostPort({ host, port }), text.replace(":05070", ":5070"));
  }
});

Deno.test("parseHostPort() refuses everything else", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["", 'Cannot parse host "": no host name or address'],
    [":5060", 'Cannot parse host ":5060": no host name or address'],
    ["a b", 'Cannot parse host "a b": unexpected character at offset 1'],
    ["a/b", 'Cannot parse host "a/b": unexpected character at offset 1'],
    ["a:", 'Cannot parse port "": not 1 … 65535'],
    ["a:0", 'Cannot parse port "0": not 1 … 65535'],
    ["a:65536", 'Cannot parse port "65536": not 1 … 65535'],
    ["a:-1", 'Cannot parse port "-1": not 1 … 65535'],
    ["2001:db8::1", 'Cannot parse port "db8::1": not 1 … 65535'],
    ["[::1", 'Cannot parse host "[::1": no host name or address'],
    ["[::g]", 'Cannot parse host "[::g]": no IPv6 address'],
    ["[]", 'Cannot parse host "[]": no IPv6 address'],
    ["[192.0.2.1]", 'Cannot parse host "[192.0.2.1]": no IPv6 address'],
    ["[::1]x", 'Cannot parse host "[::1]x": unexpected character at offset 5'],
    ["a\r\nb", 'Cannot parse host "a\\x0d\\x0ab": unexpected character at offset 1'],
  ];
  for (const [text, error] of rows) deepEqual(parseHostPort(text), { ok: false, error });
});

Deno.test("parsePort() takes 1 to 65535", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["1", 1],
    ["65535", 65535],
    ["0", undefined],
    ["65536", undefined],
    ["", undefined],
    ["5060 ", undefined],
  ];
  for (const [text, port] of rows) equal(parsePort(text), port);
});

Deno.test("sameHost() compares names in any case and IPv6 by value", () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ["a.example", "A.Example", true],
    ["a.example", "b.example", false],
    ["[2001:db8::1]", "[2001:DB8:0:0:0:0:0:1]", true],
    ["[2001:db8::1]", "[2001:db8::2]", false],
    ["192.0.2.1", "192.0.2.1", true],
  ];
  for (const [left, right, expected] of rows) equal(sameHost(left, right), expected);
});

Deno.test("canonicalHost() keeps the brackets of IPv6", () => {
  equal(canonicalHost("[2001:DB8::0:1]"), "[2001:db8::1]");
  equal(canonicalHost("Example.COM"), "example.com");
});
