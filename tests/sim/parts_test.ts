import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { encodeLatin1 } from "../../src/base/text.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { Dice } from "../property/dice.ts";
import { mediaAddress } from "../support/relay_packets.ts";
import { place } from "../support/core_world.ts";
import { phoneWorld } from "../support/phone_world.ts";
import { Faults } from "./faults.ts";
import { FinalAnswers, SentBefore } from "./final_answers.ts";
import { MediaLab } from "./media_lab.ts";
import { Network } from "./network.ts";

const GOOD = { lossOneIn: 0, doubleOneIn: 0, maxDelayMs: 1 };

Deno.test("Network.rebind() gives a host another place, and leaves nothing at the old one", () => {
  const network = new Network(new Dice(1), GOOD);
  const seen: string[] = [];
  network.attach("nat:1", ({ from }) => seen.push(`nat from ${from}`));
  network.attach("b:2", ({ from }) => seen.push(`b from ${from}`));
  for (const outer of ["nat:7", "nat:8"]) {
    network.rebind("nat:1", outer);
    network.send({ from: "nat:1", to: "b:2", data: new Uint8Array(0) });
    for (const to of ["nat:1", "nat:7", "nat:8"]) {
      network.send({ from: "b:2", to, data: new Uint8Array(0) });
    }
    network.run();
  }
  deepStrictEqual(seen, ["b from nat:7", "nat from b:2", "b from nat:8", "nat from b:2"]);
});

Deno.test("Network.send() keeps a stream whole and in order in the worst weather", () => {
  const network = new Network(new Dice(1), { lossOneIn: 2, doubleOneIn: 2, maxDelayMs: 900 });
  const seen: number[] = [];
  network.attach("b:2", ({ data }) => seen.push(data[0] ?? -1));
  const sent = Array.from({ length: 100 }, (_, index) => index);
  for (const index of sent) {
    network.send({ from: "a:1", to: "b:2", data: Uint8Array.of(index), transport: "tcp" });
  }
  network.run();
  deepStrictEqual(seen, sent);
});

Deno.test("Faults.fails() lets each kind fail at its n-th time, and for a while after", () => {
  let failed = 0, outages = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const faults = new Faults(new Dice(seed));
    const results = Array.from({ length: 60 }, (_, index) => faults.fails("send", index * 1_000));
    const first = results.indexOf(true);
    if (first < 0) continue;
    failed++;
    const last = results.lastIndexOf(true);
    strictEqual(results.slice(first, last + 1).every(Boolean), true);
    if (last > first) outages++;
  }
  strictEqual(failed > 60 && failed < 140 && outages > 10, true, `${failed} ${outages}`);
});

function sendOf(text: string, to = "10.0.0.10:5062"): Extract<Action, { kind: "send" }> {
  const hop = { side: "lan", transport: "udp", peer: place(to), connectionId: undefined } as const;
  return { kind: "send", data: encodeLatin1(text), hop };
}

function messageOf(startLine: string, method: string): string {
  const head = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\n";
  return `${startLine}\r\n${head}Call-ID: c\r\nCSeq: 1 ${method}\r\n\r\n`;
}

const ANSWERED: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ["a forwarded request", "INVITE", ["INVITE sip:a@b SIP/2.0"], []],
  ["one answer", "INVITE", ["SIP/2.0 404 No"], []],
  ["a provisional answer beside a forwarded request", "INVITE", [
    "SIP/2.0 100 Trying",
    "INVITE sip:a@b SIP/2.0",
  ], []],
  ["two answers", "INVITE", ["SIP/2.0 404 No", "SIP/2.0 480 No"], [
    "one request gets two final answers of ours",
  ]],
  ["an answer and the request forwarded", "INVITE", ["SIP/2.0 404 No", "INVITE sip:a@b SIP/2.0"], [
    "a request is answered and forwarded",
  ]],
  ["an answered ACK", "ACK", ["SIP/2.0 404 No"], ["an ACK is answered"]],
];

for (const [what, method, lines, problems] of ANSWERED) {
  Deno.test(`FinalAnswers.judge() judges ${what}`, () => {
    const request = parseMessage(
      encodeLatin1(messageOf(`${method} sip:a@b SIP/2.0`, method)),
      "datagram",
    );
    if (!request.ok) throw new Error(request.error.reason);
    const sent = lines.map((line) => sendOf(messageOf(line, method)));
    const cause = { sent, from: "10.0.0.10:5062", world: phoneWorld(), revision: 1 };
    deepStrictEqual(new FinalAnswers().judge(request.value, cause), problems);
  });
}

Deno.test("FinalAnswers.judge() wants the same answer to a repetition while nothing changes", () => {
  const request = parseMessage(
    encodeLatin1(messageOf("INVITE sip:a@b SIP/2.0", "INVITE")),
    "datagram",
  );
  if (!request.ok) throw new Error(request.error.reason);
  const world = phoneWorld();
  const finals = new FinalAnswers();
  const judged = [[404, 1], [404, 1], [480, 1], [404, 2]].map(([code, revision = 0]) => {
    const sent = [sendOf(messageOf(`SIP/2.0 ${code} No`, "INVITE"))];
    return finals.judge(request.value, { sent, from: "a:1", world, revision }).length;
  });
  deepStrictEqual(judged, [0, 0, 1, 0]);
});

Deno.test("SentBefore.has() knows the very same octets to the very same place", () => {
  const before = new SentBefore();
  before.add(sendOf("A"));
  deepStrictEqual(
    [sendOf("A"), sendOf("B"), sendOf("A", "10.0.0.11:5062")].map((send) => before.has(send)),
    [true, false, false],
  );
});

function openStream(lab: MediaLab, streamId: number, pairs: readonly [number, number]): void {
  const [lanPairId, wanPairId] = pairs;
  const common = { streamId, callId: "c", mediaIndex: 0, payload: "rtp" } as const;
  lab.apply({ kind: "open", ...common, lanPairId, wanPairId }, 1);
  for (const [side, host] of [["lan", "10.0.0.10"], ["wan", "198.51.100.9"]] as const) {
    const party = {
      rtp: mediaAddress(host, 4_000),
      rtcp: mediaAddress(host, 4_001),
      written: host,
      flow: "active",
    } as const;
    lab.apply({ kind: "announce", streamId, side, party }, 1);
  }
}

Deno.test("MediaLab.talk() finds nothing wrong with the relay in a thousand talks", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const lab = new MediaLab(seed);
    openStream(lab, 1, [100, 200]);
    openStream(lab, 2, [101, 201]);
    for (let talk = 0; talk < 25; talk++) lab.talk(1_000 + talk * 10_000);
    lab.apply({ kind: "close", streamId: 1 }, 300_000);
    lab.end(2);
    deepStrictEqual([lab.problems, lab.size], [[], 0]);
  }
});

Deno.test("MediaLab.apply() sees a pair that is given to two streams", () => {
  const lab = new MediaLab(1);
  openStream(lab, 1, [100, 200]);
  openStream(lab, 2, [100, 201]);
  deepStrictEqual(lab.problems, ["pair 100 is of stream 1 already"]);
});
