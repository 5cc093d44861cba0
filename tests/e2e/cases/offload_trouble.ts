/**
 * What gets in the way of media in the kernel: firewalls, other programs, missing rights and tools.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { mustRun, sleep } from "../support/command.ts";
import { childrenOf, ruleset, waitForRules } from "../support/nft.ts";
import {
  dropForwarded,
  firewallLines,
  MEDIA_TABLE,
  turnForwardingOn,
  waitForKernel,
} from "../support/offload.ts";
import { startProcess } from "../support/process.ts";
import { proxyCommand } from "../support/proxy.ts";
import { makeDirectory } from "../support/work_directory.ts";
import {
  callCarol,
  closeOffloadBench,
  type OffloadBench,
  openOffloadBench,
} from "../support/offload_phones.ts";

/** RTP of the daemon to somebody. */
const RELAYED = "udp.srcport >= 7070 && udp.srcport <= 7089 && udp.length > 100";

/** What they say to a table with an owner. */
const TOO_OLD = [
  { what: "a kernel that is too old", says: "Error: Could not process rule: Invalid argument" },
  {
    what: "an nft that is too old",
    says: "Error: syntax error, unexpected string, expecting dormant",
  },
] as const;

const CASES: readonly Case<OffloadBench>[] = [
  {
    name: "an nft that dies costs no audio, and its successor gets the call again",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callCarol(bench, async () => {
        await waitForKernel(bench, 1);
        const [nft = 0] = await childrenOf(bench.proxy.process.pid);
        Deno.kill(nft, "SIGKILL");
        await waitForKernel(bench, 0);
        await bench.proxy.process.waitForLog(/firewall nft runs again, its table is back/, 10_000);
        await waitForKernel(bench, 1);
      });
    },
  },
  {
    name: "a forward chain that drops media in a call gives it back to the daemon",
    timeoutMs: 60_000,
    run: async (bench) => {
      await callCarol(bench, async () => {
        await waitForKernel(bench, 1);
        await dropForwarded(bench.router);
        await waitForKernel(bench, 0);
        // The second that it took to notice is little of the whole call.
        await sleep(6000);
      });
    },
  },
  {
    name: "behind such a chain a call is taken back within a second, and the log says what to add",
    timeoutMs: 60_000,
    run: async (bench) => {
      await bench.proxy.stop();
      await bench.proxy.restart();
      await callCarol(bench, async () => {
        await bench.proxy.process.waitForLog(
          /nft insert rule inet closed forward meta l4proto udp ct state untracked accept/,
          10_000,
        );
        await waitForKernel(bench, 0);
      });
      const flow = await longestGap(bench);
      assert.ok(flow < 1, `silent for ${flow} s`);
    },
  },
  {
    name: "the rule that the log names lets the media through",
    timeoutMs: 60_000,
    run: async (bench) => {
      const log = await bench.proxy.process.log();
      const command = /nft (insert rule inet closed forward .* accept)/.exec(log)?.[1] ?? "";
      await mustRun("ip", ["netns", "exec", bench.router, "nft", command]);
      await bench.proxy.stop();
      await bench.proxy.restart();
      await callCarol(bench, () => waitForKernel(bench, 1));
      await mustRun("ip", ["netns", "exec", bench.router, "nft", "delete table inet closed"]);
    },
  },
  {
    name: "SIGKILL of the daemon leaves no table",
    timeoutMs: 30_000,
    run: async ({ proxy, router }) => {
      assert.match(await ruleset(router), MEDIA_TABLE);
      await proxy.kill();
      await waitForRules(router, { pattern: MEDIA_TABLE, until: "gone", timeoutMs: 3000 });
    },
  },
  {
    name: "without forwarding one line says so, and calls go on",
    timeoutMs: 60_000,
    run: async (bench) => {
      const sysctl = ["netns", "exec", bench.router, "sysctl", "-qw", "net.ipv4.ip_forward=0"];
      await mustRun("ip", sysctl);
      await bench.proxy.stop();
      await bench.proxy.restart();
      await callCarol(bench, () => Promise.resolve());
      const lines = await firewallLines(bench.proxy.process);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", /WARNING.*media_offload without effect.*IP forwarding is off/);
      await turnForwardingOn(bench.router);
    },
  },
  {
    name: "without the right to change the firewall one line says how to get it, and calls go on",
    timeoutMs: 60_000,
    run: async (bench) => {
      const drop = ["--reuid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
      await callBehind(bench, ["setpriv", ...drop], {
        streams: 0,
        said: /WARNING.*media_offload without effect.*AmbientCapabilities=CAP_NET_ADMIN/,
      });
    },
  },
  {
    name: "without nft one line says so, and calls go on",
    timeoutMs: 60_000,
    run: async (bench) => {
      const hide = 'mount -t tmpfs none /usr/sbin && exec "$@"';
      await callBehind(bench, ["unshare", "-m", "sh", "-c", hide, "sh"], {
        streams: 0,
        said: /WARNING.*media_offload without effect.*Cannot find nft.*install nftables/,
      });
    },
  },
  ...TOO_OLD.map(({ what, says }): Case<OffloadBench> => ({
    name: `with ${what} one line says so, and calls go on`,
    timeoutMs: 60_000,
    run: async (bench) => {
      const nft = await writeOldNft(says);
      const swap = `mount --bind ${nft} /usr/sbin/nft && exec "$@"`;
      await callBehind(bench, ["unshare", "-m", "sh", "-c", swap, "sh"], {
        streams: 0,
        said: new RegExp(
          `WARNING.*media_offload without effect.*${says}.*; kernel 5\\.12 and nft 1\\.0 `,
        ),
      });
    },
  })),
  {
    name: "with CAP_NET_ADMIN alone an ordinary user has its calls in the kernel",
    timeoutMs: 60_000,
    run: async (bench) => {
      const caps = ["--inh-caps=+net_admin", "--ambient-caps=+net_admin"];
      const user = ["--reuid", "65534", "--clear-groups", ...caps, "--no-new-privs"];
      await callBehind(bench, ["setpriv", ...user], { streams: 1, said: undefined });
    },
  },
];

