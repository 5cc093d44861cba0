/**
 * The stage of the plugin suite: a provider, three phones and daemons with changing plugins.
 *
 * The phones stay registered while the daemon ends and starts again with other plugins, since its
 * registration file stays. It judges nothing. Called by cases/plugins.ts.
 *
 * @module
 */
import { type Phone, startPhone } from "./baresip.ts";
import { poll } from "./command.ts";
import { startKamailio } from "./kamailio.ts";
import { ADDRESSES, createTopology, type Topology } from "./namespace.ts";
import { routerDirectives, startRouterProxy } from "./phone_bench.ts";
import type { ManagedProcess } from "./process.ts";
import type { Directives, Proxy } from "./proxy.ts";
import { makeDirectory } from "./work_directory.ts";

/** What a case of the plugin suite works with. */
export interface PluginStage {
  readonly topology: Topology;
  readonly provider: ManagedProcess;
  /** On the LAN, answers at once. */
  readonly alice: Phone;
  /** On the WAN side, answers at once. */
  readonly carol: Phone;
  readonly directives: Directives;
  /** A folder of this suite for files that plugins write. */
  readonly directory: string;
}

/** Starts all of it but the daemon that the cases start; the phones are registered when it returns. */
export async function openPluginStage(): Promise<PluginStage> {
  const topology = await createTopology("proxy");
  const provider = await startKamailio({ namespace: topology.wan, address: ADDRESSES.wan });
  const directives = await routerDirectives("plugins");
  const proxy = await startRouterProxy(topology, { name: "plugins-none", directives });
  const phone = { sipPort: 5060, controlPort: 4444, rtpPortLow: 30_000, media: "audio" } as const;
  const alice = await startPhone({
    ...phone,
    user: "alice",
    namespace: topology.lan1,
    address: ADDRESSES.lan1,
    domain: ADDRESSES.wan,
    outbound: `${ADDRESSES.rtrLan}:5060`,
    answer: "auto",
  });
  const carol = await startPhone({
    ...phone,
    user: "carol",
    namespace: topology.wan2,
    address: ADDRESSES.wan2,
    domain: ADDRESSES.wan,
    answer: "auto",
  });
  for (const one of [alice, carol]) await one.waitRegistered(15_000);
  const file = String(directives["registration_file"]);
  await poll(async () => {
    const text = await Deno.readTextFile(file).catch(() => "");
    return text.includes("alice") ? true : undefined;
  }, { what: "alice in the registration file", timeoutMs: 10_000 });
  await proxy.stop();
  const directory = await makeDirectory("plugin-files");
  return { topology, provider, alice, carol, directives, directory };
}

/** Ends all of it. */
export async function closePluginStage(stage: PluginStage): Promise<void> {
  await stage.alice.stop();
  await stage.carol.stop();
  await stage.provider.stop();
  await stage.topology.remove();
}

/** A daemon with plugins for the time of a case. */
export interface PluginRun {
  readonly name: string;
  readonly directives: Directives;
  readonly run: (proxy: Proxy) => Promise<void>;
}

/** Runs a daemon with these lines for the time of a case. */
export async function withPlugins(stage: PluginStage, plan: PluginRun): Promise<void> {
  const proxy = await startRouterProxy(stage.topology, {
    name: `plugins-${plan.name}`,
    directives: { ...stage.directives, ...plan.directives },
  });
  try {
    await plan.run(proxy);
  } finally {
    await proxy.stop();
  }
}
