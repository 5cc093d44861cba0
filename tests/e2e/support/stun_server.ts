/** coturn as a STUN server (RFC 8489). */

import { type ManagedProcess, startProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** Where it listens. */
export interface StunServerOptions {
  readonly namespace: string;
  readonly address: string;
}

/** Starts it on port 3478 and returns when it serves. */
export async function startStunServer(options: StunServerOptions): Promise<ManagedProcess> {
  const directory = await makeDirectory("coturn");
  const process = startProcess({
    name: "coturn",
    namespace: options.namespace,
    command: "turnserver",
    args: [
      ...["-n", "--stun-only", "--no-auth", "--no-tls", "--no-dtls", "--no-cli"],
      ...["--listening-ip", options.address, "--listening-port", "3478", "--verbose"],
      ...["--log-file", "stdout", "--pidfile", `${directory}/pid`, "--userdb", `${directory}/db`],
    ],
  });
  await process.waitForLog(/UDP listener opened on: [0-9.]+:3478|listener opened/i, 15_000);
  return process;
}
