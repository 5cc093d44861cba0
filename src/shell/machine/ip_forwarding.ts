/** The kernel answers at once; a program that hangs must not hold the start. */
const NETCONF_TIMEOUT_MS = 1500;

/**
 * Reads the output of `ip netconf`: which families are forwarded on any interface.
 *
 * @param text lines such as `inet eth0 forwarding on rp_filter off …`
 * @returns 4 and 6, or undefined where the text tells of no interface, as busybox's does
 */
export function parseForwarding(text: string): readonly (4 | 6)[] | undefined {
  const known = new Set<string>();
  const on = new Set<4 | 6>();
  for (const line of text.split("\n")) {
    const [, family, state] = /^(inet6?|ipv[46]) .*\bforwarding (on|off)\b/.exec(line) ?? [];
    if (family === undefined) continue;
    known.add(family);
    if (state === "on") on.add(family.endsWith("6") ? 6 : 4);
  }
  return known.size === 0 ? undefined : [...on].sort();
}

/**
 * Asks the kernel, as long as the process may still run programs.
 *
 * @returns undefined when it cannot be told
 */
export async function findForwarding(): Promise<readonly (4 | 6)[] | undefined> {
  const permission = await Deno.permissions.query({ name: "run", command: "ip" });
  if (permission.state !== "granted") return undefined;
  const texts = await Promise.all([ask("-4"), ask("-6")]);
  return parseForwarding(texts.join("\n"));
}

async function ask(family: "-4" | "-6"): Promise<string> {
  try {
    const signal = AbortSignal.timeout(NETCONF_TIMEOUT_MS);
    const command = new Deno.Command("ip", {
      args: [family, "netconf"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal,
    });
    const { stdout } = await command.output();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
