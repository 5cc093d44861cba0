/** Plugins in the compiled daemon, with real phones, a real provider and a real STUN server. */

import assert from "node:assert/strict";
import { type Case, defineSuite, type Suite } from "../support/case.ts";
import { startCapture } from "../support/capture.ts";
import { poll } from "../support/command.ts";
import { connect, hangUp } from "../support/conversation.ts";
import { startScript } from "../support/echo.ts";
import { isRecord, parseJson } from "../support/json.ts";
import { ADDRESSES, ROUTER_WAN } from "../support/namespace.ts";
import {
  closePluginStage,
  openPluginStage,
  type PluginStage,
  withPlugins,
} from "../support/plugin_stage.ts";
import type { Proxy } from "../support/proxy.ts";
import { startStunServer } from "../support/stun_server.ts";
import { EXTERNAL_PLUGIN_CASES } from "./external_plugins.ts";

const CASE_TIMEOUT_MS = 60_000;
const WAN: string = ADDRESSES.wan;

/** Alice dials, carol's phone answers, alice hangs up. */
async function aliceReachesCarol(stage: PluginStage, uri: string): Promise<void> {
  const { alice, carol } = stage;
  await connect({ caller: alice, callee: carol, uri });
  await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
}

async function waitForLog(proxy: Proxy, pattern: RegExp): Promise<void> {
  await proxy.process.waitForLog(pattern, 10_000);
}

/** Plugins that send the caller somewhere else; what is dialled is not what is answered. */
const redirections:
  readonly (readonly [string, Readonly<Record<string, string>>, string, RegExp])[] = [
    [
      "shortdial",
      { plugin_shortdial_akey: "*00", plugin_shortdial_entry: "carol" },
      `sip:*01@${WAN}`,
      /redirecting \*01 -> carol/,
    ],
    ["prefix", { plugin_prefix_akey: "car" }, `sip:ol@${WAN}`, /redirecting ol -> carol/],
    [
      "regex",
      {
        plugin_regex_desc: "nine",
        plugin_regex_pattern: "^(sips?:)9",
        plugin_regex_replace: "\\1car",
      },
      `sip:9ol@${WAN}`,
      /Matched rexec rule: nine/,
    ],
  ];

function redirectionCase(
  [name, options, uri, said]: (typeof redirections)[number],
): Case<PluginStage> {
  return {
    name: `${name}: baresip dials ${uri} and is answered by carol`,
    timeoutMs: CASE_TIMEOUT_MS,
    run: (stage) =>
      withPlugins(stage, {
        name,
        directives: { load_plugin: `plugin_${name}.la`, ...options },
        run: async (proxy) => {
          await aliceReachesCarol(stage, uri);
          await waitForLog(proxy, said);
        },
      }),
  };
}

async function defaultTarget(stage: PluginStage): Promise<void> {
  const directives = {
    load_plugin: "plugin_defaulttarget.la",
    plugin_defaulttarget_log: 1,
    plugin_defaulttarget_target: stage.alice.uri,
  };
  await withPlugins(stage, {
    name: "defaulttarget",
    directives,
    run: async (proxy) => {
      const { alice, carol } = stage;
      await connect({ caller: carol, callee: alice, uri: `sip:nobody@${ADDRESSES.rtrWan}` });
      await hangUp({ caller: carol, callee: alice, hangsUp: "caller" });
      await waitForLog(proxy, /Unknown Target \[rcvd IP=203\.0\.113\.20\]/);
    },
  });
}

/** What of alice's INVITE went over the wire of the Internet side. */
async function inviteOnWire(
  stage: PluginStage,
  plan: { readonly name: string; readonly directives: Readonly<Record<string, string | string[]>> },
): Promise<Readonly<Record<string, readonly string[]>>> {
  const capture = await startCapture({
    name: plan.name,
    namespace: stage.topology.rtr,
    interfaceName: ROUTER_WAN,
  });
  await withPlugins(stage, { ...plan, run: () => aliceReachesCarol(stage, stage.carol.uri) });
  await capture.stop();
  const fields = ["sip.User-Agent", "sip.Allow", "sdp.media", "sdp.media_attr", "sip.Call-ID"];
  const packets = await capture.packets(
    `sip.Method == "INVITE" && ip.src == ${ADDRESSES.rtrWan}`,
    fields,
  );
  assert.ok(packets.length > 0, "no INVITE on the wire");
  return packets[0] ?? {};
}

