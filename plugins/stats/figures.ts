import type { PluginCall, PluginHost } from "../../src/plugin/api.ts";
import { parseUri } from "../../src/sip/uri.ts";

/** One direction of one media line, as siproxd counts streams. */
export interface StreamLine {
  /** `user@host` of the phone. */
  readonly clientId: string;
  readonly callNumber: string;
  readonly callHost: string;
  readonly callDirection: "Incoming" | "Outgoing";
  readonly streamDirection: "Incoming" | "Outgoing";
  readonly mediaIndex: number;
  readonly localAddress: string;
  readonly remoteAddress: string;
}

/** What the proxy holds at a moment. */
export interface Figures {
  readonly streams: readonly StreamLine[];
  readonly activeCalls: number;
  readonly activeClients: number;
  readonly registeredClients: number;
}

/**
 * Reads the figures.
 *
 * @param host gives calls and registrations
 * @returns streams sorted by client, call and media line
 */
export function readFigures(host: Pick<PluginHost, "calls" | "registrations">): Figures {
  const calls = host.calls().filter((call) => call.streams.length > 0);
  return {
    streams: calls.flatMap(linesOf).sort(compareLines),
    activeCalls: new Set(calls.map((call) => call.callId)).size,
    activeClients: new Set(calls.map(clientIdOf)).size,
    registeredClients: host.registrations().length,
  };
}

function clientIdOf(call: PluginCall): string {
  const uri = parseUri(call.phoneContactUri);
  if (!uri.ok || uri.value.kind !== "sip") return call.phoneAddress;
  const { user, host } = uri.value;
  return user === undefined ? host : `${user}@${host}`;
}

function linesOf(call: PluginCall): readonly StreamLine[] {
  const at = call.callId.indexOf("@");
  const common = {
    clientId: clientIdOf(call),
    callNumber: at < 0 ? call.callId : call.callId.slice(0, at),
    callHost: at < 0 ? "" : call.callId.slice(at + 1),
    callDirection: call.direction === "incoming" ? "Incoming" : "Outgoing",
  } as const;
  return call.streams.flatMap((stream) => [
    {
      ...common,
      streamDirection: "Incoming",
      mediaIndex: stream.mediaIndex,
      localAddress: stream.lanLocal,
      remoteAddress: stream.lanRemote ?? "",
    } as const,
    {
      ...common,
      streamDirection: "Outgoing",
      mediaIndex: stream.mediaIndex,
      localAddress: stream.wanLocal,
      remoteAddress: stream.wanRemote ?? "",
    } as const,
  ]);
}

function compareLines(left: StreamLine, right: StreamLine): number {
  return compareText(left.clientId, right.clientId) || compareText(left.callHost, right.callHost) ||
    compareText(left.callNumber, right.callNumber) || left.mediaIndex - right.mediaIndex;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
