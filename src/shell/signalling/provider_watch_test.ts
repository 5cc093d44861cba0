import { deepStrictEqual } from "node:assert/strict";
import { ip, peer } from "../../../tests/support/address.ts";
import { phoneWorld } from "../../../tests/support/phone_world.ts";
import type { HostAnswer, HostQuery } from "../../dns/host_query.ts";
import { ProviderWatch } from "./provider_watch.ts";

Deno.test("ProviderWatch.refresh() asks again and takes the new server in the old one's place", async () => {
  const { state } = phoneWorld({ settings: "outbound_proxy_host = sbc.example" });
  let server = "192.0.2.31:5060";
  const asked: string[] = [];
  const cache = new Map<string, HostAnswer>();
  const watch = new ProviderWatch({
    state,
    now: () => 0,
    hosts: { lookUp: ({ host }: HostQuery) => cache.get(host) ?? { kind: "unknown" } },
    resolve: ({ host }) => {
      asked.push(host);
      cache.set(host, {
        kind: "targets",
        targets: [{ peer: peer(server), transport: "udp" }],
      });
      return Promise.resolve();
    },
  });
  await watch.refresh();
  const before = [...state.providers];
  server = "192.0.2.32:5060";
  await watch.refresh();
  deepStrictEqual({ before, after: [...state.providers], asked }, {
    before: [ip("192.0.2.31")],
    after: [ip("192.0.2.32")],
    asked: ["sbc.example", "sbc.example"],
  });
});

Deno.test("ProviderWatch.refresh() knows nobody while no name is known", async () => {
  const { state } = phoneWorld({ settings: "outbound_proxy_host = sbc.example" });
  const watch = new ProviderWatch({
    state,
    now: () => 0,
    hosts: { lookUp: () => ({ kind: "failed", reason: "no answer" }) },
    resolve: () => Promise.resolve(),
  });
  await watch.refresh();
  deepStrictEqual([...state.providers], []);
});
