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
];

for (const [text, wanted] of ISSUES) {
  Deno.test(`validateFirewall() of "${text.replaceAll("\n", ", ")}"`, () => {
    const { issues } = loadConfig({ text, fileName: "f" });
    deepStrictEqual(
      issues.filter(({ key }) => key.startsWith("firewall_")).map((issue) =>
        formatIssue(issue).replace(/ \(example: .*\)$/, "")
      ),
      wanted,
    );
  });
}
