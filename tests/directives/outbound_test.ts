import { deepStrictEqual } from "node:assert/strict";
import { headerValue, placeIn, uriIn } from "../../src/cli/demo/sip_text.ts";
import { PROCESS_LAN, PROCESS_WAN } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { type Asked, type DirectiveBench, PATIENCE_MS } from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { becomes } from "./own_daemon.ts";

/** Who of the peers gets the phone's REGISTER: its place in the list. */
async function whoGets(
  bench: DirectiveBench,
  plan: { readonly peers: readonly SipPeer[]; readonly asked?: Asked },
): Promise<number> {
  for (const peer of plan.peers) peer.clear();
  await bench.phone.send(bench.request("REGISTER", plan.asked), bench.lan);
  await becomes(() => plan.peers.some(({ pending }) => pending > 0), PATIENCE_MS);
  return plan.peers.findIndex(({ pending }) => pending > 0);
}

/** Asks of a domain, sent to a peer at each address in turn, reach that peer. */
async function followsTriple(
  bench: DirectiveBench,
  addresses: readonly string[],
): Promise<void> {
  const peers = addresses.map((address) => new SipPeer(address));
  const asked = { uri: "sip:mine.example", domain: "mine.example" };
  const found: number[] = [];
  for (const special of peers) {
    await bench.obey(triple("mine.example", { global: bench.provider, special }));
    found.push(await whoGets(bench, { peers, asked }));
  }
  for (const peer of peers) peer.close();
  deepStrictEqual(found, [0, 1]);
}

/** Host of the Contact that the provider sees in a call of a phone that is registered at the daemon itself. */
async function shownHost(bench: DirectiveBench): Promise<string> {
  const { hostname, port } = bench.lan;
  const domain = `${hostname}:${port}`;
  // A binding gets its public name when it is made.
  await bench.phone.send(
    bench.request("REGISTER", { domain, headers: [["Expires", "0"]] }),
    bench.lan,
  );
  await bench.phone.next(PATIENCE_MS);
  await bench.phone.send(bench.request("REGISTER", { domain }), bench.lan);
  await bench.phone.next(PATIENCE_MS);
  const invite = await bench.out("INVITE", { body: AUDIO });
  return placeIn(uriIn(headerValue(invite?.text ?? "", "Contact"))).hostname;
}

const AUDIO = ["v=0", "o=- 1 1 IN IP4 127.12.0.2", "s=-", "c=IN IP4 127.12.0.2", "t=0 0"]
  .concat("m=audio 30000 RTP/AVP 0", "").join("\r\n");

effects("masquerading", [
  {
    directive: "mask_host",
    change: "another host → the one that the phone registers with",
    seen: "its Contact at the provider names masked_host",
    run: async (bench) => {
      await bench.obey(["mask_host = 192.168.1.99", "masked_host = public.example"]);
      const before = await shownHost(bench);
      await bench.obey([`mask_host = ${PROCESS_LAN}`, "masked_host = public.example"]);
      deepStrictEqual([before, await shownHost(bench)], [PROCESS_WAN, "public.example"]);
    },
  },
  {
    directive: "masked_host",
    change: "one.example → two.example",
    seen: "the Contact at the provider names it",
    run: async (bench) => {
      await bench.obey([`mask_host = ${PROCESS_LAN}`, "masked_host = one.example"]);
      const before = await shownHost(bench);
      await bench.obey([`mask_host = ${PROCESS_LAN}`, "masked_host = two.example"]);
      deepStrictEqual([before, await shownHost(bench)], ["one.example", "two.example"]);
    },
  },
]);

effects("the outbound proxies", [
  {
    directive: "outbound_proxy_host",
    change: "unset → another host",
    seen: "a REGISTER for the provider reaches that host",
    run: async (bench) => {
      const proxy = new SipPeer("127.22.0.3");
      const peers = [bench.provider, proxy];
      await bench.obey([]);
      const before = await whoGets(bench, { peers });
      await bench.obey([
        `outbound_proxy_host = ${proxy.hostname}`,
        `outbound_proxy_port = ${proxy.port}`,
      ]);
      const after = await whoGets(bench, { peers });
      proxy.close();
      deepStrictEqual([before, after], [0, 1]);
    },
  },
  {
    directive: "outbound_proxy_port",
    change: "a port → another",
    seen: "a REGISTER reaches the outbound proxy at that port",
    run: async (bench) => {
      const peers = [new SipPeer("127.22.0.3"), new SipPeer("127.22.0.3")];
      const found: number[] = [];
      for (const { hostname, port } of peers) {
        await bench.obey([`outbound_proxy_host = ${hostname}`, `outbound_proxy_port = ${port}`]);
        found.push(await whoGets(bench, { peers }));
      }
      for (const peer of peers) peer.close();
      deepStrictEqual(found, [0, 1]);
    },
  },
  {
    directive: "outbound_domain_name",
    change: "another domain → the phone's",
    seen: "its requests reach the proxy of that domain, not the global one",
    run: async (bench) => {
      const [global, special] = [new SipPeer("127.22.0.3"), new SipPeer("127.22.0.4")];
      const asked = { uri: "sip:mine.example", domain: "mine.example" };
      const found: number[] = [];
      for (const name of ["other.example", "mine.example"]) {
        await bench.obey(triple(name, { global, special }));
        found.push(await whoGets(bench, { peers: [global, special], asked }));
      }
      for (const peer of [global, special]) peer.close();
      deepStrictEqual(found, [0, 1]);
    },
  },
  {
    directive: "outbound_domain_host",
    change: "a host → another",
    seen: "requests of the domain reach it",
    run: (bench) => followsTriple(bench, ["127.22.0.3", "127.22.0.4"]),
  },
  {
    directive: "outbound_domain_port",
    change: "a port → another",
    seen: "requests of the domain reach it",
    run: (bench) => followsTriple(bench, ["127.22.0.4", "127.22.0.4"]),
  },
]);

/** A global outbound proxy and one of a domain. */
function triple(
  domain: string,
  hops: { readonly global: SipPeer; readonly special: SipPeer },
): readonly string[] {
  return [
    `outbound_proxy_host = ${hops.global.hostname}`,
    `outbound_proxy_port = ${hops.global.port}`,
    `outbound_domain_name = ${domain}`,
    `outbound_domain_host = ${hops.special.hostname}`,
    `outbound_domain_port = ${hops.special.port}`,
  ];
}
