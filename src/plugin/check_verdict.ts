import { assertNever } from "../base/assert_never.ts";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import type { HeaderField } from "../sip/message.ts";
import { soundField } from "./check_field.ts";
import type { Direction, Drop, PhoneTarget, Reply, Target } from "./hooks.ts";

/** Drops are counted by their reason: a word of the plugin's own, never text from the network. */
const DROP_REASON = /^[a-z0-9_.-]{1,40}$/;

/** Most fields that a plugin may add to an answer: real ones add one or two. */
const MAX_REPLY_HEADERS = 32;

/**
 * Takes a verdict that ends a message's way; plugins in plain JavaScript are not held to the types.
 *
 * @param verdict what a hook returned
 * @returns a plain copy, or what is wrong with it
 */
export function readEnd(verdict: Drop | Reply | Target): Result<Drop | Reply | Target> {
  switch (verdict.kind) {
    case "drop":
      return ok({ kind: "drop", reason: dropReason(verdict.reason) });
    case "reply":
      return readReply(verdict);
    case "target":
      return readTarget(verdict);
    default:
      return assertNever(verdict);
  }
}

/**
 * Takes a direction that a plugin chose.
 *
 * @param direction as returned; undefined when it chose none
 * @returns the same, or what is wrong with it
 */
export function readDirection(direction: Direction | undefined): Result<Direction | undefined> {
  const isSound = direction === undefined || direction === "incoming" || direction === "outgoing";
  return isSound ? ok(direction) : err("Cannot use direction: it is neither incoming nor outgoing");
}

/**
 * Takes a next hop that a plugin chose.
 *
 * @param place as returned; undefined when it chose none
 * @returns a plain copy, or what is wrong with it
 */
export function readPlace(place: SocketAddress | undefined): Result<SocketAddress | undefined> {
  if (place === undefined) return ok(undefined);
  if (place === null || typeof place !== "object") return err(NO_PLACE);
  const { port } = place;
  const address = readAddress(place.address);
  const isSound = address !== undefined && Number.isInteger(port) && port >= 1 && port <= 65535;
  return isSound ? ok({ address, port }) : err(NO_PLACE);
}

/**
 * Takes a phone that a plugin chose.
 *
 * @param phone as returned; undefined when it chose none
 * @returns a plain copy, or what is wrong with it
 */
export function readPhone(phone: PhoneTarget | undefined): Result<PhoneTarget | undefined> {
  if (phone === undefined) return ok(undefined);
  if (phone === null || typeof phone !== "object") return err(NO_PHONE);
  const { bindingId, requestUri } = phone;
  const isSound = typeof bindingId === "string" &&
    (requestUri === "contact" || requestUri === "keep");
  return isSound ? ok({ bindingId, requestUri }) : err(NO_PHONE);
}

/**
 * Takes an address that a plugin wrote.
 *
 * @param address a literal, if the plugin is right
 * @returns the canonical form, or undefined
 */
export function readAddress(address: unknown): IpAddress | undefined {
  return typeof address === "string" ? parseIpAddress(address) : undefined;
}

const NO_PLACE = "Cannot use nextHop: it is no address and port";
const NO_PHONE = "Cannot use phone: it is no bindingId with contact or keep";

function dropReason(reason: string): string {
  return typeof reason === "string" && DROP_REASON.test(reason) ? reason : "other";
}

function readReply(verdict: Reply): Result<Reply> {
  const { statusCode, headers } = verdict;
  if (!Number.isInteger(statusCode) || statusCode < 300 || statusCode > 699) {
    return err("Cannot answer: the status code is not 300 … 699");
  }
  if (headers === undefined) return ok({ kind: "reply", statusCode });
  if (!Array.isArray(headers)) return err("Cannot answer: its headers are no list");
  const fields: HeaderField[] = [];
  for (const given of headers) {
    const field = soundField(given);
    if (field === undefined || fields.length >= MAX_REPLY_HEADERS) {
      return err(`Cannot answer: a bad header, or over ${MAX_REPLY_HEADERS} of them`);
    }
    fields.push(field);
  }
  return ok({ kind: "reply", statusCode, headers: fields });
}

function readTarget(verdict: Target): Result<Target> {
  const direction = readDirection(verdict.direction);
  const phone = readPhone(verdict.phone);
  const nextHop = readPlace(verdict.nextHop);
  if (!direction.ok) return direction;
  if (!phone.ok) return phone;
  if (!nextHop.ok) return nextHop;
  if (direction.value === undefined) return err("Cannot use target: it has no direction");
  return ok({
    kind: "target",
    direction: direction.value,
    ...(phone.value === undefined ? {} : { phone: phone.value }),
    ...(nextHop.value === undefined ? {} : { nextHop: nextHop.value }),
  });
}
