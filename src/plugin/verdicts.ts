import { makeHeader } from "../sip/headers.ts";
import type { HeaderField } from "../sip/message.ts";
import type { Drop, Reply } from "./hooks.ts";

/**
 * Stops a message in silence.
 *
 * @param reason one word of the plugin's own, which is counted
 * @returns the verdict
 */
export function drop(reason: string): Drop {
  return { kind: "drop", reason };
}

/**
 * Answers a request.
 *
 * @param statusCode 300 … 699
 * @param headers fields besides those that every answer has
 * @returns the verdict
 */
export function reply(statusCode: number, headers: readonly HeaderField[] = []): Reply {
  return { kind: "reply", statusCode, headers };
}

/**
 * Sends the caller somewhere else: 302 Moved Temporarily with one Contact (RFC 3261 §8.3, §21.3.3).
 *
 * The ACK to it carries our own To tag and is absorbed by the proxy; a plugin needs to remember nothing.
 *
 * @param uri the new target, a URI without angle brackets
 * @returns the verdict
 */
export function redirectTo(uri: string): Reply {
  return reply(302, [makeHeader("Contact", `<${uri}>`)]);
}
