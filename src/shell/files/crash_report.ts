import { escapeControl } from "../../base/text.ts";

/** What went wrong. */
export interface Crash {
  /** Part of the daemon that met it. */
  readonly where: "supervisor" | "signalling" | "media";
  /** Stack of the error, or its message where there is none. */
  readonly stack: string;
}

/** What a report tells besides the crash itself. */
export interface CrashSurroundings {
  readonly version: string;
  /** Such as `x86_64-unknown-linux-gnu, deno 2.7.11`. */
  readonly platform: string;
  /** RFC 3339. */
  readonly time: string;
  readonly uptimeSeconds: number;
  /** Last lines of the log, the oldest first. */
  readonly recent: readonly string[];
  /** The configuration in force, passwords hidden. */
  readonly configuration: string;
}

/** Longest stack: a recursion that ran away has thousands of equal lines. */
const MAX_STACK_LENGTH_CHARS = 16_384;

/** What stands in front of a secret that went into a message of an error. */
const SECRET_IN_TEXT = /\b((?:proxy-)?authorization\s*:|password\s*=|passwd\s*=|inline:)[^\r\n]*/gi;

/**
 * Writes a crash report: what a person who looks for the bug must know, without anything secret.
 *
 * @param crash what went wrong, and where
 * @param surroundings the daemon at that moment
 * @returns the text of the file
 */
export function formatCrashReport(crash: Crash, surroundings: CrashSurroundings): string {
  const { version, platform, time, uptimeSeconds, recent, configuration } = surroundings;
  const stack = crash.stack.slice(0, MAX_STACK_LENGTH_CHARS);
  return [
    "siproxd crash report",
    "Please look through it before you pass it on: it names phones and hosts, but no password.",
    "",
    `version:  siproxd ${version}`,
    `platform: ${platform}`,
    `time:     ${time}`,
    `uptime:   ${uptimeSeconds} s`,
    `where:    ${crash.where}`,
    "",
    "--- stack",
    ...withoutSecrets(stack).split("\n").map(escapeControl),
    "",
    `--- last ${recent.length} lines of the log`,
    ...recent.map(withoutSecrets),
    "",
    "--- configuration",
    withoutSecrets(configuration),
  ].join("\n");
}

/** The log and the configuration hide secrets themselves; this is the net below. */
function withoutSecrets(text: string): string {
  return text.replace(SECRET_IN_TEXT, "$1 (hidden)");
}
