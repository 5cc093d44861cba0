import { type Examination, isSet, issueAt } from "./examination.ts";
import type { Issue } from "./issues.ts";

/**
 * Examines who opens the ports of live streams.
 *
 * @param examination a bound configuration
 * @returns what contradicts, and what has no effect
 */
export function validateFirewall(examination: Examination): readonly Issue[] {
  const { firewall } = examination.config;
  const issues: Issue[] = [];
  const say = (severity: Issue["severity"], key: string, message: string) =>
    issues.push(issueAt(examination, { severity, key, message }));
  if (firewall.module === "command" && firewall.command === undefined) {
    say("error", "firewall_module", 'Cannot use "command": firewall_command is not set');
  }
  if (firewall.command?.startsWith("/") === false) {
    say(
      "error",
      "firewall_command",
      `Cannot use "${firewall.command}": an absolute path is expected`,
    );
  }
  if (firewall.module !== "command" && isSet(examination, "firewall_command")) {
    say("warning", "firewall_command", "Has no effect: firewall_module is not command");
  }
  const obstacle = offloadObstacle(examination);
  if (firewall.offload === "nftables" && obstacle !== undefined) {
    say("warning", "media_offload", `Has no effect: ${obstacle}`);
  }
  return issues;
}

/** What keeps every packet in the daemon, whatever the kernel could do. */
function offloadObstacle({ config: { rtp } }: Examination): string | undefined {
  if (!rtp.enabled) return "rtp_proxy_enable is 0";
  if (rtp.inputDejitterMs > 0) return "rtp_input_dejitter evens packets out in the daemon";
  if (rtp.outputDejitterMs > 0) return "rtp_output_dejitter evens packets out in the daemon";
  return undefined;
}
