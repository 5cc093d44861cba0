/**
 * The end-to-end tests: the compiled daemon between real peers in network namespaces.
 *
 * Runs all suites and the behaviour matrix, or the cases whose `suite: name` contains the first
 * argument; prints one line a case and closes with `N passed, N failed`. SIPROXD_BIN names the
 * daemon's command; `none` runs the peers and the call cases without it. Called by the task `e2e`.
 *
 * @module
 */
import { cleanUp, cleanUpOnSignals } from "./support/cleanup.ts";
import { Reporter, type Suite } from "./support/case.ts";
import { sleep } from "./support/command.ts";
import { sweepStaleNamespaces } from "./support/namespace.ts";
import { pathOfRun } from "./support/phone_bench.ts";
import { missingRequirements } from "./support/requirements.ts";
import { AUTHENTICATION_SUITE } from "./cases/authentication.ts";
import { DIRECTIVE_SUITE } from "./cases/directives.ts";
import { DSCP_SUITE } from "./cases/dscp.ts";
import { FIREWALL_SUITE } from "./cases/firewall.ts";
import { IPV6_SUITE } from "./cases/ipv6.ts";
import { HOST_OUTBOUND_SUITE } from "./cases/host_outbound.ts";
import { PEERS } from "./cases/peers.ts";
import { PHONE_SUITE, VIDEO_SUITE } from "./cases/phones.ts";
import { PLUGIN_SUITE } from "./cases/plugins.ts";
import { OFFLOAD_SUITE } from "./cases/offload.ts";
import { OFFLOAD_TROUBLE_SUITE } from "./cases/offload_trouble.ts";
import { OFFLOAD_IPV6_SUITE } from "./cases/offload_ipv6.ts";
import { MEDIA_WORKERS_SUITE, OFFLOAD_WORKERS_SUITE } from "./cases/media_workers.ts";
import { OFFLOAD_TIMEOUT_SUITE } from "./cases/offload_timeout.ts";
import { OFFLOAD_LOAD_SUITE } from "./cases/offload_load.ts";
import { OUTAGE_SUITE } from "./cases/outage.ts";
import { RECORD_ROUTE_SUITE } from "./cases/record_routes.ts";
import { RESOLVER_SUITE } from "./cases/resolver.ts";
import { RESTART_SUITE } from "./cases/restart.ts";
import { SIPP_SUITE } from "./cases/sipp_calls.ts";
import { runMatrix } from "./matrix/run.ts";
import { SCENARIO_SUITES } from "./scenarios/suites.ts";
import { TORTURE_SUITE } from "./torture/suite.ts";

/** A run that takes longer than this hangs: all cases together need about thirteen minutes. */
const RUN_TIMEOUT_MS = 20 * 60_000;
const SUITES: readonly Suite[] = [PEERS, PHONE_SUITE, VIDEO_SUITE, SIPP_SUITE];
/** Suites that are about the daemon alone. */
const DAEMON_SUITES: readonly Suite[] = [
  AUTHENTICATION_SUITE,
  HOST_OUTBOUND_SUITE,
  RECORD_ROUTE_SUITE,
  RESTART_SUITE,
  RESOLVER_SUITE,
  OUTAGE_SUITE,
  PLUGIN_SUITE,
  FIREWALL_SUITE,
  DSCP_SUITE,
  DIRECTIVE_SUITE,
  IPV6_SUITE,
  OFFLOAD_SUITE,
  OFFLOAD_TROUBLE_SUITE,
  OFFLOAD_IPV6_SUITE,
  OFFLOAD_LOAD_SUITE,
  OFFLOAD_TIMEOUT_SUITE,
  MEDIA_WORKERS_SUITE,
  OFFLOAD_WORKERS_SUITE,
  TORTURE_SUITE,
  ...SCENARIO_SUITES,
  { name: "matrix", run: runMatrix },
];

async function runSuites(filter: string, reporter: Reporter): Promise<"done"> {
  const suites = pathOfRun() === "proxy" ? [...SUITES, ...DAEMON_SUITES] : SUITES;
  for (const suite of suites) await suite.run(filter, (result) => reporter.add(result));
  return "done";
}

async function main(): Promise<number> {
  const missing = await missingRequirements();
  if (missing !== undefined) {
    console.error(missing);
    return 1;
  }
  const reporter = new Reporter();
  cleanUpOnSignals();
  await sweepStaleNamespaces();
  let end: "done" | "late" = "late";
  try {
    const late = sleep(RUN_TIMEOUT_MS).then((): "late" => "late");
    end = await Promise.race([runSuites(Deno.args[0] ?? "", reporter), late]);
  } finally {
    await cleanUp();
  }
  if (end === "late") console.log(`FAIL not done within ${RUN_TIMEOUT_MS} ms`);
  console.log(reporter.summary());
  return end === "done" && reporter.failed === 0 && reporter.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
