import { deepStrictEqual } from "node:assert/strict";
import { parseIpAddress } from "./ip_address.ts";
import {
  otherSide,
  sameSocketAddress,
  type SocketAddress,
  socketAddressText,
} from "./socket_address.ts";

function at(text: string, port: number): SocketAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`Cannot parse address "${text}": fix the test`);
  return { address, port };
}

Deno.test("socketAddressText() writes IPv6 in brackets", () => {
  deepStrictEqual([at("10.0.0.1", 5060), at("2001:db8::1", 5061)].map(socketAddressText), [
    "10.0.0.1:5060",
    "[2001:db8::1]:5061",
  ]);
});

Deno.test("sameSocketAddress() compares address and port", () => {
  const one = at("10.0.0.1", 5060);
  deepStrictEqual(
    [at("::ffff:10.0.0.1", 5060), at("10.0.0.1", 5061), at("10.0.0.2", 5060)].map((other) =>
      sameSocketAddress(one, other)
    ),
    [true, false, false],
  );
});

Deno.test("otherSide() is its own inverse", () => {
  deepStrictEqual([otherSide("lan"), otherSide("wan")], ["wan", "lan"]);
});