async function stripHeader(stage: PluginStage): Promise<void> {
  const plain = await inviteOnWire(stage, { name: "strip-none", directives: {} });
  assert.match(plain["sip.User-Agent"]?.[0] ?? "", /baresip/);
  assert.match(plain["sip.Allow"]?.[0] ?? "", /INFO/);
  const stripped = await inviteOnWire(stage, {
    name: "stripheader",
    directives: {
      load_plugin: "plugin_stripheader.la",
      plugin_stripheader_remove: ["User-Agent", "Allow:INFO"],
    },
  });
  assert.deepEqual(stripped["sip.User-Agent"], []);
  assert.doesNotMatch(stripped["sip.Allow"]?.[0] ?? "", /INFO/);
  assert.match(stripped["sip.Allow"]?.[0] ?? "", /INVITE/);
}

async function codecFilter(stage: PluginStage): Promise<void> {
  const filtered = await inviteOnWire(stage, {
    name: "codecfilter",
    directives: { load_plugin: "plugin_codecfilter.la", plugin_codecfilter_blacklist: "pcmu" },
  });
  assert.match(filtered["sdp.media"]?.[0] ?? "", /^audio \d+ RTP\/AVPF? 8( |$)/);
  assert.doesNotMatch((filtered["sdp.media_attr"] ?? []).join("\n"), /PCMU/i);
  assert.match((filtered["sdp.media_attr"] ?? []).join("\n"), /PCMA/i);
}

async function anonymize(stage: PluginStage): Promise<void> {
  const hidden = await inviteOnWire(stage, {
    name: "anonymize",
    directives: {
      load_plugin: "plugin_anonymize.la",
      plugin_anonymize_user_agent: "Telephone",
    },
  });
  assert.deepEqual(hidden["sip.User-Agent"], ["Telephone"]);
  assert.doesNotMatch(hidden["sip.Call-ID"]?.[0] ?? "", /10\.0\.0\./);
}

