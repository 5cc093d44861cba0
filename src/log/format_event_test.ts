import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { eventFormat, formatJson, formatLogfmt, formatSyslog, formatText } from "./format_event.ts";
import type { LogEvent } from "./log_event.ts";
import type { StampedEvent } from "./stamped_event.ts";

const hourMs = 3_600_000;

function stamp(event: LogEvent): StampedEvent {
  return { event, atMs: Date.parse("2026-11-24T08:38:07.045Z"), zoneOffsetMs: hourMs };
}

const bound = stamp({
  level: "info",
  component: "registrar",
  event: "reg.ok",
  fields: { user: "alice", expires: 600 },
});

const refused = stamp({
  level: "warning",
  component: "access",
  event: "reg.denied",
  text: "non-authorized registration attempt from 10.0.0.9",
  fields: { source: "10.0.0.9" },
});

const texts: readonly (readonly [string, StampedEvent, string])[] = [
  ["an info", bound, "09:38:07.045 INFO:registrar reg.ok user=alice expires=600"],
  [
    "a warning in siproxd's words",
    refused,
    "09:38:07.045 WARNING:access non-authorized registration attempt from 10.0.0.9",
  ],
  [
    "an error",
    stamp({ level: "error", component: "shell", event: "bind.fail" }),
    "09:38:07.045 ERROR:shell bind.fail",
  ],
  [
    "a debug line, without label",
    stamp({ level: "debug", component: "dns", event: "dns.query", debugClass: "DNS" }),
    "09:38:07.045 dns dns.query",
  ],
  [
    "a dump below its line",
    stamp({ level: "debug", component: "net", event: "sip.in", dump: Uint8Array.of(0x41) }),
    "09:38:07.045 net sip.in\n---BUFFER DUMP follows---\n" +
    `  41${" ".repeat(45)} A\n---end of BUFFER DUMP---`,
  ],
];

for (const [name, event, line] of texts) {
  Deno.test(`formatText() writes ${name}`, () => strictEqual(formatText(event), line));
}

const hostile = stamp({
  level: "info",
  component: "plugin_logcall",
  event: "call.start",
  text: 'x\r\n09:00:00.000 ERROR:fake "y"',
  fields: { from: "a\x1b[31m b", empty: "", to: "k=v", quoted: '"', plain: "sip:a@b" },
});

Deno.test("formatText() keeps a hostile text on its line (R25)", () => {
  strictEqual(
    formatText(hostile),
    '09:38:07.045 INFO:plugin_logcall x\\x0d\\x0a09:00:00.000 ERROR:fake "y"',
  );
});

Deno.test("formatLogfmt() quotes what needs it and escapes control characters (R25)", () => {
  strictEqual(
    formatLogfmt(hostile),
    "2026-11-24T08:38:07.045Z info plugin_logcall call.start " +
      'text="x\\x0d\\x0a09:00:00.000 ERROR:fake \\"y\\"" from="a\\x1b[31m b" empty="" ' +
      'to="k=v" quoted="\\"" plain=sip:a@b',
  );
});

Deno.test("formatLogfmt() writes an event without text", () => {
  strictEqual(
    formatLogfmt(bound),
    "2026-11-24T08:38:07.045Z info registrar reg.ok user=alice expires=600",
  );
});

Deno.test("formatJson() is one line that reads back as it was", () => {
  const line = formatJson(hostile);
  strictEqual([...line].every((character) => character >= " "), true);
  deepStrictEqual(JSON.parse(line), {
    time: "2026-11-24T08:38:07.045Z",
    level: "info",
    component: "plugin_logcall",
    event: "call.start",
    text: hostile.event.text,
    fields: hostile.event.fields,
  });
});

Deno.test("formatJson() escapes C1 controls and line separators too (R25)", () => {
  const line = formatJson(stamp({ level: "info", component: "c", event: "e\x9b\x7f\u2028" }));
  strictEqual(line.includes('"e\\u009b\\u007f\\u2028"'), true);
});

const priorities: readonly (readonly [LogEvent["level"], string])[] = [
  ["error", "<27>Nov 24 09:38:07 siproxd[42]: c ERROR:e"],
  ["warning", "<29>Nov 24 09:38:07 siproxd[42]: c WARNING:e"],
  ["info", "<29>Nov 24 09:38:07 siproxd[42]: c INFO:e"],
  ["debug", "<31>Nov 24 09:38:07 siproxd[42]: c e"],
];

for (const [level, line] of priorities) {
  Deno.test(`formatSyslog() gives ${level} siproxd's severity`, () => {
    strictEqual(
      formatSyslog(stamp({ level, component: "c", event: "e" }), { processId: 42 }),
      line,
    );
  });
}

Deno.test("formatSyslog() names the host for another machine", () => {
  strictEqual(
    formatSyslog(bound, { processId: 42, hostName: "router" }),
    "<29>Nov 24 09:38:07 router siproxd[42]: registrar INFO:reg.ok user=alice expires=600",
  );
});

Deno.test("formatSyslog() and formatText() cut what a peer made too long", () => {
  const long = stamp({ level: "info", component: "c", event: "e", text: "x".repeat(20_000) });
  strictEqual(formatSyslog(long, { processId: 1 }).length < 1024, true);
  strictEqual(formatText(long).length, 8193);
  strictEqual(formatLogfmt(long).length, 8193);
});

Deno.test("eventFormat() chooses by log_format", () => {
  strictEqual(eventFormat("text"), formatText);
  strictEqual(eventFormat("logfmt"), formatLogfmt);
  strictEqual(eventFormat("json"), formatJson);
});

Deno.test("formatJson() gives a dump as hex digits", () => {
  const event = {
    level: "debug",
    component: "c",
    event: "e",
    dump: Uint8Array.of(1, 255),
  } as const;
  strictEqual(JSON.parse(formatJson(stamp(event))).dump, "01ff");
});
