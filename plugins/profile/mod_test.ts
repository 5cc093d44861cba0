import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  examine,
  firstLine,
  headerOf,
  request,
  type Step,
} from "../../tests/support/plugin_bench.ts";
import { ProfileBench } from "../../tests/support/profile_bench.ts";

/** Each provider: what a phone dials, and where it goes with the profile and without it. */
const providers: readonly (readonly [string, string, string, string])[] = [
  ["telekom", "sip:1@tel.t-online.de:5070", "198.51.100.10:5060", "198.51.100.10:5070"],
  ["sipgate", "sip:1@sipgate.de:5070", "198.51.100.11:5060", "198.51.100.11:5070"],
  ["1und1", "sip:1@sip.1und1.de:5070", "198.51.100.12:5060", "198.51.100.12:5070"],
  ["vodafone", "sip:1@030.sip.arcor.de:5070", "198.51.100.13:5060", "198.51.100.13:5070"],
  ["orange", "sip:1@orange-multimedia.fr:5070", "198.51.100.15:5060", "198.51.100.15:5070"],
  ["twilio", "sip:1@trunk.pstn.twilio.com:5070", "198.51.100.16:5060", "198.51.100.16:5070"],
];

for (const [name, uri, expected, plain] of providers) {
  Deno.test(`profile ${name} finds the servers by SRV, whatever port the phone adds`, () => {
    strictEqual(new ProfileBench(name).call(uri).sent[0]?.to, `wan ${expected}`);
  });

  Deno.test(`profile ${name} is no concern of other profiles`, () => {
    strictEqual(new ProfileBench("snom").call(uri).sent[0]?.to, `wan ${plain}`);
  });

  Deno.test(`profile ${name} leaves other domains alone`, () => {
    const step = new ProfileBench(name).call("sip:1@other.example:5070");
    strictEqual(step.sent[0]?.to, "wan 198.51.100.99:5070");
  });

  Deno.test(`profile ${name} leaves the Request-URI as the phone signed it`, () => {
    strictEqual(firstLine(new ProfileBench(name).call(uri)), `INVITE ${uri} SIP/2.0`);
  });
}

Deno.test("profile easybell sends requests to easybell.de to its server", () => {
  const step = new ProfileBench("easybell").call("sip:0301@easybell.de");
  deepStrictEqual([step.sent[0]?.to, firstLine(step)], [
    "wan 198.51.100.14:5060",
    "INVITE sip:0301@easybell.de SIP/2.0",
  ]);
});

Deno.test("profile easybell leaves requests to the server itself alone", () => {
  const step = new ProfileBench("easybell").call("sip:0301@sip.easybell.de:5070");
  strictEqual(step.sent[0]?.to, "wan 198.51.100.14:5070");
});

/** Registers a phone of a provider and gives the keep-alives of the next minute. */
function keepAlives(name: string, domain: string): readonly (readonly [number, string])[] {
  const world = new ProfileBench(name);
  const register = request(`REGISTER sip:${domain}`, {
    From: `<sip:alice@${domain}>;tag=r`,
    To: `<sip:alice@${domain}>`,
    "Call-ID": "reg-provider",
    Contact: "<sip:alice@10.0.0.10:5062>;expires=3600",
  });
  const out = world.fromPhone(register);
  world.acceptRegister(out);
  const seen: (readonly [number, string])[] = [];
  for (let seconds = 5; seconds <= 90; seconds += 5) {
    for (const effect of world.advance(5000).effects) {
      if (effect.kind !== "send-datagram") continue;
      deepStrictEqual([...effect.data], [13, 10, 13, 10]);
      seen.push([seconds, `${effect.target.address}:${effect.target.port}`]);
    }
  }
  return seen;
}

Deno.test("profile telekom keeps the way to its server open", () => {
  deepStrictEqual(keepAlives("telekom", "tel.t-online.de").slice(-2), [
    [50, "198.51.100.10:5060"],
    [75, "198.51.100.10:5060"],
  ]);
});

const keepers: readonly (readonly [string, string, string])[] = [
  ["sipgate", "sipgate.de", "198.51.100.11:5060"],
  ["1und1", "sip.1und1.de", "198.51.100.12:5060"],
  ["vodafone", "030.sip.arcor.de", "198.51.100.13:5060"],
];

for (const [name, domain, server] of keepers) {
  Deno.test(`profile ${name} keeps the way to its server open`, () => {
    deepStrictEqual(keepAlives(name, domain).slice(-2), [[60, server], [90, server]]);
  });
}

const silent: readonly (readonly [string, string])[] = [
  ["twilio", "trunk.pstn.twilio.com"],
  ["orange", "orange-multimedia.fr"],
  ["telekom", "sipgate.de"],
  ["snom", "sipgate.de"],
];

for (const [name, domain] of silent) {
  Deno.test(`profile ${name} sends no keep-alive for a phone of ${domain}`, () => {
    deepStrictEqual(keepAlives(name, domain), []);
  });
}

