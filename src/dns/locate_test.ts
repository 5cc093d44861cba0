import assert from "node:assert/strict";
import type { DnsAnswer, DnsQuestion } from "./dns_record.ts";
import { questionKey } from "./dns_record.ts";
import type { HostQuery } from "./host_query.ts";
import { type AddressFamilies, type LocateStep, nextLocateStep } from "./locate.ts";

type Zone = Readonly<Record<string, DnsAnswer["records"]>>;

const ANY: HostQuery = {
  host: "example.com",
  port: undefined,
  transport: undefined,
  method: "locate",
};

function answerOf({ type, name }: DnsQuestion, zone: Zone): DnsAnswer {
  const records: readonly unknown[] = zone[`${type} ${name}`] ?? [];
  switch (type) {
    case "NAPTR":
      return { type, records: records.filter((one) => isRecord(one, "services")) };
    case "SRV":
      return { type, records: records.filter((one) => isRecord(one, "weight")) };
    default:
      return { type, records: records.filter((one) => typeof one === "string") };
  }
}

function isRecord<Key extends string>(value: unknown, key: Key): value is never {
  return typeof value === "object" && value !== null && key in value;
}

/** Runs a whole look-up against a zone; gives the rounds of questions and the end. */
function run(
  query: HostQuery,
  zone: Zone,
  families: AddressFamilies = [4],
): { readonly rounds: readonly (readonly string[])[]; readonly end: LocateStep } {
  const answers = new Map<string, DnsAnswer>();
  const rounds: string[][] = [];
  const context = { answers, families, random: () => 0 };
  let step = nextLocateStep(query, context);
  while (step.kind === "ask" && rounds.length < 5) {
    rounds.push(step.questions.map(questionKey));
    for (const question of step.questions) {
      answers.set(questionKey(question), answerOf(question, zone));
    }
    step = nextLocateStep(query, context);
  }
  return { rounds, end: step };
}

const SRV_UDP = { priority: 10, weight: 1, port: 5070, target: "sip1.example.com" };

Deno.test("nextLocateStep() asks an explicit port for addresses only (RFC 3263 §4.2)", () => {
  const { rounds, end } = run({ ...ANY, port: 5080 }, {
    "A example.com": ["192.0.2.1", "192.0.2.2"],
  });
  assert.deepEqual(rounds, [["A example.com"]]);
  assert.deepEqual(end, {
    kind: "found",
    located: { kind: "addresses", addresses: ["192.0.2.1", "192.0.2.2"] },
  });
});

Deno.test("nextLocateStep() asks for plain addresses when the method says so", () => {
  const { rounds } = run({ ...ANY, method: "address" }, { "A example.com": ["192.0.2.1"] });
  assert.deepEqual(rounds, [["A example.com"]]);
});

Deno.test("nextLocateStep() asks NAPTR, SRV and addresses at once, then the servers' addresses", () => {
  const { rounds, end } = run(ANY, {
    "SRV _sip._udp.example.com": [SRV_UDP],
    "A sip1.example.com": ["192.0.2.11"],
    "A example.com": ["192.0.2.80"],
  });
  assert.deepEqual(rounds, [
    [
      "NAPTR example.com",
      "SRV _sip._udp.example.com",
      "SRV _sip._tcp.example.com",
      "A example.com",
    ],
    ["A sip1.example.com"],
  ]);
  assert.deepEqual(end, {
    kind: "found",
    located: {
      kind: "servers",
      targets: [{ peer: { address: "192.0.2.11", port: 5070 }, transport: "udp" }],
      equals: 1,
    },
  });
});

Deno.test("nextLocateStep() follows NAPTR to its SRV name and transport (RFC 3263 §4.1)", () => {
  const { rounds, end } = run(ANY, {
    "NAPTR example.com": [
      {
        order: 10,
        preference: 1,
        flags: "s",
        services: "SIP+D2T",
        replacement: "_sip._tcp.p.example",
      },
      {
        order: 20,
        preference: 1,
        flags: "s",
        services: "SIP+D2U",
        replacement: "_sip._udp.p.example",
      },
    ],
    "SRV _sip._tcp.p.example": [{ ...SRV_UDP, port: 5062, target: "t.p.example." }],
    "SRV _sip._udp.p.example": [{ ...SRV_UDP, port: 5061, target: "U.p.example" }],
    "A t.p.example": ["192.0.2.3"],
    "A u.p.example": ["192.0.2.4"],
  });
  assert.deepEqual(rounds.slice(1), [
    ["SRV _sip._tcp.p.example", "SRV _sip._udp.p.example"],
    ["A t.p.example", "A u.p.example"],
  ]);
  assert.deepEqual(end, {
    kind: "found",
    located: {
      kind: "servers",
      targets: [
        { peer: { address: "192.0.2.3", port: 5062 }, transport: "tcp" },
        { peer: { address: "192.0.2.4", port: 5061 }, transport: "udp" },
      ],
      equals: 1,
    },
  });
});

Deno.test("nextLocateStep() asks SRV of the explicit transport alone", () => {
  const { rounds } = run({ ...ANY, transport: "tcp" }, {});
  assert.deepEqual(rounds, [["SRV _sip._tcp.example.com", "A example.com"]]);
});

