/** The bare relay: a C program without logic that relays calls of its own through the router, beside the daemon. */

import { type Lab, LAN_HOST, PROXY_LAN, PROXY_WAN, REGISTRAR } from "../../bench/lab.ts";
import { runCommand } from "../../bench/shell.ts";
import { startProcess } from "../support/process.ts";
import { inRealTime, METER_PRIORITY } from "./real_time.ts";

/** Enough packets for a percentile in a few seconds, and too few to be a load themselves. */
const CALLS = 5;
/** Above the daemon's media ports, below those of the lab's phones, which begin at 30,000. */
const FIRST_PORT = 22_000;
/** It ends by itself after all attacks together, should nobody end it. */
const LIFE_SECONDS = 300;
const START_TIMEOUT_MS = 10_000;

/** Compiles and starts the bare relay; it is ended at clean-up. Gives the media addresses of its calls. */
export async function startBareRelay(lab: Lab, folder: string): Promise<readonly string[]> {
  const program = `${folder}/bare_relay`;
  const here = new URL("./load/", import.meta.url).pathname;
  const files = [`${here}bare_relay.c`, `${here}../../../bench/load/common.c`];
  await runCommand(["gcc", "-O2", "-Wall", "-o", program, ...files]);
  const lines = Array.from({ length: CALLS }, (_, index) => callLine(FIRST_PORT + 2 * index));
  await Deno.writeTextFile(`${folder}/bare_calls`, lines.join("\n") + "\n");
  const relay = startProcess({
    name: "bare-relay",
    command: await inRealTime(program, METER_PRIORITY),
    args: [`rtr=${lab.rtr}`, `calls=${folder}/bare_calls`, `seconds=${LIFE_SECONDS}`],
  });
  await relay.waitForLog(/ready/, START_TIMEOUT_MS);
  return lines;
}

/** All four sockets of a call have the same port, each on an address of its own. */
function callLine(port: number): string {
  return [LAN_HOST, PROXY_LAN, REGISTRAR, PROXY_WAN].map((host) => `${host} ${port}`).join(" ");
}
