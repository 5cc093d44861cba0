import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { statusText } from "../../../src/cli/status_text.ts";
import { eventFormat, formatSyslog } from "../../../src/log/format_event.ts";
import type { LogEvent } from "../../../src/log/log_event.ts";
import {
  judgeHttpRequest,
  MAX_HTTP_REQUEST_LENGTH_BYTES,
} from "../../../src/metrics/http_request.ts";
import type { StatusReport } from "../../../src/shell/operator/status_report.ts";
import type { Dice } from "../dice.ts";
import { mutate } from "../mutate.ts";
import { broken, type Target } from "../target.ts";
import { anyMessage } from "./message.ts";

/** Whether something in a text moves a cursor, begins a line or ends the text. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}

const STAMP = { atMs: 1_800_000_000_000, zoneOffsetMs: 3_600_000 };

function peerText(dice: Dice): string {
  const ansi = dice.pick(["\x1b[2J", "\x9b31m", "\x1b]0;title\x07", "\r\n", "\0", '"', "=", ""]);
  return mutate(`${anyMessage(dice).slice(0, 300)}${ansi}`, dice);
}

/** Log lines of every format with a peer's text in them: one line, nothing that a terminal obeys (R25). */
export const LOG_LINES: Target = {
  name: "log-lines",
  generate: (dice) => encodeLatin1(peerText(dice)),
  run(input): void {
    const text = decodeLatin1(input);
    const fields = { callId: text, count: 1 };
    const common = { level: "warning", component: "sip", event: "sip.test", fields } as const;
    const events: readonly LogEvent[] = [common, { ...common, text }];
    for (const event of events) {
      const stamped = { event, ...STAMP };
      const lines = (["text", "logfmt", "json"] as const).map((name) => eventFormat(name)(stamped));
      for (const line of [...lines, formatSyslog(stamped, { processId: 7 })]) {
        if (hasControl(line)) broken("a control character reaches the log", line);
      }
      const [, , json = ""] = lines;
      const again: unknown = JSON.parse(json);
      if (typeof again !== "object") broken("a JSON line is none", json);
    }
  },
};

function reportOf(text: string): StatusReport {
  const leg = {
    port: 7070,
    local: text,
    source: text,
    flow: "active",
    packets: 1,
    bytes: 1,
  } as const;
  const counted = { ...leg, rtcpPackets: 0, dropped: 0 };
  return {
    version: 1,
    program: {
      version: "1",
      deno: "2",
      target: "x",
      pid: 1,
      startedAt: text,
      uptimeSeconds: 1,
      residentBytes: 1,
      firewall: "off",
      mediaOffload: "off",
    },
    addresses: { inbound: [text], outbound: [text], shown: text },
    registrations: [{
      addressOfRecord: text,
      contact: text,
      target: text,
      transport: "udp",
      expiresInSeconds: 1,
      registrar: text,
    }],
    calls: [{
      callId: text,
      direction: "outgoing",
      phase: "early",
      phone: text,
      phoneAddress: text,
      streams: [{
        streamId: 1,
        mediaIndex: 0,
        relay: "daemon",
        fromPhone: counted,
        fromInternet: counted,
      }],
    }],
    media: null,
    counters: { [text]: 1 },
  };
}

/** `siproxd status` with a peer's text in every place: the same lines as for a plain word (R26). */
export const STATUS_TEXT: Target = {
  name: "status-text",
  generate: (dice) => encodeLatin1(peerText(dice)),
  run(input): void {
    const shown = statusText(reportOf(decodeLatin1(input)));
    if (hasControl(shown.replaceAll("\n", ""))) broken("a screen is controlled", shown);
    const lines = shown.split("\n").length;
    if (lines !== statusText(reportOf("word")).split("\n").length) broken("a line is added", shown);
  },
};

/** First line of a request to the metrics port: judged once it is whole, and never waited for without an end. */
export const HTTP_REQUEST: Target = {
  name: "http-request",
  generate(dice) {
    const request = dice.pick([
      "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
      "HEAD / HTTP/1.0\r\n\r\n",
      "POST /metrics HTTP/1.1\r\n\r\n",
      "GET /?a=b HTTP/1.1\n\n",
      `GET /${"a".repeat(MAX_HTTP_REQUEST_LENGTH_BYTES)}`,
    ]);
    return encodeLatin1(dice.oneIn(6) ? request : mutate(request, dice));
  },
  run(input): void {
    const text = decodeLatin1(input);
    const verdict = judgeHttpRequest(text);
    if (verdict === "incomplete" && text.length > MAX_HTTP_REQUEST_LENGTH_BYTES) {
      broken("a request is waited for without an end", text);
    }
    if (verdict.startsWith("metrics") && !/^(?:GET|HEAD) \/(?:metrics)?[? ]/.test(text)) {
      broken("metrics for another question", text);
    }
  },
};
