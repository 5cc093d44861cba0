import { headerValue, sipText } from "../../src/cli/demo/sip_text.ts";
import type { Place } from "./tcp_peer.ts";

/** What a test may choose about a request. */
export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** Who sends it; also names its Via and Contact. */
  readonly from: Place;
  readonly transport: "TCP" | "UDP";
  readonly user?: string;
  readonly domain: string;
  readonly callId?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** A request with all that it needs and nothing else. */
export function requestText(parts: RequestParts): string {
  const { method, uri, from, transport, user = "alice", domain, body = "" } = parts;
  const callId = parts.callId ?? crypto.randomUUID();
  const contact = `<sip:${user}@${from.hostname}:${from.port}>;expires=120`;
  return sipText(`${method} ${uri} SIP/2.0`, {
    headers: [
      [
        "Via",
        `SIP/2.0/${transport} ${from.hostname}:${from.port};branch=z9hG4bK${crypto.randomUUID()}`,
      ],
      ["Max-Forwards", "70"],
      ["From", `<sip:${user}@${domain}>;tag=1`],
      ["To", `<sip:${user}@${domain}>`],
      ["Call-ID", callId],
      ["CSeq", `1 ${method}`],
      ...(method === "REGISTER" || method === "INVITE" ? [["Contact", contact] as const] : []),
      ...parts.headers ?? [],
    ],
    body,
  });
}

/** The 200 to a request, all its Vias and its Contact in it. */
export function okText(request: string): string {
  const names = ["Via", "From", "To", "Call-ID", "CSeq", "Contact"];
  const kept = request.split("\r\n").filter((line) =>
    names.some((name) => line.startsWith(`${name}:`))
  );
  const lines = kept.map((line) =>
    line.startsWith("To:") && !line.includes(";tag=") ? `${line};tag=2` : line
  );
  return ["SIP/2.0 200 OK", ...lines, "Content-Length: 0", "\r\n"].join("\r\n");
}

/** First line, and a header's first value. */
export function seen(message: string | undefined, header: string): readonly [string, string] {
  const text = message ?? "";
  return [text.split("\r\n", 1)[0] ?? "", headerValue(text, header)];
}
