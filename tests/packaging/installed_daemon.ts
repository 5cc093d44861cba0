import type { CleanRoot } from "./clean_root.ts";

/** A start takes a fifth of a second; a busy machine is slower. */
const START_TIMEOUT_MS = 20_000;

/** A port on loopback that belongs to no service. */
const PORT = 45_060;

/** How the daemon ended, and what it wrote. */
export interface DaemonRun {
  readonly code: number;
  readonly log: string;
}

/**
 * Runs the installed daemon as its own user until it has started, then ends it by SIGTERM.
 *
 * @param root the system it is installed in
 * @returns its exit code and its log
 */
export async function runInstalledDaemon(root: CleanRoot): Promise<DaemonRun> {
  const settings = ["if_inbound=127.0.0.1", "if_outbound=127.0.0.1", `sip_listen_port=${PORT}`];
  const child = new Deno.Command("chroot", {
    args: [
      "--userspec=siproxd:siproxd",
      root.path,
      "siproxd",
      ...settings.flatMap((setting) => ["--set", setting]),
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const end = () => child.kill("SIGTERM");
  const timer = setTimeout(end, START_TIMEOUT_MS);
  let log = "";
  let told: "starting" | "ended" = "starting";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    log += text;
    if (told === "ended" || !/siproxd-\S+ started\n/.test(log)) continue;
    told = "ended";
    end();
  }
  clearTimeout(timer);
  return { code: (await child.status).code, log };
}
