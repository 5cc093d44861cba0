import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Dice } from "../property/dice.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { encodeLatin1 } from "../../src/base/text.ts";
import { playHistory } from "./history.ts";
import { forwardProblems, privacyProblems } from "./message_rules.ts";
import { Network, type Packet } from "./network.ts";

/** Histories in every run of the tests, with the same seeds: about a second and a half. */
const HISTORIES = 500;

Deno.test(`playHistory() breaks no rule in ${HISTORIES} histories of calls`, () => {
  const broken: string[] = [];
  let packets = 0, streams = 0;
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const report = playHistory(seed);
    packets += report.packets;
    streams += report.streams;
    broken.push(...report.problems.map((problem) => `history ${seed}: ${problem}`));
  }
  deepStrictEqual(broken, []);
  strictEqual(packets > 20 * HISTORIES && streams > HISTORIES, true, `${packets} ${streams}`);
});

Deno.test("playHistory() plays the same history for the same seed", () => {
  for (const seed of [34, 104, 369, 5027]) deepStrictEqual(playHistory(seed), playHistory(seed));
});

/** Histories that once broke a rule, by what they showed. */
const ONCE_BROKEN: readonly (readonly [string, number])[] = [
  ["a late answer of an ended call showed the phone's address", 34],
  ["a late answer to a re-INVITE did", 104],
  ["a late answer of a call between two phones did", 139],
  ["a late 183 did", 240],
  ["a phone whose leg had ended was taken for the outside", 5027],
  ["an answer to it left by the wrong side", 7972],
  ["a phone that two REGISTERs had given two ids got another public URI each time", 3330398468],
];

for (const [what, seed] of ONCE_BROKEN) {
  Deno.test(`playHistory() ${seed}: ${what}`, () => {
    deepStrictEqual(playHistory(seed).problems, []);
  });
}

const GOOD = { lossOneIn: 0, doubleOneIn: 0, maxDelayMs: 1 };

function packet(to: string, text: string): Packet {
  return { from: "a:1", to, data: encodeLatin1(text) };
}

Deno.test("Network.run() runs events in the order of their time, equal times as they were planned", () => {
  const network = new Network(new Dice(1), GOOD);
  const seen: string[] = [];
  for (const [delayMs, name] of [[30, "c"], [10, "a"], [20, "b"], [30, "d"], [0, "z"]] as const) {
    network.after(delayMs, () => seen.push(`${name}${network.nowMs}`));
  }
  network.run();
  deepStrictEqual(seen, ["z0", "a10", "b20", "c30", "d30"]);
});

Deno.test("Network.jump() lets due events come late, never in the past", () => {
  const network = new Network(new Dice(1), GOOD);
  const seen: number[] = [];
  network.after(5, () => network.jump(1_000));
  network.after(10, () => seen.push(network.nowMs));
  network.run();
  deepStrictEqual(seen, [1_005]);
});

Deno.test("Network.send() loses and doubles as the weather says, and forgets what is sent to nobody", () => {
  const counts = (weather: Partial<typeof GOOD>) => {
    const network = new Network(new Dice(7), { ...GOOD, ...weather });
    let arrived = 0;
    network.attach("b:2", () => arrived++);
    for (let count = 0; count < 1_000; count++) network.send(packet("b:2", "x"));
    network.send(packet("c:3", "x"));
    network.run();
    return arrived;
  };
  strictEqual(counts({}), 1_000);
  const [lossy, doubled] = [counts({ lossOneIn: 2 }), counts({ doubleOneIn: 2 })];
  strictEqual(lossy > 400 && lossy < 600, true, `${lossy}`);
  strictEqual(doubled > 1_400 && doubled < 1_600, true, `${doubled}`);
});

Deno.test("Network.run() ends a loop", () => {
  const network = new Network(new Dice(1), GOOD);
  const again = (): void => network.after(1, again);
  again();
  let message = "";
  try {
    network.run();
  } catch (thrown) {
    message = thrown instanceof Error ? thrown.message : "";
  }
  strictEqual(message, "Cannot finish: more than 20000 events");
});

