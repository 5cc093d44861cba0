import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { headerValue } from "../../src/cli/demo/sip_text.ts";
import { PROCESS_WAN } from "../support/process_place.ts";
import { SipPeer } from "../support/sip_peer.ts";
import { type DirectiveBench, PATIENCE_MS, PHONE, statusIn } from "./directive_bench.ts";
import { effects } from "./effect.ts";
import { becomes } from "./own_daemon.ts";

const EXPIRES = /;expires=(\d+)/;

/** Seconds that alice is told when she registers at the daemon itself and names no time. */
async function ownExpiry(bench: DirectiveBench): Promise<string | undefined> {
  const { hostname, port } = bench.lan;
  const domain = `${hostname}:${port}`;
  await bench.phone.send(bench.request("REGISTER", { domain }), bench.lan);
  const answer = await bench.phone.next(PATIENCE_MS);
  return EXPIRES.exec(headerValue(answer?.text ?? "", "Contact"))?.[1];
}

/** Whether the daemon's own Via asks for rport, towards either side. */
async function ownRports(bench: DirectiveBench): Promise<readonly boolean[]> {
  const { at } = await bench.register();
  const rung = await bench.in("OPTIONS", { uri: headerUri(at?.text, "Contact") });
  return [rung, at].map((one) => headerValue(one?.text ?? "", "Via").includes(";rport"));
}

function headerUri(text: string | undefined, name: string): string {
  return /<([^>]*)>/.exec(headerValue(text ?? "", name))?.[1] ?? "";
}

effects("SIP", [
  {
    directive: "default_expires",
    change: "600 → 77",
    seen: "a phone that registers without a time is told that one",
    run: async (bench) => {
      await bench.obey([]);
      const before = await ownExpiry(bench);
      await bench.obey(["default_expires = 77"]);
      deepStrictEqual([before, await ownExpiry(bench)], ["600", "77"]);
    },
  },
  {
    directive: "lan_expires",
    change: "0 → 30",
    seen: "the phone is told 30 of the registrar's 600 seconds",
    run: async (bench) => {
      const told = async () =>
        EXPIRES.exec(headerValue((await bench.register()).answer, "Contact"))?.[1];
      await bench.obey([]);
      const before = await told();
      await bench.obey(["lan_expires = 30"]);
      deepStrictEqual([before, await told()], ["600", "30"]);
    },
  },
  {
    directive: "use_rport",
    change: "0 → 1 → 2 → 3",
    seen: "our Via towards the phone, the Internet, both has ;rport",
    run: async (bench) => {
      const found: (readonly boolean[])[] = [];
      for (const value of [0, 1, 2, 3]) {
        await bench.obey([`use_rport = ${value}`]);
        found.push(await ownRports(bench));
      }
      deepStrictEqual(found, [[false, false], [true, false], [false, true], [true, true]]);
    },
  },
  {
    directive: "force_rport",
    change: "0 → 1",
    seen: "the answer goes to the source port, not to the port of Via",
    run: async (bench) => {
      const named = new SipPeer(PHONE);
      const heardBy = async () => {
        const { hostname, port } = bench.lan;
        const uri = `sip:${hostname}:${port}`;
        const via = `${named.hostname}:${named.port}`;
        await bench.phone.send(bench.request("OPTIONS", { uri, via }), bench.lan);
        const heard = () => named.pending + bench.phone.pending > 0;
        await becomes(heard, PATIENCE_MS);
        const first = named.pending > 0 ? "Via" : "source";
        named.clear();
        return first;
      };
      await bench.obey([]);
      const before = await heardBy();
      await bench.obey(["force_rport = 1"]);
      const after = await heardBy();
      named.close();
      deepStrictEqual([before, after], ["Via", "source"]);
    },
  },
  {
    directive: "ua_string",
    change: "unset → Siproxd-UA",
    seen: "User-Agent at the provider",
    run: async (bench) => {
      const agent = async () =>
        headerValue((await bench.out("REGISTER"))?.text ?? "", "User-Agent");
      await bench.obey([]);
      const before = await agent();
      await bench.obey(["ua_string = Siproxd-UA"]);
      deepStrictEqual([before.slice(0, 6), await agent()], ["phone/", "Siproxd-UA"]);
    },
  },
  {
    directive: "obscure_loops",
    change: "0 → 1",
    seen: "the Call-ID at the provider is not the phone's",
    run: async (bench) => {
      await bench.register();
      const isSame = async () => {
        const request = bench.request("OPTIONS");
        await bench.phone.send(request, bench.lan);
        const heard = await bench.provider.next(PATIENCE_MS);
        return headerValue(request, "Call-ID") === headerValue(heard?.text ?? "", "Call-ID");
      };
      await bench.obey([]);
      const before = await isSame();
      await bench.obey(["obscure_loops = 1"]);
      deepStrictEqual([before, await isSame()], [true, false]);
    },
  },
  {
    directive: "user_part_matching",
    change: "1 → 0",
    seen: "a call to alice at a host that nobody registered rings her no more",
    run: async (bench) => {
      await bench.obey([]);
      await bench.register();
      const uri = "sip:alice@elsewhere.example";
      const to = `<${uri}>`;
      const before = await bench.in("OPTIONS", { uri, to });
      await bench.obey(["user_part_matching = 0"]);
      const after = await bench.in("OPTIONS", { uri, to, wanted: "silence" });
      deepStrictEqual([before !== undefined, after], [true, undefined]);
    },
  },
  {
    directive: "compat_responses",
    change: "0 → 1",
    seen: "a call to nobody is refused with 408 in place of 404",
    run: async (bench) => {
      const refusal = async () => {
        const uri = `sip:nobody@${PROCESS_WAN}:${bench.wan.port}`;
        await bench.in("INVITE", { uri, wanted: "silence" });
        return statusIn((await bench.provider.next(PATIENCE_MS))?.text);
      };
      await bench.obey([]);
      const before = await refusal();
      await bench.obey(["compat_responses = 1"]);
      strictEqual(`${before} → ${await refusal()}`, "404 Not Found → 408 Request Timeout");
    },
  },
]);
