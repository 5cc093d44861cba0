import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { FakeKernel } from "../../../tests/support/media_paths.ts";
import { err, type Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load.ts";
import type { OffloadFamily } from "../../nft/offload_table.ts";
import { type NftProcess, NO_NFT } from "./nft_child.ts";
import { NftHost } from "./nft_host.ts";
import { countInterval, offloadPlan, openOffload } from "./open_offload.ts";

function configOf(text: string): Config {
  const { loaded, issues } = loadConfig({ text, fileName: "f" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded.config;
}

interface Setting {
  readonly config: string;
  readonly spawned?: Result<NftProcess>;
  readonly forwarding?: readonly OffloadFamily[];
  readonly chains?: string;
  readonly refuses?: string;
}

/** What came of opening: state, tables and words. */
async function tryOpen(setting: Setting) {
  const kernel = new FakeKernel();
  kernel.chains = setting.chains ?? "";
  const { refuses } = setting;
  if (refuses !== undefined) kernel.refuses = () => refuses;
  const logs: string[] = [];
  const offload = await openOffload({
    config: configOf(setting.config),
    table: "t",
    host: new NftHost({ spawn: () => setting.spawned ?? kernel.nft.spawn(), onLog: () => {} }),
    tell: () => {},
    onLog: ({ level, text }) => logs.push(`${level}: ${text}`),
    forwarding: () => Promise.resolve(setting.forwarding),
  });
  const state = offload === undefined ? "off" : "on";
  await offload?.close();
  const tables = kernel.nft.lines.filter((line) => line.startsWith("table"))
    .map((line) => line.slice(0, 11).trim());
  return { state, tables, logs };
}

const NOTHING = { state: "off", tables: [], logs: [] };

const quiet: readonly (readonly [string, string])[] = [
  ["by default", ""],
  ["when it is off", "media_offload = off"],
  ["when media is not relayed", "media_offload = nftables\nrtp_proxy_enable = 0"],
  ["when a dejitter needs every packet", "media_offload = nftables\nrtp_input_dejitter = 40000"],
];

for (const [when, config] of quiet) {
  Deno.test(`openOffload() does and says nothing ${when}`, async () => {
    deepStrictEqual(await tryOpen({ config }), NOTHING);
  });
}

for (const mode of ["nftables", "auto"]) {
  Deno.test(`openOffload() of ${mode} makes a table for each family`, async () => {
    deepStrictEqual(await tryOpen({ config: `media_offload = ${mode}`, forwarding: [4, 6] }), {
      state: "on",
      tables: ["table ip t", "table ip6 t"],
      logs: [],
    });
  });
}

Deno.test("openOffload() tries both families where forwarding cannot be told", async () => {
  const { tables } = await tryOpen({ config: "media_offload = auto" });
  deepStrictEqual(tables, ["table ip t", "table ip6 t"]);
});

Deno.test("openOffload() makes no table for what is not forwarded", async () => {
  const { tables, logs } = await tryOpen({ config: "media_offload = auto", forwarding: [4] });
  deepStrictEqual([tables, logs], [["table ip t"], []]);
});

const failures: readonly (readonly [string, Omit<Setting, "config">, RegExp])[] = [
  ["forwarding", { forwarding: [] }, /IP forwarding is off; sysctl -w net\.ipv4\.ip_forward=1/],
  ["nft", { spawned: err(NO_NFT) }, /Cannot find nft: it is not installed; install nftables/],
  [
    "the right",
    { refuses: "Operation not permitted" },
    /; start siproxd as root, or give its unit/,
  ],
  ["a kernel that can", { refuses: "Operation not supported" }, /; kernel 5\.12 and nft 1\.0 are/],
];

for (const [what, setting, wanted] of failures) {
  Deno.test(`openOffload() without ${what} says so in one line, and auto without a warning`, async () => {
    for (const [mode, level] of [["nftables", "warning"], ["auto", "info"]]) {
      const { state, logs } = await tryOpen({ ...setting, config: `media_offload = ${mode}` });
      deepStrictEqual([state, logs.length], ["off", 1]);
      match(logs[0] ?? "", new RegExp(`^${level}: media_offload without effect`));
      match(logs[0] ?? "", wanted);
    }
  });
}

const CLOSED = "table inet f {\n\tchain forward {\n" +
  "\t\ttype filter hook forward priority filter; policy drop;\n\t}\n";

Deno.test("openOffload() of auto does not try a firewall that drops what is forwarded", async () => {
  const { state, logs } = await tryOpen({ config: "media_offload = auto", chains: CLOSED });
  strictEqual(state, "off");
  deepStrictEqual(logs, [
    "info: media_offload = auto leaves media to the daemon: what is forwarded is dropped by " +
    "inet f forward; let it through and set media_offload = nftables: " +
    "nft insert rule inet f forward meta l4proto udp ct state untracked accept",
  ]);
});

Deno.test("openOffload() of nftables does as it is told", async () => {
  const { state } = await tryOpen({ config: "media_offload = nftables", chains: CLOSED });
  strictEqual(state, "on");
});

Deno.test("offloadPlan() covers RTP and RTCP, with the mark of media", () => {
  deepStrictEqual(
    offloadPlan(configOf("rtp_port_low = 8000\nrtp_port_high = 8998\nrtp_dscp = 46"), "t"),
    { table: "t", portLow: 8000, portHigh: 8999, dscp: 46 },
  );
});

const intervals: readonly (readonly [number, number])[] = [[300, 15_000], [60, 6000], [1, 100]];

for (const [seconds, wanted] of intervals) {
  Deno.test(`countInterval() of a time-out of ${seconds} s is ${wanted} ms`, () => {
    strictEqual(countInterval(configOf(`rtp_timeout = ${seconds}`)), wanted);
  });
}
