/**
 * plugin_regex: rewrites dialled numbers by rules.
 * It answers the caller with a redirection to the new number; calls that are up are left alone. The plugin host calls it.
 *
 * @module
 */
import {
  beginsOutgoingCall,
  compilePattern,
  compileReplacement,
  CONTINUE,
  definePlugin,
  markRedirected,
  type Plugin,
  redirectTo,
  replaceFirstOrAll,
  type ReplaceRule,
  sipUriOf,
  wasRedirectedBy,
} from "../../src/plugin/api.ts";

/** Longest URI that is made: siproxd's buffer. */
const MAX_URI_LENGTH_CHARS = 2048;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "regex",
  apiVersion: 1,
  description: "Rewrites the targets of outgoing calls by regular expressions",
  options: {
    desc: { kind: "list", help: "Name of the rule, for the log.", example: "00 to +" },
    pattern: {
      kind: "list",
      help: "POSIX extended regular expression on the To URI, in any case.",
      example: "^(sips?:)00",
      validate: whyNoPattern,
    },
    replace: {
      kind: "list",
      help:
        "What takes its place; \\1 … \\9 are the groups, \\0 the whole match, \\\\ a backslash.",
      example: "\\1+",
    },
  },
  together: [["desc", "pattern", "replace"]],
  examine({ pattern, replace }) {
    if (pattern.length === 0) {
      const message = "Cannot rewrite anything: no plugin_regex_pattern is set";
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
    const say = (level: "error" | "info", text: string) => host.log({ level, event: "rule", text });
    return {
      determineTarget(request) {
        if (!beginsOutgoingCall(request) || wasRedirectedBy(request, "regex")) return CONTINUE;
        const { text } = request.checked.to.uri;
        for (const rule of rules) {
          const replaced = replaceFirstOrAll(text, rule);
          if (replaced === undefined) continue;
          say("info", `Matched rexec rule: ${rule.desc}`);
          const uri = replaced.ok ? sipUriOf(replaced.value) : undefined;
          if (uri === undefined || uri.text.length > MAX_URI_LENGTH_CHARS) {
            say("error", replaced.ok ? `no URI after rule ${rule.desc}` : replaced.error);
            return CONTINUE;
          }
          say("info", `redirecting ${text} -> ${uri.text}`);
          return redirectTo(markRedirected(uri, "regex").text);
        }
        return CONTINUE;
      },
    };
  },
});

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