Deno.test("nextLocateStep() falls back to the host's own addresses without SRV", () => {
  assert.deepEqual(run(ANY, { "A example.com": ["192.0.2.9"] }).end, {
    kind: "found",
    located: { kind: "addresses", addresses: ["192.0.2.9"] },
  });
});

Deno.test("nextLocateStep() falls back to the host's own addresses when no server has one", () => {
  const zone = { "SRV _sip._udp.example.com": [SRV_UDP], "A example.com": ["192.0.2.9"] };
  assert.deepEqual(run(ANY, zone).end, {
    kind: "found",
    located: { kind: "addresses", addresses: ["192.0.2.9"] },
  });
});

Deno.test("nextLocateStep() orders by priority and counts the equals of the first", () => {
  const { end } = run(ANY, {
    "SRV _sip._udp.example.com": [
      { priority: 20, weight: 0, port: 5060, target: "spare.example.com" },
      { priority: 10, weight: 0, port: 5060, target: "one.example.com" },
      { priority: 10, weight: 0, port: 5060, target: "two.example.com" },
    ],
    "A spare.example.com": ["192.0.2.30"],
    "A one.example.com": ["192.0.2.10"],
    "A two.example.com": ["192.0.2.20"],
  });
  assert.ok(end.kind === "found" && end.located.kind === "servers");
  assert.deepEqual(end.located.targets.map(({ peer }) => peer.address), [
    "192.0.2.10",
    "192.0.2.20",
    "192.0.2.30",
  ]);
  assert.equal(end.located.equals, 2);
});

Deno.test("nextLocateStep() asks for both families, IPv4 first, and takes literals in SRV records", () => {
  const { rounds, end } = run(ANY, {
    "SRV _sip._udp.example.com": [
      { priority: 1, weight: 0, port: 5060, target: "192.0.2.77" },
      { priority: 2, weight: 0, port: 5060, target: "dual.example.com" },
    ],
    "A dual.example.com": ["192.0.2.5"],
    "AAAA dual.example.com": ["2001:DB8::5"],
  }, [4, 6]);
  assert.deepEqual(rounds[1], ["A dual.example.com", "AAAA dual.example.com"]);
  assert.ok(end.kind === "found" && end.located.kind === "servers");
  assert.deepEqual(end.located.targets.map(({ peer }) => peer.address), [
    "192.0.2.77",
    "192.0.2.5",
    "2001:db8::5",
  ]);
});

Deno.test("nextLocateStep() puts IPv6 first within a server where it is preferred, never before a better server", () => {
  const { rounds, end } = run(ANY, {
    "SRV _sip._udp.example.com": [
      { priority: 1, weight: 0, port: 5060, target: "old.example.com" },
      { priority: 2, weight: 0, port: 5060, target: "dual.example.com" },
    ],
    "A old.example.com": ["192.0.2.7"],
    "A dual.example.com": ["192.0.2.5"],
    "AAAA dual.example.com": ["2001:db8::5"],
  }, [6, 4]);
  assert.deepEqual(rounds[1], [
    "AAAA old.example.com",
    "A old.example.com",
    "AAAA dual.example.com",
    "A dual.example.com",
  ]);
  assert.ok(end.kind === "found" && end.located.kind === "servers");
  assert.deepEqual(end.located.targets.map(({ peer }) => peer.address), [
    "192.0.2.7",
    "2001:db8::5",
    "192.0.2.5",
  ]);
});

const FAILURES: readonly (readonly [title: string, query: HostQuery, reason: string])[] = [
  ["a name without records", ANY, "no address found"],
  ["a name without address", { ...ANY, port: 5060 }, "no address found"],
  ["what is no name", { ...ANY, host: "a b" }, "not a host name"],
];

for (const [title, query, reason] of FAILURES) {
  Deno.test(`nextLocateStep() fails on ${title}`, () => {
    assert.deepEqual(run(query, {}).end, { kind: "failed", reason });
  });
}

Deno.test("nextLocateStep() does not take a dot, port 0 or a broken address for a server", () => {
  const { end } = run(ANY, {
    "SRV _sip._udp.example.com": [
      { priority: 1, weight: 0, port: 5060, target: "." },
      { priority: 1, weight: 0, port: 0, target: "sip1.example.com" },
      { priority: 1, weight: 0, port: 70000, target: "sip1.example.com" },
    ],
    "A sip1.example.com": ["192.0.2.1"],
    "A example.com": ["999.0.2.1"],
  });
  assert.deepEqual(end, { kind: "failed", reason: "no address found" });
});

Deno.test("nextLocateStep() asks for eight servers at most, the best ones, in three rounds at most", () => {
  const records = Array.from({ length: 32 }, (_, index) => ({
    priority: 100 - index,
    weight: 0,
    port: 5060,
    target: `h${index}.example.com`,
  }));
  const { rounds } = run(ANY, { "SRV _sip._udp.example.com": records });
  assert.equal(rounds.length, 2);
  assert.equal(rounds[1]?.length, 8);
  assert.equal(rounds[1]?.[0], "A h31.example.com");
});

Deno.test("nextLocateStep() gives sixteen targets at most", () => {
  const addresses = Array.from({ length: 40 }, (_, index) => `192.0.2.${index}`);
  const { end } = run({ ...ANY, port: 5060 }, { "A example.com": addresses });
  assert.ok(end.kind === "found" && end.located.kind === "addresses");
  assert.equal(end.located.addresses.length, 16);
});
