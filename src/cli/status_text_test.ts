import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { StatusCall, StatusLeg, StatusReport } from "../shell/operator/status_report.ts";
import { CALL, EMPTY, LEG, linesOf, PHONE, PROGRAM } from "../../tests/support/status_reports.ts";
import { statusText } from "./status_text.ts";

function programLine(program: Partial<StatusReport["program"]>): string | undefined {
  return linesOf({ program: { ...PROGRAM, ...program } })[0];
}

Deno.test("statusText() of an idle daemon is five lines", () => {
  deepStrictEqual(linesOf({}), [
    "siproxd 1.2.3, pid 77, up 5 s, 61 MB",
    "Addresses: inside 10.0.0.1; outside 203.0.113.1",
    "Registrations: 0",
    "Calls: 0",
    "Media: not relayed",
  ]);
});

const FIREWALLS: readonly (readonly ["off" | "up" | "down", string])[] = [
  ["off", "siproxd 1.2.3, pid 77, up 5 s, 61 MB"],
  ["up", "siproxd 1.2.3, pid 77, up 5 s, 61 MB, firewall up"],
  ["down", "siproxd 1.2.3, pid 77, up 5 s, 61 MB, firewall down"],
];

for (const [firewall, line] of FIREWALLS) {
  Deno.test(`statusText() with the firewall ${firewall}`, () => {
    strictEqual(programLine({ firewall }), line);
  });
}

Deno.test("statusText() tells that the kernel takes media over, or cannot at this moment", () => {
  const start = "siproxd 1.2.3, pid 77, up 5 s, 61 MB, ";
  strictEqual(programLine({ mediaOffload: "up" }), `${start}media offload up`);
  strictEqual(
    programLine({ firewall: "up", mediaOffload: "down" }),
    `${start}firewall up, media offload down`,
  );
});

Deno.test("statusText() tells how many streams the kernel relays", () => {
  const lines = linesOf({ media: { ...MEDIA, kernelStreams: 1 } });
  strictEqual(
    lines.includes("Media: 2 streams now (1 in the kernel), 9 since the start"),
    true,
  );
});

Deno.test("statusText() tells how many cores share the streams", () => {
  const lines = linesOf({ media: { ...MEDIA, workers: 2 } });
  strictEqual(
    lines.includes("Media: 2 streams now, 9 since the start, shared by 2 cores"),
    true,
  );
});

const DURATIONS: readonly (readonly [number, string])[] = [
  [0, "0 s"],
  [1, "1 s"],
  [119, "119 s"],
  [120, "2 min"],
  [179, "2 min"],
  [180, "3 min"],
  [7_199, "119 min"],
  [7_200, "2 h 0 min"],
  [7_259, "2 h 0 min"],
  [7_260, "2 h 1 min"],
  [172_799, "47 h 59 min"],
  [172_800, "2 d 0 h"],
  [176_399, "2 d 0 h"],
  [176_400, "2 d 1 h"],
  [31_536_000, "365 d 0 h"],
];

for (const [uptimeSeconds, text] of DURATIONS) {
  Deno.test(`statusText() writes ${uptimeSeconds} seconds as ${text}`, () => {
    strictEqual(programLine({ uptimeSeconds }), `siproxd 1.2.3, pid 77, up ${text}, 61 MB`);
  });
}

const SIZES: readonly (readonly [number, string])[] = [
  [0, "0 B"],
  [9_999, "9999 B"],
  [10_000, "10 kB"],
  [10_499, "10 kB"],
  [10_500, "11 kB"],
  [9_999_499, "9999 kB"],
  [10_000_000, "10 MB"],
  [1_234_567_890, "1235 MB"],
];

for (const [residentBytes, text] of SIZES) {
  Deno.test(`statusText() writes ${residentBytes} bytes as ${text}`, () => {
    strictEqual(programLine({ residentBytes }), `siproxd 1.2.3, pid 77, up 5 s, ${text}`);
  });
}

Deno.test("statusText() says where a phone is and who has its registration", () => {
  const local = {
    ...PHONE,
    addressOfRecord: "bob@pbx",
    transport: "tcp",
    registrar: null,
  } as const;
  deepStrictEqual(linesOf({ registrations: [PHONE, local] }).slice(2, 5), [
    "Registrations: 2",
    "  alice@example.org  10.0.0.10:5062/udp  registered at 192.0.2.10:5070  expires in 90 s",
    "  bob@pbx  10.0.0.10:5062/tcp  registered here  expires in 90 s",
  ]);
});

const CALLS: readonly (readonly [Partial<StatusCall>, string])[] = [
  [{}, "  outgoing, confirmed: alice@example.org (10.0.0.10:5062)  call-1"],
  [{ phone: null }, "  outgoing, confirmed: phone (10.0.0.10:5062)  call-1"],
  [{ direction: "incoming" }, "  incoming, confirmed: alice@example.org (10.0.0.10:5062)  call-1"],
  [{ phase: "early" }, "  outgoing, early: alice@example.org (10.0.0.10:5062)  call-1"],
  [{ phase: "ending" }, "  outgoing, ending: alice@example.org (10.0.0.10:5062)  call-1"],
  [
    { phoneAddress: "[fd00::1]:5060" },
    "  outgoing, confirmed: alice@example.org ([fd00::1]:5060)  call-1",
  ],
];

