import { err, ok, type Result } from "../base/result.ts";
import { formatHostPort, parseHostPort } from "./host_port.ts";
import {
  countParameter,
  findParameter,
  formatParameters,
  type Parameter,
  parseParameters,
  withParameter,
} from "./parameters.ts";
import { parseDigits, skipBlanks, tokenEnd, trimBlanks } from "./scan.ts";

/** One Via element (RFC 3261 §20.42): the hop a response goes back to. */
export interface Via {
  /** Protocol name. */
  readonly protocol: "SIP";
  /** Protocol version. */
  readonly version: "2.0";
  /** Transport as written: `UDP`, `tcp`, or one that we do not know. */
  readonly transport: string;
  /** Host of sent-by as written; IPv6 with brackets. */
  readonly host: string;
  /** Port of sent-by, when written. */
  readonly port: number | undefined;
  /** All parameters in their order. */
  readonly parameters: readonly Parameter[];
  /** What names the transaction (RFC 3261 §8.1.1.7). */
  readonly branch: string | undefined;
  /** The address the message really came from (RFC 3261 §18.2.1). */
  readonly received: string | undefined;
  /** RFC 3581: undefined when missing, empty when asked for, a number when filled. */
  readonly rport: number | "" | undefined;
}

/** Parameters that may stand once only, since replies are routed by them. */
const SINGLE_PARAMETERS: readonly string[] = ["branch", "received", "rport", "maddr"];

/**
 * Parses one Via element; blanks are allowed around `/`, `:` and `;` (RFC 4475 §3.1.1.1).
 *
 * @param text one element of the Via list
 * @returns its parts
 * @example A request for rport
 * ```ts
 * import { parseVia } from "./via.ts";
 * const via = parseVia("SIP/2.0/UDP 10.0.0.10:5062;rport;branch=z9hG4bK1");
 * if (!via.ok || via.value.rport !== "" || via.value.port !== 5062) throw new Error("unexpected");
 * ```
 */
export function parseVia(text: string): Result<Via> {
  const protocolEnd = tokenEnd(text, skipBlanks(text, 0));
  const versionStart = afterSlash(text, protocolEnd);
  const versionEnd = tokenEnd(text, versionStart);
  const transportStart = afterSlash(text, versionEnd);
  const transportEnd = tokenEnd(text, transportStart);
  const hostStart = skipBlanks(text, transportEnd);
  if (versionStart < 0 || transportStart < 0 || transportEnd === transportStart) {
    return err("Cannot parse Via: missing protocol, version or transport");
  }
  if (trimBlanks(text.slice(0, protocolEnd)).toUpperCase() !== "SIP") {
    return err("Cannot parse Via: protocol is not SIP");
  }
  if (text.slice(versionStart, versionEnd) !== "2.0") {
    return err("Cannot parse Via: version is not 2.0");
  }
  if (hostStart === transportEnd || hostStart === text.length) {
    return err(`Cannot parse Via: missing sent-by at offset ${hostStart}`);
  }
  return parseSentBy(text, { transport: text.slice(transportStart, transportEnd), hostStart });
}

/** Offset after a slash and the blanks around it; -1 when there is no slash. */
function afterSlash(text: string, start: number): number {
  if (start < 0) return -1;
  const slash = skipBlanks(text, start);
  return text.charCodeAt(slash) === 0x2f ? skipBlanks(text, slash + 1) : -1;
}

interface ViaHead {
  readonly transport: string;
  readonly hostStart: number;
}

function parseSentBy(text: string, head: ViaHead): Result<Via> {
  const semicolon = text.indexOf(";", head.hostStart);
  const sentByEnd = semicolon < 0 ? text.length : semicolon;
  const hostPort = parseHostPort(
    withoutColonBlanks(trimBlanks(text.slice(head.hostStart, sentByEnd))),
  );
  if (!hostPort.ok) return err(`Cannot parse Via: ${hostPort.error}`);
  const parameters = parseParameters(text, sentByEnd);
  if (!parameters.ok) return err(`Cannot parse Via: ${parameters.error}`);
  return makeVia({ transport: head.transport, ...hostPort.value, parameters: parameters.value });
}

/** RFC 3261 §25.1: sent-by is host [ COLON port ], and COLON may have blanks around it. */
function withoutColonBlanks(sentBy: string): string {
  const colon = sentBy.lastIndexOf(":");
  if (colon < 0 || (sentBy.indexOf(" ") < 0 && sentBy.indexOf("\t") < 0)) return sentBy;
  const host = trimBlanks(sentBy.slice(0, colon));
  return `${host}:${trimBlanks(sentBy.slice(colon + 1, sentBy.length))}`;
}

/** What a Via is built from. */
export interface ViaParts {
  readonly transport: string;
  /** IPv6 with brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: readonly Parameter[];
}

/**
 * Builds a Via from its parts and reads the parameters that route replies.
 *
 * @param parts transport, sent-by and parameters
 * @returns the Via, or what is wrong with branch, received, rport or maddr
 */
export function makeVia(parts: ViaParts): Result<Via> {
  const { transport, host, port, parameters } = parts;
  for (const name of SINGLE_PARAMETERS) {
    if (countParameter(parameters, name) > 1) return err(`Cannot parse Via: more than one ${name}`);
  }
  const rport = readRport(findParameter(parameters, "rport"));
  if (rport === "invalid") return err("Cannot parse Via: rport is not 0 … 65535");
  return ok({
    protocol: "SIP",
    version: "2.0",
    transport,
    host,
    port,
    parameters,
    branch: findParameter(parameters, "branch")?.value,
    received: findParameter(parameters, "received")?.value,
    rport,
  });
}

function readRport(parameter: Parameter | undefined): number | "" | "invalid" | undefined {
  if (parameter === undefined) return undefined;
  if (parameter.value === undefined || parameter.value === "") return "";
  const port = parseDigits(parameter.value);
  return port === undefined || port > 65535 ? "invalid" : port;
}

/**
 * Writes a Via element without needless blanks.
 *
 * @param via what to write
 * @returns the text of one list element
 */
export function formatVia(via: Via): string {
  const sentBy = formatHostPort({ host: via.host, port: via.port });
  const parameters = formatParameters(via.parameters);
  return `${via.protocol}/${via.version}/${via.transport} ${sentBy}${parameters}`;
}

/**
 * Sets a Via parameter, in place when it is there, and keeps `branch`, `received` and `rport` in step.
 *
 * @param via a Via
 * @param parameter what to set; `rport` must hold digits or nothing
 * @returns a new Via
 * @throws Error when the new value is no valid one: our bug
 */
export function withViaParameter(via: Via, parameter: Parameter): Via {
  const changed = makeVia({ ...via, parameters: withParameter(via.parameters, parameter) });
  if (!changed.ok) throw new Error(changed.error);
  return changed.value;
}
