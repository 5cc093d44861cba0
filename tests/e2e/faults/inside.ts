/**
 * The cases of the fault tests, run in the namespace of the peers.
 *
 * Started by run.ts only, which made the network. Prints one line a case and closes with `N passed, N failed`.
 *
 * @module
 */
import { cleanUp, cleanUpOnSignals } from "../support/cleanup.ts";
import { Reporter, type Suite } from "../support/case.ts";
import { CLOCK_SUITE } from "./clock.ts";
import { DISK_SUITE } from "./disk.ts";
import { ISOLATE_SUITE } from "./isolate.ts";
import { KILL_SUITE } from "./kill.ts";
import { LINK_SUITE } from "./links.ts";
import { NAME_SUITE } from "./names.ts";
import { WAN_ADDRESS_SUITE } from "./wan_address.ts";

const SUITES: readonly Suite[] = [
  LINK_SUITE,
  WAN_ADDRESS_SUITE,
  DISK_SUITE,
  NAME_SUITE,
  CLOCK_SUITE,
  ISOLATE_SUITE,
  KILL_SUITE,
];

async function main(): Promise<number> {
  const reporter = new Reporter();
  cleanUpOnSignals();
  try {
    for (const suite of SUITES) {
      await suite.run(Deno.args[0] ?? "", (result) => reporter.add(result));
    }
  } finally {
    await cleanUp();
  }
  console.log(reporter.summary());
  return reporter.failed === 0 && reporter.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
