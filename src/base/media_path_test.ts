import { strictEqual } from "node:assert/strict";
import { parseIpAddress } from "./ip_address.ts";
import { type MediaPath, mediaPathFamily, mediaPathText } from "./media_path.ts";
import type { SocketAddress } from "./socket_address.ts";

function at(text: string, port: number): SocketAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return { address, port };
}

const V4: MediaPath = {
  source: at("10.0.0.2", 4000),
  arrival: at("10.0.0.1", 7070),
  departure: at("203.0.113.1", 7072),
  target: at("198.51.100.9", 5000),
};

const V6: MediaPath = {
  source: at("2001:db8:1::2", 4000),
  arrival: at("2001:db8:1::1", 7070),
  departure: at("2001:db8:2::1", 7072),
  target: at("2001:db8:2::9", 5000),
};

Deno.test("mediaPathText() names all four sockets", () => {
  strictEqual(
    mediaPathText(V4),
    "10.0.0.2:4000>10.0.0.1:7070|203.0.113.1:7072>198.51.100.9:5000",
  );
  strictEqual(
    mediaPathText(V6),
    "[2001:db8:1::2]:4000>[2001:db8:1::1]:7070|[2001:db8:2::1]:7072>[2001:db8:2::9]:5000",
  );
});

const families: readonly (readonly [string, MediaPath, 4 | 6 | undefined])[] = [
  ["IPv4", V4, 4],
  ["IPv6", V6, 6],
  ["a phone of the other family", { ...V4, source: V6.source }, undefined],
  ["a peer of the other family", { ...V4, target: V6.target }, undefined],
  ["a side of the other family", { ...V6, departure: V4.departure }, undefined],
];

for (const [what, path, wanted] of families) {
  Deno.test(`mediaPathFamily() of ${what} is ${wanted}`, () => {
    strictEqual(mediaPathFamily(path), wanted);
  });
}