function parsed(lines: readonly string[], body = "") {
  const result = parseMessage(encodeLatin1(`${lines.join("\r\n")}\r\n\r\n${body}`), "datagram");
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

const ARRIVED: readonly string[] = [
  "OPTIONS sip:a@b SIP/2.0",
  "Via: SIP/2.0/UDP 10.0.0.10;branch=1",
  "Max-Forwards: 70",
  "X-A: 1",
];

const LEFT: readonly string[] = [
  "OPTIONS sip:a@b SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.1;branch=2",
  "Via: SIP/2.0/UDP 10.0.0.10;branch=1",
  "Max-Forwards: 69",
  "X-A: 1",
];

const without = (lines: readonly string[], index: number, by: string) => lines.with(index, by);

const FORWARD_CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a good one", LEFT, []],
  ["no Via of ours", LEFT.toSpliced(1, 1), [
    "not exactly our Via is added",
    "topmost Via is not ours",
    "the sender's branch changes",
  ]],
  ["another branch", without(LEFT, 2, "Via: SIP/2.0/UDP 10.0.0.10;branch=9"), [
    "the sender's branch changes",
  ]],
  ["a hop for nothing", without(LEFT, 3, "Max-Forwards: 70"), ["Max-Forwards goes down by 0"]],
  ["a changed header", without(LEFT, 4, "X-A:1"), ["an untouched header changes"]],
  ["a lost header", LEFT.slice(0, 4), ["an untouched header changes"]],
];

for (const [name, left, problems] of FORWARD_CASES) {
  Deno.test(`forwardProblems() judges ${name}`, () => {
    deepStrictEqual(forwardProblems(parsed(ARRIVED), parsed(left)), problems);
  });
}

Deno.test("forwardProblems() wants exactly our Via removed from a response", () => {
  const vias = ["Via: SIP/2.0/UDP 192.0.2.1;branch=2", "Via: SIP/2.0/UDP 10.0.0.10;branch=1"];
  const arrived = parsed(["SIP/2.0 200 OK", ...vias]);
  deepStrictEqual(forwardProblems(arrived, parsed(["SIP/2.0 200 OK", vias[1] ?? ""])), []);
  for (const left of [vias, [], [vias[0] ?? ""]]) {
    deepStrictEqual(forwardProblems(arrived, parsed(["SIP/2.0 200 OK", ...left])), [
      "not exactly our Via is removed",
    ]);
  }
});

const PRIVACY_CASES: readonly (readonly [string, readonly string[], string, readonly string[]])[] =
  [
    ["nothing private", ["Contact: <sip:a@192.0.2.1>"], "", []],
    ["a private Contact", ["Contact: <sip:a@10.0.0.10>"], "", ["contact is private"]],
    ["a private Contact among others", ["m: <sip:a@192.0.2.1>, <sip:b@192.168.1.1>"], "", [
      "contact is private",
    ]],
    ["a private Record-Route", ["Record-Route: <sip:172.16.0.1;lr>"], "", [
      "record-route is private",
    ]],
    ["a private topmost Via", ["Via: SIP/2.0/UDP 10.0.0.1;branch=1"], "", [
      "topmost Via is private",
    ]],
    ["a private c=", ["Content-Type: application/sdp"], "v=0\r\nc=IN IP4 10.0.0.10\r\n", [
      "SDP is private: c=IN IP4 10.0.0.10",
    ]],
    [
      "a private candidate",
      ["Content-Type: application/sdp"],
      "a=candidate:1 1 UDP 1 10.0.0.10 4 typ host\r\n",
      [
        "SDP is private: a=candidate:1 1 UDP 1 10.0.0.10 4 typ host",
      ],
    ],
  ];

for (const [name, headers, body, problems] of PRIVACY_CASES) {
  Deno.test(`privacyProblems() finds ${name}`, () => {
    deepStrictEqual(
      privacyProblems(parsed(["OPTIONS sip:a@b SIP/2.0", ...headers], body)),
      problems,
    );
  });
}
