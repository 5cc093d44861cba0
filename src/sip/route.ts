import { err, ok, type Result } from "../base/result.ts";
import { firstListElement } from "./comma_list.ts";
import { getHeader, listValues } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { type NameAddr, parseNameAddr } from "./name_addr.ts";
import { type AnyUri, uriParameter } from "./uri.ts";

/** Headers whose elements are hops: the first two by RFC 3261 §20.30 and §20.34, the others by RFC 3327 and 3608. */
export type RouteKey = "route" | "record-route" | "path" | "service-route";

/**
 * Parses all hops of a route header.
 *
 * @param message any message
 * @param key which header
 * @returns the hops in order; an error when one is malformed
 */
export function parseRoutes(message: SipMessage, key: RouteKey): Result<readonly NameAddr[]> {
  const routes: NameAddr[] = [];
  for (const element of listValues(message, key)) {
    const route = parseRoute(element, key);
    if (!route.ok) return route;
    routes.push(route.value);
  }
  return ok(routes);
}

/**
 * Parses the topmost hop alone, which is all that a proxy needs of a Route set.
 *
 * @param message any message
 * @param key which header
 * @returns undefined when there is no such header
 */
export function topmostRoute(message: SipMessage, key: RouteKey): Result<NameAddr | undefined> {
  const field = getHeader(message, key);
  if (field === undefined) return ok(undefined);
  return parseRoute(firstListElement(field.value), key);
}

function parseRoute(element: string, key: RouteKey): Result<NameAddr> {
  const route = parseNameAddr(element);
  return route.ok ? route : err(`Cannot parse ${key}: ${route.error}`);
}

/**
 * Tells whether a hop is a loose router (RFC 3261 §16.12).
 *
 * @param uri the URI of a hop
 * @returns true when it carries `lr`, with or without a value
 */
export function isLooseRoute(uri: AnyUri): boolean {
  return uri.kind === "sip" && uriParameter(uri, "lr") !== undefined;
}
