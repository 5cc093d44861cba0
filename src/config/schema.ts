import { assertNever } from "../base/assert_never.ts";

/** What the value of a directive may be; `bind.ts` holds one reader per kind. */
export type OptionType =
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly unit?: Unit }
  /** 0 or 1; siproxd's own switches also take any other number for 1 (`other: "on"`). */
  | { readonly kind: "flag"; readonly other: "on" | "refuse" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  /** Debug classes: a number, or names joined by commas. */
  | { readonly kind: "debug-pattern" }
  | { readonly kind: "text"; readonly maxLengthChars: number }
  /** A text that is never printed. */
  | { readonly kind: "secret"; readonly maxLengthChars: number }
  | { readonly kind: "path" }
  /** A host name or an address. */
  | { readonly kind: "host" }
  | { readonly kind: "address" }
  /** The name of a network interface, an address of one, or one address of each family. */
  | { readonly kind: "interface" }
  /** With a `defaultHost` a port alone will do. */
  | { readonly kind: "host-port"; readonly defaultHost?: string }
  /** A unix socket's path, a loopback address with a port, or `none`. */
  | { readonly kind: "status-place" }
  | { readonly kind: "plugin-name" }
  /** Pairs `component:level` joined by commas. */
  | { readonly kind: "log-levels" }
  | { readonly kind: "access-list" };

/** Unit of a number, for help texts and man pages. */
export type Unit = "seconds" | "milliseconds" | "microseconds" | "kilobytes" | "port";

/** Sections of the manual, in its order. */
export type DirectiveGroup =
  | "interfaces"
  | "access"
  | "sip"
  | "daemon"
  | "registrations"
  | "rtp"
  | "quality"
  | "firewall"
  | "tcp"
  | "authentication"
  | "logging"
  | "masquerading"
  | "outbound proxies"
  | "plugins"
  | "operation";

/** One directive of siproxd.conf: the only place where its type, default and help text stand. */
export interface Directive {
  readonly key: string;
  readonly group: DirectiveGroup;
  readonly type: OptionType;
  /** `array` directives may stand several times and keep their order; of a `scalar` the last wins. */
  readonly repeat: "scalar" | "array";
  /** Default as it would be written in the file; undefined means unset. */
  readonly defaultText: string | undefined;
  /** `siproxd`: a directive that C siproxd has too; `new`: ours. */
  readonly origin: "siproxd" | "new";
  /** One or two sentences for help, man page and README. */
  readonly help: string;
  /** A value that works. */
  readonly example: string;
}

/**
 * Says in words what a type takes, for help texts and error messages.
 *
 * @param type the type of a directive
 * @returns such as `number 1…65535`
 */
export function describeType(type: OptionType): string {
  switch (type.kind) {
    case "integer":
      return `number ${type.min}…${type.max}${type.unit === undefined ? "" : ` (${type.unit})`}`;
    case "flag":
      return "0 or 1";
    case "choice":
      return type.choices.join(" or ");
    case "debug-pattern":
      return "number or class names joined by commas";
    case "text":
      return "text";
    case "secret":
      return "password";
    case "path":
      return "path";
    case "host":
      return "host name or address";
    case "address":
      return "address";
    case "interface":
      return "interface name or address";
    case "host-port":
      return type.defaultHost === undefined
        ? "address:port"
        : `address:port, or a port of ${type.defaultHost}`;
    case "status-place":
      return "path, loopback address:port, or none";
    case "plugin-name":
      return "plugin name";
    case "log-levels":
      return "component:level,component:level,…";
    case "access-list":
      return "address/bits,address/bits,…";
    default:
      return assertNever(type);
  }
}
