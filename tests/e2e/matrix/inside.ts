/**
 * The matrix inside its network namespace; run.ts makes the namespace and starts this.
 *
 * Runs the suites, the reloads under live calls among them, and prints each result as one JSON line.
 * It makes no namespace and prints no table. Started by run.ts.
 *
 * @module
 */
import { type CaseResult, defineSuite, type Suite } from "../support/case.ts";
import { cleanUp, cleanUpOnSignals } from "../support/cleanup.ts";
import { CALL_ROWS } from "./rows_call.ts";
import { CHECK_ROWS } from "./rows_checks.ts";
import { configurationSuites } from "./rows_config.ts";
import { DIRECTION_ROWS } from "./rows_direction.ts";
import { DIAL_PLUGIN_SUITES } from "./rows_dial_plugins.ts";
import { PLUGIN_ROW_SUITES } from "./rows_plugins.ts";
import { PROCESS_SUITES } from "./rows_process.ts";
import { RELOAD_SUITE } from "./reload_suite.ts";
import { REGISTER_ROWS } from "./rows_register.ts";
import { SDP_ROWS } from "./rows_sdp.ts";
import { RESULT_MARK } from "./row.ts";
import { closeStage, openStage, register, type Stage } from "./stage.ts";

/** One daemon for all rows that need nothing special; alice is registered at A. */
const MAIN_SUITE: Suite = defineSuite<Stage>({
  name: "matrix",
  setUp: async () => {
    const stage = await openStage({ name: "main" });
    await register(stage, { user: "alice", phone: stage.a });
    return stage;
  },
  tearDown: closeStage,
  cases: [...REGISTER_ROWS, ...CALL_ROWS, ...SDP_ROWS, ...DIRECTION_ROWS, ...CHECK_ROWS],
});

async function main(): Promise<void> {
  const filter = Deno.args[0] ?? "";
  cleanUpOnSignals();
  const report = (result: CaseResult): void => console.log(RESULT_MARK + JSON.stringify(result));
  try {
    const suites = [
      MAIN_SUITE,
      ...await configurationSuites(),
      ...DIAL_PLUGIN_SUITES,
      ...PLUGIN_ROW_SUITES,
      ...PROCESS_SUITES,
      RELOAD_SUITE,
    ];
    for (const suite of suites) await suite.run(filter, report);
  } finally {
    await cleanUp();
  }
}

if (import.meta.main) {
  await main();
  Deno.exit(0);
}
