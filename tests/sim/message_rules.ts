import { parseIpAddress } from "../../src/base/ip_address.ts";
import { addressScope } from "../../src/base/ip_network.ts";
import { headerValue, listValues } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { parseVia } from "../../src/sip/via.ts";

/** Headers that a proxy may change (RFC 3261 §16.6, §16.7) or that it masquerades. */
const EDITED: ReadonlySet<string> = new Set([
  "via",
  "max-forwards",
  "route",
  "record-route",
  "contact",
  "content-length",
  "expires",
  "refer-to",
]);

/**
 * Compares what came with what left: Vias in balance, everything else byte for byte.
 *
 * @param arrived the message as it came
 * @param left what the proxy made of it
 * @returns what is wrong
 */
export function forwardProblems(arrived: SipMessage, left: SipMessage): readonly string[] {
  const before = listValues(arrived, "via");
  const after = listValues(left, "via");
  if (arrived.kind === "request" && left.kind === "response") {
    return before.length === after.length
      ? []
      : ["an answer of ours has other Vias than its request"];
  }
  if (arrived.kind !== left.kind) return ["a response becomes a request"];
  const problems: string[] = [];
  if (arrived.kind === "response") {
    if (after.join() !== before.slice(1).join()) problems.push("not exactly our Via is removed");
  } else {
    if (after.length !== before.length + 1) problems.push("not exactly our Via is added");
    if (after.slice(2).join() !== before.slice(1).join()) {
      problems.push("somebody else's Via changes");
    }
    const [own, sender] = [parseVia(after[0] ?? ""), parseVia(after[1] ?? "")];
    const original = parseVia(before[0] ?? "");
    if (!own.ok || !["10.0.0.1", "192.0.2.1"].includes(own.value.host)) {
      problems.push("topmost Via is not ours");
    }
    if (!sender.ok || !original.ok || sender.value.branch !== original.value.branch) {
      problems.push("the sender's branch changes");
    }
    const spent = Number(headerValue(arrived, "max-forwards")) -
      Number(headerValue(left, "max-forwards"));
    if (spent !== 1) problems.push(`Max-Forwards goes down by ${spent}`);
  }
  const lines = (message: SipMessage) =>
    message.headers.filter(({ key }) => !EDITED.has(key)).map(({ line }) => line).join("\r\n");
  if (lines(arrived) !== lines(left)) problems.push("an untouched header changes");
  return problems;
}

/**
 * Looks for addresses of the phones' side in what leaves to the outside.
 *
 * @param left a message for the outside
 * @returns where one stands
 */
export function privacyProblems(left: SipMessage): readonly string[] {
  const problems: string[] = [];
  const topmostVia = listValues(left, "via")[0] ?? "";
  if (left.kind === "request" && namesPrivate(topmostVia)) problems.push("topmost Via is private");
  for (const key of ["contact", "record-route", "route"]) {
    if (listValues(left, key).some(namesPrivate)) problems.push(`${key} is private`);
  }
  const isDescription = headerValue(left, "content-type") === "application/sdp";
  const lines = isDescription ? left.body.split("\r\n") : [];
  for (const line of lines) {
    if (/^(?:c=|o=|a=rtcp|a=candidate)/.test(line) && namesPrivate(line)) {
      problems.push(`SDP is private: ${line}`);
    }
  }
  return problems;
}

function namesPrivate(text: string): boolean {
  for (const [literal] of text.matchAll(/\d+\.\d+\.\d+\.\d+/g)) {
    const address = parseIpAddress(literal);
    if (address !== undefined && addressScope(address) === "private") return true;
  }
  return false;
}
