import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { FakeNft, type FakeReaction } from "../../../tests/support/fake_nft.ts";
import { FakeKernel, outgoingPath, reversePath } from "../../../tests/support/media_paths.ts";
import { type IpAddress, parseIpAddress } from "../../base/ip_address.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load.ts";
import { firstIdOf } from "../../rtp/media_share.ts";
import { Firewall, type FirewallEvent } from "./firewall.ts";
import { type NftProcess, NO_NFT } from "./nft_child.ts";
import type { OffloadReport } from "./offload_messages.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`"${text}" is no address`);
  return address;
}

function configOf(text: string): Config {
  const { loaded, issues } = loadConfig({ text, fileName: "f" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded.config;
}

const WAN = ip("203.0.113.1");

const START: FirewallEvent = {
  kind: "start",
  streamId: 5,
  lan: { address: ip("10.0.0.1"), port: 7070 },
  wan: { address: WAN, port: 7080 },
};

const PEER = { address: ip("198.51.100.1"), port: 9 };

/** A firewall over a fake nft and a list of programs that were run. */
function setUp(text: string, spawned?: Result<NftProcess>) {
  const nft = new FakeNft();
  const logs: string[] = [];
  const runs: string[] = [];
  const firewall = new Firewall({
    config: configOf(text),
    onLog: ({ level, text }) => logs.push(`${level}: ${text}`),
    spawn: () => spawned ?? ok(nft),
    run: (program, args) => {
      runs.push([program, ...args].join(" "));
      return Promise.resolve(ok(0));
    },
  });
  return { firewall, nft, logs, runs };
}

const quiet: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["marks of media that is not relayed", "rtp_dscp = 46\nrtp_proxy_enable = 0"],
  ["doors for media that is not relayed", "firewall_module = nftables\nrtp_proxy_enable = 0"],
];

for (const [what, text] of quiet) {
  Deno.test(`Firewall.open() starts no program for ${what}`, async () => {
    const { firewall, nft, logs } = setUp(text);
    await firewall.open();
    deepStrictEqual([firewall.runsPrograms, firewall.state, nft.lines, logs], [
      false,
      "off",
      [],
      [],
    ]);
    await firewall.close();
  });
}

Deno.test("Firewall sets marks as configured, by a table named after the process", async () => {
  const { firewall, nft } = setUp(
    "rtp_dscp = 46\nsip_dscp = 24\nsip_listen_port = 5062\noutbound_proxy_host = p\noutbound_proxy_port = 5080",
  );
  await firewall.open();
  deepStrictEqual([firewall.runsPrograms, firewall.state], [true, "up"]);
  await firewall.close();
  strictEqual(firewall.state, "off");
  const rules = (nft.lines[1] ?? "").split("; ").filter((rule) => rule.includes("ipv4"));
  const start = `add rule inet siproxd_${Deno.pid} out meta nfproto ipv4`;
  deepStrictEqual(rules, [
    `${start} udp sport 7070-7089 ip dscp set 46`,
    `${start} udp sport 5062 ip dscp set 24`,
    `${start} tcp sport 5062 ip dscp set 24`,
    `${start} tcp dport { 5060, 5080 } ip dscp set 24`,
  ]);
});

Deno.test("Firewall guards the address that it is told, and the next one", async () => {
  const { firewall, nft } = setUp("firewall_module = nftables");
  await firewall.open();
  await firewall.guard([WAN]);
  await firewall.guard([WAN]);
  await firewall.guard([ip("203.0.113.9")]);
  await firewall.guard([]);
  await firewall.close();
  const guarded = nft.lines.slice(1).map((line) => /guarded4 \{ (\S+) \}/.exec(line)?.[1]);
  deepStrictEqual(guarded, [undefined, "203.0.113.1", "203.0.113.9", undefined]);
});

Deno.test("Firewall tells the command module of a stream, its peers and its end", async () => {
  const { firewall, runs } = setUp("firewall_module = command\nfirewall_command = /bin/true");
  await firewall.open();
  strictEqual(firewall.runsPrograms, true);
  firewall.hear(START);
  firewall.hear({
    kind: "peer",
    streamId: 5,
    side: "wan",
    peer: PEER,
  });
  firewall.hear({ kind: "peer", streamId: 6, side: "wan", peer: undefined });
  firewall.hear({ kind: "stop", streamId: 5 });
  firewall.hear({ kind: "stop", streamId: 5 });
  await firewall.close();
  deepStrictEqual(runs, [
    "/bin/true start incoming 203.0.113.1 7080 - 0 5",
    "/bin/true start outgoing 10.0.0.1 7070 - 0 5",
    "/bin/true change incoming 203.0.113.1 7080 198.51.100.1 9 5",
    "/bin/true stop incoming 203.0.113.1 7080 198.51.100.1 9 5",
    "/bin/true stop outgoing 10.0.0.1 7070 - 0 5",
  ]);
});

Deno.test("Firewall ends all streams when the media isolate is replaced, and at its own end", async () => {
  const { firewall, runs } = setUp("firewall_module = command\nfirewall_command = /bin/true");
  await firewall.open();
  firewall.hear(START);
  firewall.hear({ kind: "reset", worker: 0 });
  firewall.hear({ ...START, streamId: 6 });
  await firewall.close();
  deepStrictEqual(
    runs.map((line) => line.split(" ").slice(1, 3).concat(line.slice(-1)).join(" ")),
    [
      "start incoming 5",
      "start incoming 6",
      "start outgoing 5",
      "start outgoing 6",
      "stop incoming 5",
      "stop incoming 6",
      "stop outgoing 5",
      "stop outgoing 6",
    ],
  );
});

Deno.test("Firewall without nft says once what to type", async () => {
  const { firewall, logs } = setUp("rtp_dscp = 46\nfirewall_module = nftables", err(NO_NFT));
  await firewall.open();
  deepStrictEqual([firewall.runsPrograms, firewall.state, logs.length], [false, "off", 1]);
  match(
    logs[0] ?? "",
    /^warning: rtp_dscp, firewall_module = nftables without effect: .*iptables -t/,
  );
  firewall.hear(START);
  await firewall.close();
});

Deno.test("Firewall.follow() says that marks which the start had no use for may take a restart", async () => {
  const { firewall, logs } = setUp("", err("No permission to run /usr/sbin/nft"));
  await firewall.open();
  await firewall.follow(configOf("rtp_dscp = 46"));
  match(
    logs.join("\n"),
    /^warning: rtp_dscp without effect: No permission to run \/usr\/sbin\/nft, a restart of siproxd may help; or set /,
  );
  await firewall.close();
});

Deno.test("Firewall without the right to change the firewall says once how to get it", async () => {
  const powerless = new FakeNft((): FakeReaction => ({
    kind: "complain",
    text: "Operation not permitted (you must be root)",
  }));
  const { firewall, logs } = setUp("rtp_dscp = 46", ok(powerless));
  await firewall.open();
  deepStrictEqual([firewall.runsPrograms, logs.length], [false, 1]);
  match(logs[0] ?? "", /CAP_NET_ADMIN.*; or set the marks by hand: nft 'table/);
  await firewall.close();
});

Deno.test("Firewall.follow() obeys changed marks, and drops the table with the last one", async () => {
  const { firewall, nft } = setUp("rtp_dscp = 46");
  await firewall.open();
  await firewall.follow(configOf("rtp_dscp = 34"));
  match(nft.lines.at(-1) ?? "", /ip dscp set 34/);
  await firewall.follow(configOf("firewall_module = nftables"));
  deepStrictEqual([firewall.state, nft.lines.length], ["off", 3]);
  await firewall.close();
});

Deno.test("Firewall.follow() starts nft for marks that are new, and opens no doors it had not before", async () => {
  const { firewall, nft } = setUp("");
  await firewall.open();
  await firewall.follow(configOf("sip_dscp = 24\nfirewall_module = nftables"));
  strictEqual(firewall.state, "up");
  match(nft.lines[0] ?? "", /^table inet siproxd_\d+ \{ flags owner; chain out /);
  await firewall.close();
});

/** A firewall that offloads media over a fake kernel, and what it told the media isolate. */
async function openWithOffload(text: string) {
  const kernel = new FakeKernel();
  const reports: OffloadReport[] = [];
  const firewall = new Firewall({
    config: configOf(`media_offload = nftables\n${text}`),
    onLog: () => {},
    spawn: kernel.nft.spawn,
    tellMedia: (report) => reports.push(report),
    forwarding: () => Promise.resolve([4]),
  });
  await firewall.open();
  return { firewall, kernel, reports };
}

Deno.test("Firewall shares one nft between marks and media, and keeps run for it", async () => {
  const { firewall, kernel, reports } = await openWithOffload("rtp_dscp = 46");
  deepStrictEqual([firewall.runsPrograms, firewall.state, firewall.offload], [true, "up", "up"]);
  await firewall.close();
  deepStrictEqual(firewall.offload, "off");
  deepStrictEqual(
    kernel.nft.lines.filter((line) => line.startsWith("table")).map((line) => line.split(" ")[1]),
    ["inet", "ip"],
  );
  deepStrictEqual(reports, [{ kind: "ready" }]);
});

Deno.test("Firewall hands paths over, counts them, and begins anew with the media isolate", async () => {
  const { firewall, kernel, reports } = await openWithOffload("");
  const path = outgoingPath();
  firewall.hear({ kind: "offload", request: { kind: "hand-over", paths: [{ pathId: 1, path }] } });
  while (reports.at(-1)?.kind !== "handed") await Promise.resolve();
  kernel.pass(path, 3);
  await firewall.count();
  firewall.hear({ kind: "reset", worker: 0 });
  await firewall.count();
  await firewall.close();
  deepStrictEqual(reports.slice(0, 4), [
    { kind: "ready" },
    { kind: "handed", pathIds: [1] },
    { kind: "counted", counts: [{ pathId: 1, packets: 3, bytes: 516 }] },
    { kind: "ready", worker: 0 },
  ]);
  strictEqual(kernel.elements.size, 0);
});

Deno.test("Firewall.follow() keeps what the kernel relays, by new ports and another mark", async () => {
  const { firewall, kernel } = await openWithOffload("");
  await firewall.follow(configOf("media_offload = off\nrtp_port_high = 7999\nrtp_dscp = 34"));
  deepStrictEqual(firewall.offload, "up");
  const changed = kernel.nft.lines.find((line) => line.startsWith("flush chain ip "));
  match(changed ?? "", /udp dport 7070-7999 .* ip dscp set 34/);
  await firewall.close();
});

Deno.test("Firewall leaves the streams and paths of other media isolates alone when one is replaced", async () => {
  const { firewall, kernel, reports } = await openWithOffload("");
  const [first, second] = [firstIdOf(0, () => 0), firstIdOf(1, () => 0)];
  const path = outgoingPath();
  const paths = [{ pathId: first, path }, { pathId: second, path: reversePath(path) }];
  firewall.hear({ kind: "offload", request: { kind: "hand-over", paths } });
  while (reports.at(-1)?.kind !== "handed") await Promise.resolve();
  const all = kernel.elements.size;
  firewall.hear({ kind: "reset", worker: 1 });
  await firewall.count();
  await firewall.count();
  deepStrictEqual([all, kernel.elements.size], [8, 4]);
  await firewall.close();
  deepStrictEqual(reports.filter(({ kind }) => kind === "ready" || kind === "taken"), [
    { kind: "ready" },
    { kind: "ready", worker: 1 },
    { kind: "taken", pathIds: [second] },
  ]);
});

Deno.test("Firewall ends the streams of a media isolate that is replaced, and no others", async () => {
  const { firewall, runs } = setUp("firewall_module = command\nfirewall_command = /bin/true");
  await firewall.open();
  const [first, second] = [firstIdOf(0, () => 0), firstIdOf(1, () => 0)];
  firewall.hear({ ...START, streamId: first });
  firewall.hear({ ...START, streamId: second });
  firewall.hear({ kind: "reset", worker: 1 });
  firewall.hear({ kind: "stop", streamId: second });
  firewall.hear({ kind: "peer", streamId: first, side: "wan", peer: PEER });
  await firewall.close();
  const told = runs.filter((line) => line.includes(" incoming ")).map((line) => {
    const words = line.split(" ");
    return `${words[1]} ${words.at(-1)}`;
  });
  // Programs of different streams run side by side.
  deepStrictEqual(told.toSorted(), [
    `change ${first}`,
    `start ${first}`,
    `start ${second}`,
    `stop ${first}`,
    `stop ${second}`,
  ]);
});
