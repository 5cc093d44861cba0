import { ACCESS_DIRECTIVES, INTERFACE_DIRECTIVES, SIP_DIRECTIVES } from "./directives_sip.ts";
import {
  DAEMON_DIRECTIVES,
  LOG_DIRECTIVES,
  PLUGIN_DIRECTIVES,
  REGISTRATION_DIRECTIVES,
} from "./directives_daemon.ts";
import {
  FIREWALL_DIRECTIVES,
  QUALITY_DIRECTIVES,
  RTP_DIRECTIVES,
  TCP_DIRECTIVES,
} from "./directives_media.ts";
import {
  AUTHENTICATION_DIRECTIVES,
  MASQUERADING_DIRECTIVES,
  OUTBOUND_DIRECTIVES,
} from "./directives_proxy.ts";
import type { Directive } from "./schema.ts";

/**
 * Every directive of siproxd.conf, in the order of the manual: the single source of what is read,
 * of `siproxd config`, of the help text, the man page and the README table.
 */
export const DIRECTIVES: readonly Directive[] = Object.freeze([
  ...INTERFACE_DIRECTIVES,
  ...ACCESS_DIRECTIVES,
  ...SIP_DIRECTIVES,
  ...DAEMON_DIRECTIVES,
  ...REGISTRATION_DIRECTIVES,
  ...RTP_DIRECTIVES,
  ...QUALITY_DIRECTIVES,
  ...FIREWALL_DIRECTIVES,
  ...TCP_DIRECTIVES,
  ...AUTHENTICATION_DIRECTIVES,
  ...LOG_DIRECTIVES,
  ...MASQUERADING_DIRECTIVES,
  ...OUTBOUND_DIRECTIVES,
  ...PLUGIN_DIRECTIVES,
]);

const byKey: ReadonlyMap<string, Directive> = new Map(
  DIRECTIVES.map((directive) => [directive.key, directive]),
);

/**
 * Finds a directive by its exact, case-sensitive key.
 *
 * @param key the trimmed text left of `=`
 * @returns the directive, or undefined when there is none of that name
 */
export function findDirective(key: string): Directive | undefined {
  return byKey.get(key);
}
