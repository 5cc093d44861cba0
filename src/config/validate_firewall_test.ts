import { deepStrictEqual } from "node:assert/strict";
import { formatIssue } from "./issues.ts";
import { loadConfig } from "./load.ts";

const ISSUES: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  ["firewall_module = none", []],
  ["firewall_module = nftables", []],
  ["firewall_module = command\nfirewall_command = /etc/fw", []],
  ["firewall_module = command", [
    'f:1:19: error: firewall_module: Cannot use "command": firewall_command is not set',
  ]],
  ["firewall_module = command\nfirewall_command = fw.sh", [
    'f:2:20: error: firewall_command: Cannot use "fw.sh": an absolute path is expected',
  ]],
  ["firewall_command = /etc/fw", [
    "f:1:20: warning: firewall_command: Has no effect: firewall_module is not command",
  ]],
  ["firewall_module = nftables\nfirewall_command = /etc/fw", [
    "f:2:20: warning: firewall_command: Has no effect: firewall_module is not command",
  ]],
  ["firewall_command = fw.sh", [
    'f:1:20: error: firewall_command: Cannot use "fw.sh": an absolute path is expected',
    "f:1:20: warning: firewall_command: Has no effect: firewall_module is not command",
  ]],
  ["media_offload = nftables", []],
  ["media_offload = auto\nrtp_proxy_enable = 0", []],
  ["media_offload = nftables\nrtp_proxy_enable = 0", [
    "f:1:17: warning: media_offload: Has no effect: rtp_proxy_enable is 0",
  ]],
  ["media_offload = nftables\nrtp_input_dejitter = 40000", [
    "f:1:17: warning: media_offload: Has no effect: rtp_input_dejitter evens packets out in the daemon",
  ]],
  ["media_offload = nftables\nrtp_output_dejitter = 40000", [
    "f:1:17: warning: media_offload: Has no effect: rtp_output_dejitter evens packets out in the daemon",
  ]],
];

for (const [text, wanted] of ISSUES) {
  Deno.test(`validateFirewall() of "${text.replaceAll("\n", ", ")}"`, () => {
    const { issues } = loadConfig({ text, fileName: "f" });
    deepStrictEqual(
      issues.filter(({ key }) => /^(?:firewall|media)_/.test(key)).map((issue) =>
        formatIssue(issue).replace(/ \(example: .*\)$/, "")
      ),
      wanted,
    );
  });
}
