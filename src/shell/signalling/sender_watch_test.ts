import { deepStrictEqual } from "node:assert/strict";
import { ip, peer } from "../../../tests/support/address.ts";
import { incomingText, phoneWorld, STRANGER } from "../../../tests/support/phone_world.ts";
import { encodeLatin1 } from "../../base/text.ts";
import { HostTable } from "../../dns/host_table.ts";
import { Counters } from "../../metrics/counters.ts";
import type { ProxyInput } from "../../proxy/input.ts";
import { Journal } from "./journal.ts";
import { SenderWatch } from "./sender_watch.ts";

/** A watch over a world with one phone, whose messages take no time. */
function openWatch(settings: string) {
  const world = phoneWorld({ settings });
  const heard: ProxyInput[] = [];
  const asked: string[] = [];
  const { state } = world;
  const journal = new Journal({ ...state.config.log, post: () => {} });
  const watch = new SenderWatch({
    state,
    env: () => world.env,
    now: () => 0,
    receive: (input) => void heard.push(input),
    counters: new Counters(),
    journal,
    hosts: new HostTable(),
    resolve: ({ host }) => {
      asked.push(host);
      return Promise.resolve();
    },
  });
  const listenPoint = world.env.listenPoints.find(({ side }) => side === "wan");
  if (listenPoint === undefined) throw new Error("Cannot find a socket of the Internet side");
  return { watch, heard, asked, listenPoint };
}

Deno.test("SenderWatch.take() hands messages on", () => {
  const { watch, heard, listenPoint } = openWatch("");
  const data = encodeLatin1(incomingText());
  const input = { data, source: peer(STRANGER.source), listenPoint, connectionId: undefined };
  watch.take(input);
  deepStrictEqual(heard, [input]);
});

Deno.test("SenderWatch.tick() looks providers up at once and then every tenth time", () => {
  const { watch, asked } = openWatch("outbound_proxy_host = sbc.example");
  const after: number[] = [];
  for (let tick = 1; tick <= 21; tick++) {
    watch.tick();
    if ([1, 10, 11, 20, 21].includes(tick)) after.push(asked.length);
  }
  deepStrictEqual(after, [1, 1, 2, 2, 3]);
});

Deno.test("SenderWatch.mayHearUs() keeps silent to strangers where it is told to", () => {
  const answers = ["any", "known"].map((value) => {
    const { watch, listenPoint } = openWatch(`wan_peers = ${value}`);
    return watch.mayHearUs({ address: ip("198.51.100.9"), port: 40_000 }, listenPoint);
  });
  deepStrictEqual(answers, [true, false]);
});
