import { parseIpAddress } from "../base/ip_address.ts";
import { escapeControl } from "../base/text.ts";
import { type AddressScope, addressScope } from "../base/ip_network.ts";
import { entriesOf, type Examination, isSet, issueAt } from "./examination.ts";
import type { Issue } from "./issues.ts";
import { scanInteger } from "./read_integer.ts";
import { validateArrays } from "./validate_arrays.ts";
import { validateFirewall } from "./validate_firewall.ts";
import { validateInterfaces } from "./validate_interfaces.ts";
import { validateRtp } from "./validate_rtp.ts";

/** Ports below this one need a privilege to bind. */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** Seconds below which a short expiry floods the registrar and the phones. */
const SHORT_EXPIRY_SECONDS = 10;

/**
 * Looks for what only shows when values are seen together, and for what is legal but risky.
 *
 * @param examination a bound configuration whose single values were usable
 * @returns errors for contradictions, warnings for risks
 */
export function validateConfig(examination: Examination): readonly Issue[] {
  return [
    ...validateRtp(examination),
    ...validateArrays(examination),
    ...validateInterfaces(examination),
    ...validateHostOutbound(examination),
    ...validateAccess(examination),
    ...validateAuth(examination),
    ...validateSip(examination),
    ...validateFirewall(examination),
    ...validateListeners(examination),
    ...validateJail(examination),
    ...validateIgnored(examination),
  ];
}

/** Scopes that no peer on the Internet can answer to. */
const unreachable: ReadonlySet<AddressScope> = new Set<AddressScope>([
  "unspecified",
  "multicast",
  "broadcast",
]);

function validateHostOutbound(examination: Examination): readonly Issue[] {
  const key = "host_outbound";
  const host = examination.config.interfaces.hostOutbound;
  const address = host === undefined ? undefined : parseIpAddress(host);
  if (address === undefined) return [];
  const scope = addressScope(address);
  if (scope === "global") return [];
  if (unreachable.has(scope)) {
    const message = `Cannot use address "${address}": nobody can answer to a ${scope} address`;
    return [issueAt(examination, { severity: "error", key, message })];
  }
  const message = `Address "${address}" is ${scope}: providers on the Internet cannot answer to it`;
  return [issueAt(examination, { severity: "warning", key, message })];
}

function validateAccess(examination: Examination): readonly Issue[] {
  const { access, auth } = examination.config;
  const open = access.allowReg?.some((entry) => entry.bits === 0) ?? false;
  if (!open || auth.realm !== undefined) return [];
  return [issueAt(examination, {
    severity: "warning",
    key: "hosts_allow_reg",
    message: "Prefix /0 lets the whole Internet register: set proxy_auth_realm or name networks",
  })];
}

function validateAuth(examination: Examination): readonly Issue[] {
  const { realm, password, passwordFile, scope, algorithms } = examination.config.auth;
  if (realm !== undefined) {
    if (password !== undefined || passwordFile !== undefined) return [];
    return [issueAt(examination, {
      severity: "warning",
      key: "proxy_auth_realm",
      message: "No password is known: set proxy_auth_pwfile or proxy_auth_passwd, " +
        "else every registration here is refused",
    })];
  }
  const keys = ["proxy_auth_passwd", "proxy_auth_pwfile"];
  if (scope === "all") keys.push("proxy_auth_scope");
  if (algorithms !== undefined) keys.push("proxy_auth_algorithm");
  return keys.filter((key) => isSet(examination, key)).map((key) =>
    issueAt(examination, {
      severity: "warning",
      key,
      message: "Has no effect: authentication is off because proxy_auth_realm is not set",
    })
  );
}

function validateSip(examination: Examination): readonly Issue[] {
  const { sip } = examination.config;
  const issues: Issue[] = [];
  if (sip.listenPort < FIRST_UNPRIVILEGED_PORT) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "sip_listen_port",
      message: `Port ${sip.listenPort} needs root or CAP_NET_BIND_SERVICE to bind`,
    }));
  }
  if (sip.lanExpiresSeconds > 0 && sip.lanExpiresSeconds < SHORT_EXPIRY_SECONDS) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "lan_expires",
      message: `Expiry of ${sip.lanExpiresSeconds} s makes phones register all the time: ` +
        "30 is usual",
    }));
  }
  if (isSet(examination, "outbound_proxy_port") && sip.outboundProxy === undefined) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "outbound_proxy_port",
      message: "Has no effect: outbound_proxy_host is not set",
    }));
  }
  return issues;
}

function validateListeners(examination: Examination): readonly Issue[] {
  const { log, metrics } = examination.config;
  const issues: Issue[] = [];
  if (log.debugPort !== 0 && !isLoopback(log.debugAddress)) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "debug_address",
      message: `Address "${log.debugAddress}" shows the log to everybody who reaches port ` +
        `${log.debugPort}: there is no password`,
    }));
  }
  if (metrics.listen !== undefined && !isLoopback(metrics.listen.host)) {
    issues.push(issueAt(examination, {
      severity: "warning",
      key: "metrics_listen",
      message: `Address "${metrics.listen.host}" shows the metrics to everybody who reaches it: ` +
        "there is no password",
    }));
  }
  return issues;
}

/** The jail is a folder that paths are joined to: one that climbs out of it is a mistake or an attack. */
function validateJail(examination: Examination): readonly Issue[] {
  const { daemon, registrar } = examination.config;
  if (daemon.chrootJail === undefined) return [];
  const paths = [["registration_file", registrar.file], ["pid_file", daemon.pidFile]] as const;
  return paths.filter(([, path]) => path?.split("/").includes("..") === true).map(([key, path]) =>
    issueAt(examination, {
      severity: "error",
      key,
      message: `Cannot use path "${escapeControl(path ?? "")}": it leaves chrootjail by ".."`,
    })
  );
}

function isLoopback(host: string): boolean {
  const address = parseIpAddress(host);
  return address === undefined ? host === "localhost" : addressScope(address) === "loopback";
}

function validateIgnored(examination: Examination): readonly Issue[] {
  const key = "thread_stack_size";
  const stack = entriesOf(examination, key).at(-1)?.value ?? "0";
  if (scanInteger(stack)?.value === 0) return [];
  const message = "Has no effect: there is no thread to size, remove the line";
  return [issueAt(examination, { severity: "warning", key, message })];
}
