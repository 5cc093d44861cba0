/**
 * plugin_guard: shuts out scanners, and keeps calls of our own phones within what they may cost.
 * It learns nothing from addresses that anybody may have written, and never stands in the way of an emergency call.
 * The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin } from "../../src/plugin/api.ts";
import { plainNumber } from "./dialled_number.ts";
import { InsideGuard } from "./inside_guard.ts";
import { OutsideGuard } from "./outside_guard.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "guard",
  apiVersion: 1,
  description: "Guards against scanners and toll fraud",
  options: {
    failures: {
      kind: "integer",
      default: 5,
      min: 1,
      max: 1000,
      help: "Proven failures of a source outside that are forgiven; one more blocks it.",
      example: "5",
    },
    window: {
      kind: "integer",
      default: 300,
      min: 1,
      max: 86_400,
      help: "Seconds within which failures add up.",
      example: "300",
    },
    block: {
      kind: "integer",
      default: 3600,
      min: 1,
      max: 31_536_000,
      help: "Seconds for which a source is blocked.",
      example: "3600",
    },
    trusted: {
      kind: "networks",
      help: "Addresses outside that are never blocked; servers of registered phones never are.",
      example: "198.51.100.0/24",
    },
    scanner: {
      kind: "list",
      help: "Part of a User-Agent, in any case, of which nothing is accepted from outside.",
      example: "sipscanner",
      validate: (value) => value.length < 3 ? "at least 3 characters are expected" : undefined,
    },
    forbid: {
      kind: "list",
      help: "First digits of numbers that phones may not dial.",
      example: "0900",
      validate: whyNoNumber,
    },
    allow: {
      kind: "list",
      help: "First digits of numbers that they may dial though a shorter prefix is forbidden.",
      example: "0043",
      validate: whyNoNumber,
    },
    emergency: {
      kind: "list",
      help: "Emergency number besides the usual ones; it is never refused.",
      example: "116117",
      validate: whyNoNumber,
    },
    international: {
      kind: "string",
      default: "00",
      help: "What is dialled for + here.",
      example: "00",
      validate: (value) => /^[0-9]{1,4}$/.test(value) ? undefined : "1 … 4 digits are expected",
    },
    max_calls: {
      kind: "integer",
      default: 0,
      min: 0,
      max: 1000,
      help: "Calls that one phone may have to the outside at the same time; 0: any number.",
      example: "4",
    },
    calls_per_minute: {
      kind: "integer",
      default: 0,
      min: 0,
      max: 1000,
      help: "Calls that one phone may begin within a minute; 0: any number.",
      example: "10",
    },
    simulate: {
      kind: "boolean",
      default: false,
      help: "1: only say in the log what would be refused.",
      example: "1",
    },
  },
  examine: ({ forbid, allow }) =>
    allow.flatMap((number, index) =>
      forbid.some((prefix) => number.startsWith(prefix) && prefix !== number) ? [] : [{
        option: "allow",
        index,
        severity: "warning",
        message: `Cannot allow "${number}": no shorter plugin_guard_forbid forbids it`,
      }]
    ),
  setup(config, host) {
    const outside = new OutsideGuard(config, host);
    const inside = new InsideGuard(config, host);
    return {
      validate: (request) => outside.validate(request),
      determineTarget: (request) => inside.judge(request),
      ownReply: (reply) => outside.ownReply(reply),
      postProxy(request) {
        inside.note(request);
        return CONTINUE;
      },
      postProxyResponse(response) {
        outside.answer(response);
        return CONTINUE;
      },
    };
  },
});

function whyNoNumber(value: string): string | undefined {
  return plainNumber(value, "00") === undefined ? "no telephone number" : undefined;
}
