/**
 * plugin_regex_body: rewrites message bodies by rules.
 * It knows nothing of SDP: each rule is applied to the whole body as text. The plugin host calls it.
 *
 * @module
 */
import {
  compilePattern,
  compileReplacement,
  CONTINUE,
  definePlugin,
  type Plugin,
  type PluginHost,
  replaceFirstOrAll,
  type ReplaceRule,
} from "../../src/plugin/api.ts";
import { withBody } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";

/** Longest body that is looked at: matching costs body × steps of the pattern, and offers are a tenth of this. */
const MAX_BODY_LENGTH_CHARS = 8192;

interface NamedRule extends ReplaceRule {
  readonly desc: string;
}

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "regex_body",
  apiVersion: 1,
  description: "Rewrites message bodies by regular expressions",
  options: {
    desc: { kind: "list", help: "Name of the rule, for the log.", example: "no rport" },
    pattern: {
      kind: "list",
      help: "POSIX extended regular expression on the body, in any case.",
      example: "a=ptime:10",
      validate: whyNoPattern,
    },
    replace: {
      kind: "list",
      help:
        "What takes its place; \\1 … \\9 are the groups, \\0 the whole match, \\\\ a backslash.",
      example: "a=ptime:20",
    },
  },
  together: [["desc", "pattern", "replace"]],
  examine({ pattern, replace }) {
    if (pattern.length === 0) {
      const message = "Cannot rewrite anything: no plugin_regex_body_pattern is set";
      return [{ option: "pattern", severity: "warning", message }];
    }
    return pattern.flatMap((source, index) => {
      const rule = readRule(source, replace[index] ?? "");
      return typeof rule === "string"
        ? [{ option: "replace", index, severity: "error", message: rule } as const]
        : [];
    });
  },
  setup(config, host) {
    const rules = config.pattern.flatMap((source, index) => {
      const rule = readRule(source, config.replace[index] ?? "");
      return typeof rule === "string" ? [] : [{ ...rule, desc: config.desc[index] ?? "" }];
    });
    const edit = <Message extends SipMessage>(message: Message): Message => {
      const body = rewrite(message.body, { rules, host });
      return body === message.body ? message : withBody(message, body);
    };
    return {
      determineTarget: ({ message }) =>
        message.body === "" ? CONTINUE : { kind: "continue", message: edit(message) },
      determineTargetResponse: ({ message }) =>
        message.body === "" ? CONTINUE : { kind: "continue", message: edit(message) },
    };
  },
});

/** All rules in order, each on what the ones before left; a rule that fails leaves the body as it came. */
function rewrite(
  original: string,
  job: { readonly rules: readonly NamedRule[]; readonly host: PluginHost },
): string {
  if (original.length > MAX_BODY_LENGTH_CHARS) return original;
  let body = original;
  for (const rule of job.rules) {
    const replaced = replaceFirstOrAll(body, rule);
    if (replaced === undefined) continue;
    if (!replaced.ok || replaced.value.length > MAX_BODY_LENGTH_CHARS) {
      const reason = replaced.ok ? "the body grows too long" : replaced.error;
      job.host.log({ level: "error", event: "rule", text: `rule ${rule.desc}: ${reason}` });
      return original;
    }
    body = replaced.value;
  }
  return body;
}

function whyNoPattern(source: string): string | undefined {
  const pattern = compilePattern(source);
  return pattern.ok ? undefined : pattern.error;
}

function readRule(source: string, replacementText: string): ReplaceRule | string {
  const pattern = compilePattern(source);
  if (!pattern.ok) return pattern.error;
  const replacement = compileReplacement(replacementText, pattern.value);
  if (!replacement.ok) return replacement.error;
  return { pattern: pattern.value, replacement: replacement.value };
}