async function logCallAndStats(stage: PluginStage): Promise<void> {
  const filename = `${stage.directory}/stats`;
  const directives = {
    load_plugin: ["plugin_logcall.la", "plugin_stats.la"],
    plugin_stats_to_file: -1,
    plugin_stats_filename: filename,
  };
  await withPlugins(stage, {
    name: "logcall",
    directives,
    run: async (proxy) => {
      const { alice, carol } = stage;
      await connect({ caller: alice, callee: carol });
      proxy.process.signal("SIGUSR1");
      const text = await poll(
        async () => await Deno.readTextFile(filename).catch(() => undefined),
        { what: "the statistics file", timeoutMs: 5000 },
      );
      await hangUp({ caller: alice, callee: carol, hangsUp: "caller" });
      assert.match(text, /alice/);
      await waitForLog(
        proxy,
        /Outgoing \(INVITE\) Call: alice@203\.0\.113\.10 -> carol@203\.0\.113\.10 \[Req: carol@203\.0\.113\.10\] \[IP: 10\.0\.0\.10:5060\] \[CID: /,
      );
      await waitForLog(proxy, /Ending \(BYE\) Call: alice@203\.0\.113\.10 -> carol@/);
    },
  });
}

async function stun(stage: PluginStage): Promise<void> {
  const server = await startStunServer({
    namespace: stage.topology.wan2,
    address: ADDRESSES.wan2,
  });
  const directives = {
    // As an operator writes it who no longer has this address.
    host_outbound: "203.0.113.99",
    load_plugin: "plugin_stun.la",
    plugin_stun_server: ADDRESSES.wan2,
    plugin_stun_port: 3478,
    plugin_stun_period: 10,
  };
  try {
    await withPlugins(stage, {
      name: "stun",
      directives,
      run: async (proxy) => {
        await waitForLog(proxy, /STUN: public IP has changed 203\.0\.113\.99 -> 203\.0\.113\.1\b/);
        await aliceReachesCarol(stage, stage.carol.uri);
        const log = await stage.carol.log();
        assert.match(
          log.slice(log.lastIndexOf("INVITE sip:")),
          /Contact: <sip:[^>]*@203\.0\.113\.1[:>;]/,
        );
      },
    });
  } finally {
    await server.stop("SIGKILL");
  }
}

const HITCOUNT = 3;

async function guess(stage: PluginStage, count: number): Promise<readonly number[]> {
  const script = startScript({
    name: "bad-registers",
    namespace: stage.topology.lan2,
    script: "bad_registers.ts",
    args: [ADDRESSES.lan2, "5070", `${ADDRESSES.rtrLan}:5060`, WAN, "mallory", String(count)],
  });
  await script.exited;
  const result = parseJson((await script.log()).trim());
  const statuses = isRecord(result) ? result["statuses"] : undefined;
  return Array.isArray(statuses) ? statuses.map(Number) : [];
}

async function blacklist(stage: PluginStage): Promise<void> {
  const directives = {
    load_plugin: "plugin_blacklist.la",
    plugin_blacklist_dbpath: `${stage.directory}/blacklist.sqlite`,
    plugin_blacklist_hitcount: HITCOUNT,
    plugin_blacklist_db_sync_mode: "FULL",
  };
  await withPlugins(stage, {
    name: "blacklist",
    directives,
    run: async (proxy) => {
      // One more than is forgiven is still refused by the provider; the next ones are not answered.
      assert.deepEqual(await guess(stage, HITCOUNT + 3), [401, 401, 401, 401, 0, 0]);
      await waitForLog(proxy, /UAC with IP 10\.0\.0\.11 is blocked/);
      await aliceReachesCarol(stage, stage.carol.uri);
      await proxy.stop();
      await proxy.restart();
      assert.deepEqual(await guess(stage, 1), [0]);
      await proxy.kill();
      await proxy.restart();
      assert.deepEqual(await guess(stage, 1), [0]);
      await aliceReachesCarol(stage, stage.carol.uri);
    },
  });
}

async function guard(stage: PluginStage): Promise<void> {
  const directives = {
    load_plugin: "plugin_guard.la",
    plugin_guard_forbid: "0900",
    plugin_guard_max_calls: 4,
  };
  await withPlugins(stage, {
    name: "guard",
    directives,
    run: async (proxy) => {
      const { alice } = stage;
      await alice.dial(`sip:0900123@${WAN}`);
      assert.match(await alice.waitFor("CALL_CLOSED"), /^403 /);
      await waitForLog(proxy, /10\.0\.0\.10 dials 0900123, refused/);
      await aliceReachesCarol(stage, stage.carol.uri);
    },
  });
}

/** Plugins, each with a daemon of its own. */
export const PLUGIN_SUITE: Suite = defineSuite<PluginStage>({
  name: "plugins",
  setUp: openPluginStage,
  tearDown: closePluginStage,
  cases: [
    ...redirections.map(redirectionCase),
    { name: "defaulttarget: a call to nobody is answered by alice", run: defaultTarget },
    { name: "stripheader: headers are gone on the wire", run: stripHeader },
    { name: "codecfilter: the codec is gone on the wire", run: codecFilter },
    { name: "anonymize: the wire names no phone and no inside address", run: anonymize },
    { name: "logcall's line and the file of stats at SIGUSR1", run: logCallAndStats },
    { name: "stun: coturn tells our address, and the next call carries it", run: stun },
    { name: "blacklist: a guesser of passwords is shut out, also after a restart", run: blacklist },
    { name: "guard: a forbidden number is refused, another one answered", run: guard },
    ...EXTERNAL_PLUGIN_CASES,
  ].map((one) => ({ timeoutMs: CASE_TIMEOUT_MS, ...one })),
});
