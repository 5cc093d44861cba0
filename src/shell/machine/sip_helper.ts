/** A list of modules is read at once; a program that hangs must not hold the start. */
const LIST_TIMEOUT_MS = 1500;

/** Kernel modules that rewrite SIP behind our back, once connections are handed to them. */
const HELPERS: ReadonlySet<string> = new Set(["nf_nat_sip", "ip_nat_sip"]);

/**
 * Finds the kernel's SIP helper in the output of `lsmod`.
 *
 * Only the half that translates addresses is looked for: the one that merely follows calls is loaded on many routers
 * and changes nothing.
 *
 * @param text of lsmod(8), coreutils' or busybox's
 * @returns name of the module, or undefined
 */
export function parseSipHelper(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const [name = ""] = line.split(/\s/, 1);
    if (HELPERS.has(name)) return name;
  }
  return undefined;
}

/**
 * Asks whether the kernel's SIP helper is loaded, as long as the process may still run programs.
 *
 * @returns name of the module; undefined when it is not loaded, or nobody can tell
 */
export async function findSipHelper(): Promise<string | undefined> {
  const permission = await Deno.permissions.query({ name: "run", command: "lsmod" });
  if (permission.state !== "granted") return undefined;
  try {
    const { stdout } = await new Deno.Command("lsmod", {
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(LIST_TIMEOUT_MS),
    }).output();
    return parseSipHelper(new TextDecoder().decode(stdout));
  } catch {
    return undefined;
  }
}

/**
 * Says what to do about it.
 *
 * @param module name of the module
 * @returns one line
 */
export function sipHelperText(module: string): string {
  return `Kernel module ${module} is loaded: it may rewrite the SIP that siproxd sends; ` +
    `unload it: modprobe -r ${module} ${module.replace("_nat_", "_conntrack_")}`;
}
