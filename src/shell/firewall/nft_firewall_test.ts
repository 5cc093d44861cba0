import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeNft, type FakeReaction } from "../../../tests/support/fake_nft.ts";
import { type IpAddress, parseIpAddress } from "../../base/ip_address.ts";
import type { NftPlan } from "../../nft/nft_plan.ts";
import type { FirewallStream } from "./firewall_module.ts";
import { NftFirewall } from "./nft_firewall.ts";
import { NftHost } from "./nft_host.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

const WAN = ip("203.0.113.1");

const PLAN: NftPlan = {
  table: "t",
  mediaPortLow: 7070,
  mediaPortHigh: 7089,
  mediaDscp: 46,
  sipPort: 5060,
  sipServerPorts: [],
  sipDscp: 0,
  doors: "live",
  guarded: [WAN],
};

function stream(streamId: number, lan = ip("10.0.0.1")): FirewallStream {
  const port = 7070 + 2 * streamId;
  return {
    streamId,
    lan: { own: { address: lan, port: port + 100 }, peer: undefined },
    wan: { own: { address: WAN, port }, peer: undefined },
  };
}

interface Setting {
  readonly react?: (line: string) => FakeReaction;
  readonly plan?: Partial<NftPlan>;
  readonly refreshIntervalMs?: number;
}

/** An open firewall over a fake nft. */
async function open(setting: Setting = {}) {
  const nft = new FakeNft(setting.react);
  const logs: string[] = [];
  const firewall = new NftFirewall({
    plan: { ...PLAN, ...setting.plan },
    host: new NftHost({ spawn: nft.spawn, onLog: () => {} }),
    onLog: ({ text }) => logs.push(text ?? ""),
    ...(setting.refreshIntervalMs !== undefined &&
      { refreshIntervalMs: setting.refreshIntervalMs }),
  });
  const opened = await firewall.open();
  if (!opened.ok) throw new Error(opened.error);
  return { firewall, nft, logs };
}

/** Lines about elements, without the table's name, keywords shortened: `+7072` opens, `-7072` shuts. */
function moves(nft: FakeNft): readonly string[] {
  return nft.lines.filter((line) => line.includes("live4 {") && !line.startsWith("table"))
    .map((line) => {
      const sign = line.includes("timeout") ? "+" : "-";
      const [, keys = ""] = /live4 \{ ([^}]*) \}/.exec(line) ?? [];
      return keys.split(", ").map((key) => `${sign}${key.split(" . ")[1]}`).join(" ");
    });
}

Deno.test("NftFirewall.open() makes the table and fills it", async () => {
  const { firewall, nft } = await open();
  strictEqual(firewall.isUp, true);
  await firewall.settled();
  await firewall.close();
  strictEqual(firewall.isUp, false);
  deepStrictEqual(nft.lines.map((line) => line.slice(0, 24)), [
    "table inet t { flags own",
    "flush chain inet t out; ",
  ]);
});

Deno.test("NftFirewall opens RTP and RTCP of a stream and shuts them", async () => {
  const { firewall, nft } = await open();
  firewall.streamStart(stream(1));
  await firewall.settled();
  firewall.streamStop(stream(1));
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(nft), ["+7072 +7073", "-7072 -7073"]);
});

Deno.test("NftFirewall opens both sides where they are one address", async () => {
  const { firewall, nft } = await open();
  firewall.streamStart(stream(1, WAN));
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(nft), ["+7072 +7073 +7172 +7173"]);
});

Deno.test("NftFirewall puts streams of one moment into few transactions of bounded size", async () => {
  const { firewall, nft } = await open();
  for (let streamId = 1; streamId <= 80; streamId++) firewall.streamStart(stream(streamId));
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(nft).map((line) => line.split(" ").length), [64, 64, 32]);
});

Deno.test("NftFirewall leaves a port open that changes hands in one moment", async () => {
  const { firewall, nft } = await open();
  firewall.streamStart(stream(1));
  await firewall.settled();
  firewall.streamStop(stream(1));
  firewall.streamStart({ ...stream(1), streamId: 9 });
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(nft), ["+7072 +7073", "-7072 -7073", "+7072 +7073"]);
});

Deno.test("NftFirewall does not open what was shut before its turn", async () => {
  const { firewall, nft } = await open();
  firewall.streamStart(stream(1));
  firewall.streamStop(stream(1));
  firewall.streamStop(stream(1));
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(nft), ["-7072 -7073"]);
});

Deno.test("NftFirewall opens no port when it only marks", async () => {
  const { firewall, nft } = await open({ plan: { doors: "untouched" } });
  firewall.streamStart(stream(1));
  firewall.streamStop(stream(1));
  await firewall.settled();
  await firewall.close();
  deepStrictEqual([moves(nft), nft.lines.length], [[], 2]);
});

Deno.test("NftFirewall keeps live ports open for another while, again and again", async () => {
  let opened = 0;
  const twice = Promise.withResolvers<void>();
  const { firewall, nft } = await open({
    refreshIntervalMs: 2,
    react: (line) => {
      if (line.includes("timeout 600s") && ++opened === 3) twice.resolve();
      return { kind: "obey" };
    },
  });
  firewall.streamStart(stream(1));
  await twice.promise;
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(nft).slice(0, 3), ["+7072 +7073", "+7072 +7073", "+7072 +7073"]);
});

Deno.test("NftFirewall tells a new nft of all that is live", async () => {
  const [first, second] = [new FakeNft(), new FakeNft()];
  const waiting = [first, second];
  const again = Promise.withResolvers<void>();
  const firewall = new NftFirewall({
    plan: PLAN,
    host: new NftHost({
      spawn: () => (waiting.shift() ?? new FakeNft()).spawn(),
      onLog: ({ event }) => event === "firewall.again" && again.resolve(),
      backOffMs: [1],
    }),
    onLog: () => {},
  });
  await firewall.open();
  firewall.streamStart(stream(1));
  firewall.streamStart(stream(2));
  await firewall.settled();
  first.end();
  firewall.streamStop(stream(1));
  await again.promise;
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(moves(second), ["+7074 +7075"]);
});

Deno.test("NftFirewall.replan() changes the rules, once for each change", async () => {
  const { firewall, nft } = await open();
  await firewall.replan(PLAN);
  await firewall.replan({ ...PLAN, mediaDscp: 34 });
  await firewall.settled();
  await firewall.close();
  const last = nft.lines.at(-1) ?? "";
  deepStrictEqual([nft.lines.length, last.includes("ip dscp set 34")], [3, true]);
});

Deno.test("NftFirewall tells what nft refuses", async () => {
  const { firewall, logs } = await open({
    react: (line) =>
      line.includes("live4 { 203")
        ? { kind: "complain", text: "Error: Could not process rule: No space left" }
        : { kind: "obey" },
  });
  firewall.streamStart(stream(1));
  await firewall.settled();
  await firewall.close();
  deepStrictEqual(logs, ["Cannot open ports: Error: Could not process rule: No space left"]);
});