/** An answer that a server of Telekom sends to alice's call, with this address in our Via. */
function answerWithVia(sentBy: string): Step {
  const world = new ProfileBench("telekom");
  const out = world.call("sip:1@tel.t-online.de");
  const lines = (out.sent[0]?.text ?? "").split("\n")
    .filter((line) => /^(Via|From|To|Call-ID|CSeq|Record-Route):/.test(line))
    .map((line) => line.replace(/^(Via: SIP\/2\.0\/UDP )192\.0\.2\.1:5060/, `$1${sentBy}`));
  const text = ["SIP/2.0 180 Ringing", ...lines, "Content-Length: 0"].join("\n");
  return world.fromOutside(text, "217.0.0.1:5060");
}

const vias: readonly (readonly [string, string | undefined])[] = [
  ["192.0.2.1:5060", "lan 10.0.0.10:5062"],
  ["217.0.3.4:5060", "lan 10.0.0.10:5062"],
  ["217.0.3.4", "lan 10.0.0.10:5062"],
  ["203.0.113.5:5060", undefined],
];

for (const [sentBy, expected] of vias) {
  Deno.test(`profile telekom takes an answer whose Via says ${sentBy}: ${expected}`, () => {
    strictEqual(answerWithVia(sentBy).sent[0]?.to, expected);
  });
}

const numbers: readonly (readonly [string, string])[] = [
  ["0049301234", "+49301234"],
  ["%300493012", "+493012"],
  ["0301234", "0301234"],
  ["+49301234", "+49301234"],
  ["00abc", "00abc"],
  ["alice", "alice"],
];

for (const [dialled, sent] of numbers) {
  Deno.test(`profile twilio dials ${dialled} as ${sent}`, () => {
    const step = new ProfileBench("twilio").call(`sip:${dialled}@trunk.pstn.twilio.com`);
    strictEqual(firstLine(step), `INVITE sip:${sent}@trunk.pstn.twilio.com SIP/2.0`);
  });
}

for (const method of ["ACK", "CANCEL"]) {
  Deno.test(`profile twilio writes the number of the ${method} as that of its INVITE`, () => {
    const world = new ProfileBench("twilio");
    world.call("sip:0049301@trunk.pstn.twilio.com");
    const step = world.fromPhone(request(`${method} sip:0049301@trunk.pstn.twilio.com`, {
      Via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKsecond",
      "Call-ID": "second",
    }));
    const lines = step.sent.map(({ text }) => text.split("\n")[0]);
    strictEqual(
      lines.find((line) => line?.startsWith(method)),
      `${method} sip:+49301@trunk.pstn.twilio.com SIP/2.0`,
    );
  });
}

Deno.test("profile twilio leaves numbers of other providers alone", () => {
  const step = new ProfileBench("twilio").call("sip:0049301@other.example");
  strictEqual(firstLine(step), "INVITE sip:0049301@other.example SIP/2.0");
});

const long = {
  "User-Agent": `Phone ${"x".repeat(300)}`,
  "Allow-Events": "y".repeat(300),
  Supported: "z".repeat(300),
  Allow: "INVITE, ACK",
} as const;

function present(step: Step): readonly boolean[] {
  return Object.keys(long).map((name) => headerOf(step, name) !== undefined);
}

Deno.test("profile orange takes spare headers out of long requests, in order, until they fit", () => {
  const step = new ProfileBench("orange").call("sip:1@orange-multimedia.fr", long);
  deepStrictEqual(present(step), [false, true, true, true]);
  const longer = new ProfileBench("orange").call("sip:1@orange-multimedia.fr", {
    ...long,
    "X-Long": "w".repeat(500),
  });
  deepStrictEqual(present(longer), [false, false, true, true]);
});

Deno.test("profile orange leaves short requests and those of other domains alone", () => {
  const short = new ProfileBench("orange").call("sip:1@orange-multimedia.fr", {
    "User-Agent": "Phone",
  });
  strictEqual(headerOf(short, "User-Agent"), "Phone");
  const other = new ProfileBench("orange").call("sip:1@other.example", long);
  deepStrictEqual(present(other), [true, true, true, true]);
});

Deno.test("profile obeys several lines, and names in any case", () => {
  const step = new ProfileBench("Twilio", "SNOM").call("sip:0049301@trunk.pstn.twilio.com", {
    "User-Agent": "snom300",
    "X-Serialnumber": "1",
  });
  deepStrictEqual([firstLine(step), headerOf(step, "X-Serialnumber")], [
    "INVITE sip:+49301@trunk.pstn.twilio.com SIP/2.0",
    undefined,
  ]);
});

const NAMES = "telekom or sipgate or 1und1 or vodafone or easybell or orange or twilio or " +
  "fritzbox or snom or grandstream";

Deno.test("profile refuses a name that it does not know, and lists those it knows", () => {
  deepStrictEqual(examine("load_plugin = profile\nplugin_profile_name = telecom"), [
    `test.conf:2:23: error: plugin_profile_name: Cannot use "telecom": ${NAMES} is expected`,
  ]);
});

Deno.test("profile tells of a name that stands twice", () => {
  deepStrictEqual(
    examine("load_plugin = profile\nplugin_profile_name = snom\nplugin_profile_name = Snom"),
    [
      'test.conf:3:23: warning: plugin_profile_name: Cannot use profile "Snom" twice: ' +
      "this line has no effect",
    ],
  );
});