/** An nft that refuses every table, and complains of what it cannot read as a real one does. */
async function writeOldNft(says: string): Promise<string> {
  const path = `${await makeDirectory("old-nft")}/nft`;
  const refusal = (text: string) => `printf '%s\\n%s\\n^^^^^\\n' '${text}' "$line" >&2`;
  const script = [
    "#!/bin/sh",
    "while IFS= read -r line; do",
    '  case "$line" in',
    `    table*) ${refusal(says)} ;;`,
    `    sync*) ${refusal("Error: syntax error, unexpected !, expecting string")} ;;`,
    "  esac",
    "done",
  ];
  await Deno.writeTextFile(path, `${script.join("\n")}\n`, { mode: 0o755 });
  return path;
}

/** Longest pause in seconds between two packets of the last call that reached carol. */
async function longestGap({ farCapture }: OffloadBench): Promise<number> {
  const packets = await farCapture.packets(RELAYED, ["frame.time_relative", "rtp.ssrc"]);
  let gap = 0;
  let last: { readonly ssrc: string; readonly at: number } | undefined;
  for (const packet of packets) {
    const at = Number(packet["frame.time_relative"]?.[0] ?? 0);
    const ssrc = packet["rtp.ssrc"]?.[0] ?? "";
    gap = last?.ssrc === ssrc ? Math.max(gap, at - last.at) : 0;
    last = { ssrc, at };
  }
  return gap;
}

/** Calls through a daemon that is started with something in front of it. */
async function callBehind(
  bench: OffloadBench,
  wrapper: readonly string[],
  wanted: { readonly streams: number; readonly said: RegExp | undefined },
): Promise<void> {
  await bench.proxy.stop();
  await Deno.chmod(bench.registrations, 0o666);
  const [command = "", ...args] = [...wrapper, ...proxyCommand(), "-c", bench.proxy.configPath];
  const process = startProcess({ name: "wrapped", namespace: bench.router, command, args });
  try {
    await process.waitForLog(/siproxd \S+ started/, 20_000);
    await callCarol(bench, () => waitForKernel(bench, wanted.streams));
    const lines = (await firewallLines(process)).filter((line) => line.includes("media_offload"));
    assert.equal(lines.length, wanted.said === undefined ? 0 : 1, lines.join("\n"));
    if (wanted.said !== undefined) assert.match(lines[0] ?? "", wanted.said);
  } finally {
    await process.stop();
  }
}

/** What gets in the way. */
export const OFFLOAD_TROUBLE_SUITE: Suite = defineSuite({
  name: "offload trouble",
  setUp: () => openOffloadBench(),
  tearDown: closeOffloadBench,
  cases: CASES,
});