for (const [parts, line] of CALLS) {
  Deno.test(`statusText() of a call with ${JSON.stringify(parts)}`, () => {
    deepStrictEqual(linesOf({ calls: [{ ...CALL, ...parts }] }).slice(3, 5), ["Calls: 1", line]);
  });
}

const LEGS: readonly (readonly [Partial<StatusLeg>, string])[] = [
  [{}, "10.0.0.10:4000 → 10.0.0.1:7072  12 packets  2064 B  0 dropped"],
  [{ source: null }, "(nothing yet) → 10.0.0.1:7072  12 packets  2064 B  0 dropped"],
  [{ flow: "held" }, "10.0.0.10:4000 → 10.0.0.1:7072  12 packets  2064 B  0 dropped  on hold"],
  [{ bytes: 20_000, dropped: 3 }, "10.0.0.10:4000 → 10.0.0.1:7072  12 packets  20 kB  3 dropped"],
];

for (const [parts, text] of LEGS) {
  Deno.test(`statusText() of a stream whose leg has ${JSON.stringify(parts)}`, () => {
    const leg = { ...LEG, ...parts };
    const other = { ...LEG, port: 7070, local: "203.0.113.1:7070", source: "203.0.113.9:9000" };
    const relay = "daemon" as const;
    const outgoing = { streamId: 4, mediaIndex: 0, relay, fromPhone: leg, fromInternet: other };
    const swapped = { streamId: 5, mediaIndex: 1, relay, fromPhone: other, fromInternet: leg };
    deepStrictEqual(linesOf({ calls: [{ ...CALL, streams: [outgoing, swapped] }] }).slice(5, 9), [
      `    media 0 from phone    ${text}`,
      "    media 0 from Internet 203.0.113.9:9000 → 203.0.113.1:7070  12 packets  2064 B  0 dropped",
      "    media 1 from phone    203.0.113.9:9000 → 203.0.113.1:7070  12 packets  2064 B  0 dropped",
      `    media 1 from Internet ${text}`,
    ]);
  });
}

const MEDIA: NonNullable<StatusReport["media"]> = {
  workers: 1,
  activeStreams: 2,
  kernelStreams: 0,
  totalStreams: 9,
  fromPhones: { packets: 100, bytes: 17_200 },
  fromInternet: { packets: 90, bytes: 9_000 },
  dropped: {},
  sendErrors: 0,
  idlePackets: 5,
};

const MEDIA_TEXTS: readonly (readonly [Partial<typeof MEDIA>, readonly string[]])[] = [
  [{}, []],
  [{ dropped: { source: 3 } }, ["  dropped: source 3"]],
  [{ dropped: { source: 3, not_rtp: 1 } }, ["  dropped: source 3, not_rtp 1"]],
  [{ sendErrors: 1 }, ["  not sent by the system: 1"]],
  [
    { dropped: { stun: 8 }, sendErrors: 2 },
    ["  dropped: stun 8", "  not sent by the system: 2"],
  ],
];

for (const [parts, further] of MEDIA_TEXTS) {
  Deno.test(`statusText() of media with ${JSON.stringify(parts)}`, () => {
    deepStrictEqual(linesOf({ media: { ...MEDIA, ...parts } }).slice(4), [
      "Media: 2 streams now, 9 since the start",
      "  from phones    100 packets  17 kB",
      "  from Internet  90 packets  9000 B",
      ...further,
    ]);
  });
}

Deno.test("statusText() puts four counters on a line", () => {
  const counters = { sip_received: 10, sip_sent: 9, sip_bug: 0, plugin: 1, "sip_dropped{x}": 2 };
  deepStrictEqual(linesOf({ counters }).slice(5), [
    "Counters:",
    "  sip_received 10  sip_sent 9  sip_bug 0  plugin 1",
    "  sip_dropped{x} 2",
  ]);
});

Deno.test("statusText() says that counters are missing", () => {
  deepStrictEqual(linesOf({ counters: null }).slice(5), [
    "Counters: the signalling isolate does not answer",
  ]);
});

Deno.test("statusText() lets no text of the network move a cursor (R26)", () => {
  const text = statusText({
    ...EMPTY,
    registrations: [{ ...PHONE, addressOfRecord: "a\x1b[2J\r\nRegistrations: 99" }],
    calls: [{ ...CALL, callId: "c\x07\x9b" }],
  });
  match(text, /a\\x1b\[2J\\x0d\\x0aRegistrations: 99 {2}10\.0\.0\.10/);
  strictEqual([...text].some((char) => char !== "\n" && char.charCodeAt(0) < 32), false);
  strictEqual(text.includes("\x9b"), false);
});
