import { equal, notEqual } from "node:assert/strict";
import { getAvailablePort } from "@std/net/get-available-port";
import { getNetworkAddress } from "@std/net/get-network-address";
import * as root from "@std/net";

Deno.test("getAvailablePort() returns the preferred port if it is free, else another", () => {
  const preferredPort = getAvailablePort();
  equal(getAvailablePort({ preferredPort }), preferredPort);
  using taken = Deno.listen({ port: preferredPort });
  notEqual(getAvailablePort({ preferredPort: taken.addr.port }), preferredPort);
  equal(root.getAvailablePort, getAvailablePort);
});

Deno.test("getNetworkAddress() returns the first address that is not loopback", () => {
  const entries = Deno.networkInterfaces();
  const want4 = entries.find((e) => e.family === "IPv4" && !e.address.startsWith("127."));
  equal(getNetworkAddress(), want4?.address);
  const want6 = entries.find((e) => e.family === "IPv6" && e.address !== "::1");
  equal(getNetworkAddress("IPv6"), want6?.address);
  equal(root.getNetworkAddress, getNetworkAddress);
});
