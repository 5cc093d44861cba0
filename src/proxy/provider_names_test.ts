import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ip, peer } from "../../tests/support/address.ts";
import { phoneWorld, registerText, sendsOf } from "../../tests/support/phone_world.ts";
import { ALICE, answerText, PROVIDER } from "../../tests/support/phone_world.ts";
import type { HostAnswer, HostQuery } from "../dns/host_query.ts";
import { hostAddresses, providerAddresses, providerQueries } from "./provider_names.ts";

/** A world with one phone of provider.example. */
function worldOfProvider(settings: string) {
  const hosts = { "edge.example": "192.0.2.10", "sbc.example": "192.0.2.11" };
  const world = phoneWorld({ settings, hosts, phones: [] });
  const text = registerText("alice").replaceAll(
    "<sip:alice@192.0.2.10>",
    "<sip:alice@provider.example>",
  );
  const [forwarded] = sendsOf(world.receive(text, ALICE));
  world.receive(answerText(forwarded?.text ?? "", "200 OK"), PROVIDER);
  return world;
}

function query(host: string, port: number | undefined, method: HostQuery["method"]): HostQuery {
  return { host, port, transport: undefined, method };
}

Deno.test("providerQueries() names the domain that a phone is registered with", () => {
  const { state } = worldOfProvider("");
  deepStrictEqual(providerQueries(state), [query("provider.example", undefined, "locate")]);
});

Deno.test("providerQueries() asks for plain addresses with use_srv = 0", () => {
  const { state } = worldOfProvider("use_srv = 0");
  deepStrictEqual(providerQueries(state), [query("provider.example", undefined, "address")]);
});

Deno.test("providerQueries() names outbound proxies first, each once", () => {
  const { state } = worldOfProvider(`outbound_proxy_host = sbc.example
outbound_proxy_port = 5080
outbound_domain_name = provider.example
outbound_domain_host = edge.example
outbound_domain_port = 5070
outbound_domain_name = other.example
outbound_domain_host = EDGE.example
outbound_domain_port = 5070`);
  deepStrictEqual(providerQueries(state), [
    query("edge.example", 5070, "locate"),
    query("sbc.example", 5080, "locate"),
    query("provider.example", undefined, "locate"),
  ]);
});

Deno.test("providerQueries() leaves out registrars that are addresses", () => {
  deepStrictEqual(providerQueries(phoneWorld().state), []);
});

Deno.test("providerQueries() is bounded, whatever is registered", () => {
  const world = phoneWorld({ phones: [] });
  const bindings = {
    all: () => Array.from({ length: 500 }, (_, n) => ({ addressOfRecord: `a@d${n}.example` })),
  };
  const { config } = world.state;
  const source = { config, bindings: Object.assign(Object.create(world.state.bindings), bindings) };
  strictEqual(providerQueries(source).length, 64);
});

const ANSWERS: Readonly<Record<string, HostAnswer>> = {
  "a.example": {
    kind: "targets",
    targets: [
      { peer: peer("192.0.2.1:5060"), transport: "udp" },
      { peer: peer("192.0.2.2:5060"), transport: "udp" },
    ],
  },
  "b.example": { kind: "failed", reason: "no such name" },
};

function lookUp({ host }: HostQuery): HostAnswer {
  return ANSWERS[host] ?? { kind: "unknown" };
}

Deno.test("providerAddresses() gives every server of every name that is known", () => {
  const queries = ["a.example", "b.example", "c.example"].map((host) =>
    query(host, undefined, "locate")
  );
  deepStrictEqual(
    [...providerAddresses(queries, lookUp)],
    [ip("192.0.2.1"), ip("192.0.2.2")],
  );
});

Deno.test("hostAddresses() gives what the cache knows, and nothing else", () => {
  const hosts = ["a.example", "b.example", "c.example"];
  deepStrictEqual(hosts.map((host) => hostAddresses(host, { lookUp }).length), [2, 0, 0]);
});
