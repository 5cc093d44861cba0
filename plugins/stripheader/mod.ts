/**
 * plugin_stripheader: takes headers, or single values of them, out of all forwarded messages.
 * It leaves alone what SIP itself works by. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin } from "../../src/plugin/api.ts";
import { getHeader, removeHeaders, replaceListElements } from "../../src/sip/headers.ts";
import { headerKey } from "../../src/sip/header_name.ts";
import type { SipMessage } from "../../src/sip/message.ts";

/** Headers without which a message would not arrive, be answered or be understood. */
const PROTECTED: ReadonlySet<string> = new Set([
  "via",
  "from",
  "to",
  "call-id",
  "cseq",
  "contact",
  "route",
  "max-forwards",
  "content-type",
  "content-length",
  "content-encoding",
  "mime-version",
  "authorization",
  "proxy-authorization",
  "www-authenticate",
  "proxy-authenticate",
  "authentication-info",
]);

interface Rule {
  readonly key: string;
  /** In lower case; undefined takes the whole header. */
  readonly value: string | undefined;
}

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "stripheader",
  apiVersion: 1,
  description: "Strips headers from forwarded messages",
  options: {
    remove: {
      kind: "list",
      help: "Header to remove, or Header:value to remove only that value.",
      example: "Allow:UPDATE",
      validate: (value) => /^[!-9;-~]+(:.*)?$/.test(value) ? undefined : "no header name",
    },
  },
  examine({ remove }) {
    if (remove.length === 0) {
      const message = "Cannot strip anything: no plugin_stripheader_remove is set";
      return [{ option: "remove", severity: "warning", message }];
    }
    return remove.flatMap((entry, index) => {
      const { key, value } = readRule(entry);
      const why = PROTECTED.has(key)
        ? "no message works without it"
        : key === "record-route" && value !== undefined
        ? "it can only be removed as a whole"
        : undefined;
      if (why === undefined) return [];
      const message = `Cannot strip "${entry}": ${why}, the line has no effect`;
      return [{ option: "remove", index, severity: "warning", message } as const];
    });
  },
  setup({ remove }) {
    const rules = remove.map(readRule).filter(({ key, value }) =>
      !PROTECTED.has(key) && (key !== "record-route" || value === undefined)
    );
    if (rules.length === 0) return {};
    const edit = <Message extends SipMessage>(message: Message): Message =>
      rules.reduce((edited, rule) => strip(edited, rule), message);
    return {
      preProxy: ({ message }) => {
        const edited = edit(message);
        return edited === message ? CONTINUE : { kind: "continue", message: edited };
      },
      preProxyResponse: ({ message }) => {
        const edited = edit(message);
        return edited === message ? CONTINUE : { kind: "continue", message: edited };
      },
    };
  },
});

function readRule(entry: string): Rule {
  const colon = entry.indexOf(":");
  if (colon < 0) return { key: headerKey(entry), value: undefined };
  return {
    key: headerKey(entry.slice(0, colon)),
    value: entry.slice(colon + 1).trim().toLowerCase(),
  };
}

function strip<Message extends SipMessage>(message: Message, rule: Rule): Message {
  if (getHeader(message, rule.key) === undefined) return message;
  if (rule.value === undefined) return removeHeaders(message, rule.key);
  const { value } = rule;
  const whole = message.headers.filter((field) =>
    field.key !== rule.key || field.value.toLowerCase() !== value
  );
  // The value may stand alone in one line and in the list of another.
  const rest = whole.length < message.headers.length ? { ...message, headers: whole } : message;
  return replaceListElements(
    rest,
    rule.key,
    (element) => element.toLowerCase() === value ? undefined : element,
  );
}
