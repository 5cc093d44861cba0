import { deepStrictEqual } from "node:assert/strict";
import { requestText, seen } from "../support/tcp_messages.ts";
import { TcpPeer } from "../support/tcp_peer.ts";
import { PATIENCE_MS, PROVIDER } from "./directive_bench.ts";
import { effects } from "./effect.ts";

/** Longer than the second that is set, with the second in which connections are looked at. */
const LONGER_MS = 2_500;

effects("TCP", [
  {
    directive: "tcp_timeout",
    change: "600 → 1",
    seen: "a silent connection is closed",
    run: async (bench) => {
      const isClosed = async (patienceMs: number) => {
        const silent = await TcpPeer.to(bench.lan);
        const closed = await silent.isClosedWithin(patienceMs);
        silent.close();
        return closed;
      };
      await bench.obey([]);
      const before = await isClosed(LONGER_MS);
      await bench.obey(["tcp_timeout = 1"]);
      deepStrictEqual([before, await isClosed(PATIENCE_MS)], [false, true]);
    },
  },
  {
    directive: "tcp_keepalive",
    change: "0 → 1",
    seen: "a connection gets CRLFs",
    run: async (bench) => {
      const kept = async (patienceMs: number) => {
        const silent = await TcpPeer.to(bench.lan);
        const count = await silent.keptAlive(1, patienceMs);
        silent.close();
        return count > 0;
      };
      await bench.obey([]);
      const before = await kept(LONGER_MS);
      await bench.obey(["tcp_keepalive = 1"]);
      deepStrictEqual([before, await kept(PATIENCE_MS)], [false, true]);
    },
  },
  {
    directive: "tcp_connect_timeout",
    change: "600000 → 400",
    seen: "the phone hears 504 of a server that answers no dial",
    run: async (bench) => {
      const answer = async (patienceMs: number) => {
        // The system answers no further SYN once the accept queue of a listener is full.
        const listener = Deno.listen({ hostname: PROVIDER, port: 0, tcpBacklog: 1 });
        const full = { hostname: PROVIDER, port: listener.addr.port };
        const queue = await Promise.all([Deno.connect(full), Deno.connect(full)]);
        const phone = await TcpPeer.to(bench.lan);
        const domain = `${full.hostname}:${full.port}`;
        const uri = `sip:${domain}`;
        await phone.send(
          requestText({ method: "REGISTER", uri, from: phone, transport: "TCP", domain }),
        );
        const heard = await phone.next(patienceMs);
        for (const one of [phone, ...queue, listener]) one.close();
        return seen(heard, "")[0];
      };
      await bench.obey(["tcp_connect_timeout = 600000"]);
      const before = await answer(LONGER_MS);
      await bench.obey(["tcp_connect_timeout = 400"]);
      deepStrictEqual([before, await answer(PATIENCE_MS)], ["", "SIP/2.0 504 Server Time-out"]);
    },
  },
]);
