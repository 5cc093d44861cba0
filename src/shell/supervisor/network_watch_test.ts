import { deepStrictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { parseIpNetwork } from "../../base/ip_network.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import type { InterfaceAddress } from "../machine/interfaces.ts";
import { networkFields, NetworkWatch } from "./network_watch.ts";

function at(name: string, cidr: string): InterfaceAddress {
  return { name, address: ip(cidr.split("/")[0] ?? ""), network: parseIpNetwork(cidr) };
}

function openWatch() {
  const machine = { addresses: [at("eth0", "192.168.1.1/24"), at("ppp0", "203.0.113.7/32")] };
  let routes = 0;
  const settings = {
    inbound: "eth0",
    outbound: undefined,
    hostOutbound: undefined,
    ipv6: "fallback",
  } as const;
  const watch = new NetworkWatch(settings, {
    readInterfaces: () => machine.addresses,
    findDefaultRoute: () => {
      routes++;
      return Promise.resolve({ interfaceName: "ppp0", gateway: undefined });
    },
  });
  return { machine, watch, routes: () => routes };
}

Deno.test("NetworkWatch.open() reads the routing table once and finds both sides", async () => {
  using time = new FakeTime();
  const { watch, routes } = openWatch();
  const { view } = await watch.open();
  watch.follow(() => {});
  time.tick(10_000);
  watch.close();
  deepStrictEqual([view.own.lan, view.own.wan], [ip("192.168.1.1"), ip("203.0.113.7")]);
  deepStrictEqual(routes(), 1);
});

Deno.test("NetworkWatch.follow() tells a changed, a lost and a returned address within two seconds", async () => {
  using time = new FakeTime();
  const { machine, watch } = openWatch();
  await watch.open();
  const told: (string | undefined)[] = [];
  watch.follow(({ view }) => told.push(view.own.wan));
  const eth0 = at("eth0", "192.168.1.1/24");
  for (
    const addresses of [
      [eth0, at("ppp0", "203.0.113.8/32")],
      [eth0, at("ppp0", "203.0.113.8/32")],
      [eth0],
      [eth0, at("ppp0", "203.0.113.9/32")],
    ]
  ) {
    machine.addresses = addresses;
    time.tick(2000);
  }
  watch.close();
  deepStrictEqual(told, ["203.0.113.8", undefined, "203.0.113.9"]);
});

Deno.test("NetworkWatch.close() ends the looking", async () => {
  using time = new FakeTime();
  const { machine, watch } = openWatch();
  await watch.open();
  let told = 0;
  watch.follow(() => told++);
  watch.close();
  machine.addresses = [];
  time.tick(10_000);
  deepStrictEqual(told, 0);
});

Deno.test("NetworkWatch.choose() goes by other settings, and tells only later changes", async () => {
  using time = new FakeTime();
  const { machine, watch } = openWatch();
  await watch.open();
  let told = 0;
  watch.follow(() => told++);
  const chosen = watch.choose({
    inbound: "ppp0",
    outbound: "eth0",
    hostOutbound: "198.51.100.1",
    ipv6: "off",
  });
  time.tick(10_000);
  const before = told;
  machine.addresses = [at("eth0", "192.168.1.9/24")];
  time.tick(2000);
  watch.close();
  const { lan, wan, advertised } = chosen.view.own;
  deepStrictEqual([lan, wan, advertised], [
    ip("203.0.113.7"),
    ip("192.168.1.1"),
    ip("198.51.100.1"),
  ]);
  deepStrictEqual([before, told], [0, 1]);
});

Deno.test("networkFields() names the second addresses of sides that have them, and what is down", () => {
  deepStrictEqual(networkFields({ lan: ip("192.168.1.1"), wan: undefined }), {
    lan: "192.168.1.1",
    wan: "down",
  });
  const own = { lan: ip("192.168.1.1"), wan: ip("203.0.113.7") };
  deepStrictEqual(networkFields({ ...own, lan6: ip("fd00::1"), wan6: ip("2001:db8::7") }), {
    lan: "192.168.1.1",
    wan: "203.0.113.7",
    lan6: "fd00::1",
    wan6: "2001:db8::7",
  });
});
