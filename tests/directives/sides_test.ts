import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { headerValue, placeIn, uriIn } from "../../src/cli/demo/sip_text.ts";
import { findFreePorts } from "../../src/cli/demo/free_ports.ts";
import { PROCESS_LAN, PROCESS_WAN } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";
import {
  type DirectiveBench,
  PATIENCE_MS,
  PHONE,
  SILENCE_MS,
  statusIn,
} from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { becomes } from "./own_daemon.ts";

/** Whether the daemon answers a phone's OPTIONS at an address. */
async function isServed(
  { phone }: DirectiveBench,
  at: { readonly hostname: string; readonly port: number; readonly wanted: "answer" | "silence" },
): Promise<boolean> {
  const patienceMs = at.wanted === "answer" ? PATIENCE_MS : SILENCE_MS;
  phone.clear();
  return await phone.optionsAnswered({ hostname: at.hostname, port: at.port }, patienceMs) !==
    undefined;
}

/** Waits for the silence of an address that was left: the system closes a socket that is being read a moment later. */
async function isLeft(
  bench: DirectiveBench,
  at: { readonly hostname: string; readonly port: number },
): Promise<boolean> {
  return await becomes(
    async () => !await isServed(bench, { ...at, wanted: "silence" }),
    PATIENCE_MS,
  );
}

effects("the interfaces", [
  {
    directive: "if_inbound",
    change: `${PROCESS_LAN} → 127.12.0.7`,
    seen: "phones are served at the new address and no longer at the old one",
    run: async (bench) => {
      const { port } = bench.lan;
      await bench.obey([]);
      const before = [
        await isServed(bench, { hostname: PROCESS_LAN, port, wanted: "answer" }),
        await isServed(bench, { hostname: "127.12.0.7", port, wanted: "silence" }),
      ];
      await bench.obey(["if_inbound = 127.12.0.7"]);
      const after = [
        await isServed(bench, { hostname: "127.12.0.7", port, wanted: "answer" }),
        await isLeft(bench, { hostname: PROCESS_LAN, port }),
      ];
      deepStrictEqual([before, after], [[true, false], [true, true]]);
    },
  },
  {
    directive: "if_outbound",
    change: `${PROCESS_WAN} → 127.22.0.7`,
    seen: "requests reach the provider from the new address",
    run: async (bench) => {
      await bench.obey([]);
      const before = await bench.out("REGISTER");
      await bench.obey(["if_outbound = 127.22.0.7"]);
      const after = await bench.out("REGISTER");
      deepStrictEqual([before?.hostname, after?.hostname], [PROCESS_WAN, "127.22.0.7"]);
    },
  },
  {
    directive: "host_outbound",
    change: "unset → 203.0.113.7",
    seen: "the Contact at the provider names it",
    run: async (bench) => {
      const contactHost = async () => {
        const request = await bench.out("REGISTER");
        return placeIn(uriIn(headerValue(request?.text ?? "", "Contact"))).hostname;
      };
      await bench.obey([]);
      const before = await contactHost();
      await bench.obey(["host_outbound = 203.0.113.7"]);
      deepStrictEqual([before, await contactHost()], [PROCESS_WAN, "203.0.113.7"]);
    },
  },
  {
    directive: "sip_listen_port",
    change: "a port → another",
    seen: "SIP is served on the new port and no longer on the old one",
    run: async (bench) => {
      const { hostname, port } = bench.lan;
      const other = findFreePorts([PROCESS_LAN, PROCESS_WAN, "127.0.0.1"], 1) ?? 0;
      await bench.obey([]);
      const before = [
        await isServed(bench, { hostname, port, wanted: "answer" }),
        await isServed(bench, { hostname, port: other, wanted: "silence" }),
      ];
      await bench.obey([`sip_listen_port = ${other}`]);
      const after = [
        await isServed(bench, { hostname, port: other, wanted: "answer" }),
        await isLeft(bench, { hostname, port }),
      ];
      deepStrictEqual([before, after], [[true, false], [true, true]]);
    },
  },
]);

effects("the access lists", [
  {
    directive: "hosts_allow_reg",
    change: "unset → another host",
    seen: "the phone's REGISTER reaches the provider no more",
    run: async (bench) => {
      await bench.obey([]);
      const before = await bench.out("REGISTER");
      await bench.obey(["hosts_allow_reg = 127.12.0.3/32"]);
      const refused = await bench.out("REGISTER", { wanted: "silence" });
      await bench.obey([`hosts_allow_reg = ${PHONE}/32`]);
      const after = await bench.out("REGISTER");
      deepStrictEqual([before, refused, after].map((one) => one !== undefined), [
        true,
        false,
        true,
      ]);
    },
  },
  {
    directive: "hosts_allow_sip",
    change: "unset → another host",
    seen: "the phone's OPTIONS gets no answer",
    run: async (bench) => {
      const { lan } = bench;
      await bench.obey([]);
      const before = await isServed(bench, { ...lan, wanted: "answer" });
      await bench.obey(["hosts_allow_sip = 127.12.0.3/32"]);
      const after = await isServed(bench, { ...lan, wanted: "silence" });
      deepStrictEqual([before, after], [true, false]);
    },
  },
  {
    directive: "hosts_deny_sip",
    change: "unset → the phone",
    seen: "the phone's OPTIONS gets no answer",
    run: async (bench) => {
      const { lan } = bench;
      await bench.obey([]);
      const before = await isServed(bench, { ...lan, wanted: "answer" });
      await bench.obey([`hosts_deny_sip = ${PHONE}/32`]);
      const after = await isServed(bench, { ...lan, wanted: "silence" });
      deepStrictEqual([before, after], [true, false]);
    },
  },
  {
    directive: "wan_peers",
    change: "any → known",
    seen: "a stranger on the Internet gets no answer",
    run: async (bench) => {
      const stranger = new SipPeer("127.22.0.99");
      const ask = async (patienceMs: number) => {
        stranger.clear();
        return statusIn(await stranger.optionsAnswered(bench.wan, patienceMs));
      };
      await bench.obey([]);
      const before = await ask(PATIENCE_MS);
      await bench.obey(["wan_peers = known"]);
      const after = await ask(SILENCE_MS);
      stranger.close();
      strictEqual(after, undefined);
      strictEqual(before, "200 OK");
    },
  },
]);
