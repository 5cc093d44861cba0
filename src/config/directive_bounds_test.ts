import { deepStrictEqual } from "node:assert/strict";
import { loadConfig } from "./load.ts";

/** Number directives with the lowest and highest value each takes. */
const BOUNDS: readonly (readonly [string, number, number])[] = [
  ["autosave_registrations", -2_147_483_648, 2_147_483],
  ["registration_write_delay", 1, 3600],
  ["max_registrations", 1, 1_000_000],
  ["silence_log", 0, 4],
  ["debug_port", 0, 65_535],
  ["sip_listen_port", 1, 65_535],
  ["default_expires", 1, 31_536_000],
  ["lan_expires", 0, 31_536_000],
  ["use_rport", 0, 3],
  ["rtp_port_low", 1, 65_534],
  ["rtp_port_high", 1, 65_535],
  ["rtp_timeout", 1, 2_147_483],
  ["rtp_hold_timeout", 1, 2_147_483],
  ["rtp_input_dejitter", 0, 1_500_000],
  ["rtp_output_dejitter", 0, 1_500_000],
  ["thread_stack_size", 0, 2_147_483_647],
  ["rtp_dscp", 0, 63],
  ["sip_dscp", 0, 63],
  ["tcp_timeout", 1, 2_147_483],
  ["tcp_connect_timeout", 1, 600_000],
  ["tcp_keepalive", -2_147_483_648, 2_147_483],
  ["outbound_proxy_port", 0, 65_535],
];

/** Whether the binder takes a value; what contradicts other directives is another matter. */
function isTaken(key: string, value: number): boolean {
  const { issues } = loadConfig({ text: `${key} = ${value}`, fileName: "f" });
  return !issues.some(({ message }) =>
    message.startsWith(`Cannot use`) && /: (?:lowest|highest) is /.test(message)
  );
}

for (const [key, lowest, highest] of BOUNDS) {
  Deno.test(`loadConfig() takes ${key} from ${lowest} to ${highest} and nothing beyond`, () => {
    deepStrictEqual(
      [lowest - 1, lowest, highest, highest + 1].map((value) => isTaken(key, value)),
      [false, true, true, false],
    );
  });
}

/** What makes a line unusable, without its place and its example. */
function errors(text: string): readonly string[] {
  return loadConfig({ text, fileName: "f" }).issues
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.replace(/ \(example: .*\)$/, ""));
}

/** Words that a directive takes in any case, and how every other one is refused. */
const CHOICES: readonly (readonly [string, readonly string[], string])[] = [
  ["wan_peers", ["any", "known", "KNOWN"], "any or known"],
  ["firewall_module", ["none", "nftables", "NfTables"], "none or nftables or command"],
  ["proxy_auth_scope", ["local", "all", "Local"], "local or all"],
  [
    "proxy_auth_algorithm",
    ["auto", "md5", "MD5", "SHA-256", "sha-256,md5", "MD5,SHA-256"],
    "auto or md5 or sha-256 or sha-256,md5 or md5,sha-256",
  ],
  ["log_format", ["text", "logfmt", "json", "JSON"], "text or logfmt or json"],
];

for (const [key, words, expected] of CHOICES) {
  Deno.test(`loadConfig() takes ${key} = ${words.join(" | ")} only`, () => {
    for (const word of words) deepStrictEqual(errors(`${key} = ${word}`), []);
    for (const word of ["other", "0"]) {
      deepStrictEqual(errors(`${key} = ${word}`), [
        `Cannot use "${word}": ${expected} is expected`,
      ]);
    }
    deepStrictEqual(errors(`${key} = ${words[0]}x`), [
      `Cannot use "${words[0]}x": ${expected} is expected, nearest is "${words[0]}"`,
    ]);
  });
}

/** Switches of ours, which take 0 and 1, and those of C siproxd that take any number for on. */
const SWITCHES: readonly (readonly [string, "strict" | "old"])[] = [
  ["force_rport", "strict"],
  ["user_part_matching", "strict"],
  ["compat_responses", "strict"],
  ["use_srv", "strict"],
  ["plugin_strict", "strict"],
  ["rtp_proxy_enable", "strict"],
  ["daemonize", "old"],
  ["obscure_loops", "old"],
];

for (const [key, kind] of SWITCHES) {
  Deno.test(`loadConfig() takes ${key} = 0 and 1, and ${kind === "old" ? "any number" : "no other"}`, () => {
    const isRefused = (value: string) =>
      errors(`${key} = ${value}`).some((text) => text.startsWith(`Cannot use "${value}"`));
    deepStrictEqual(["0", "1", "2", "-1"].map(isRefused), [
      false,
      false,
      kind === "strict",
      kind === "strict",
    ]);
    deepStrictEqual(["yes", "on", "1x"].map(isRefused), [true, true, true]);
  });
}
