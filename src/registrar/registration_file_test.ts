import assert from "node:assert/strict";
import { peer } from "../../tests/support/address.ts";
import { ALICE, bindingOf } from "../../tests/support/registrations.ts";
import type { Binding } from "./binding.ts";
import {
  type FileClock,
  formatRegistrationFile,
  parseRegistrationFile,
} from "./registration_file.ts";

/** 2026-11-24, and monotonic time 20 s. */
const NOW: FileClock = { epochMs: 1_795_500_000_000, nowMs: 20_000 };
const NOW_SECONDS = 1_795_500_000;

/** The same moment or a later one after a restart, when the monotonic clock began anew. */
function restarted(laterSeconds: number): FileClock {
  return { epochMs: NOW.epochMs + laterSeconds * 1000, nowMs: 500 };
}

/** A reader with the limits of C siproxd: 512 records, lines of 127 characters, then it stops. */
function classicRead(text: string): readonly string[] {
  const pieces = text.split("\n").flatMap((line) => line.match(/.{1,127}/g) ?? [""]);
  const found: string[] = [];
  let at = 0;
  for (let slot = 0; slot < 512; slot++) {
    const header = /^\*\*\*\*:([0-9]+):([0-9]+)/.exec(pieces[at++] ?? "");
    if (header === null) return [...found, `stopped at slot ${slot}`];
    if (header[1] === "0") continue;
    found.push(`${header[2]} ${pieces[at]} ${pieces[at + 1]} ${pieces[at + 2]}`);
    at += 3;
  }
  return found;
}

function many(
  count: number,
  overrides: (index: number) => Partial<Binding> = () => ({}),
): Binding[] {
  return Array.from({ length: count }, (_, index) =>
    bindingOf(`p${index}`, {
      addressOfRecordUri: `sip:u${index}@p.example`,
      publicUri: `sip:u${index}@192.0.2.1`,
      ...overrides(index),
    }));
}

Deno.test("formatRegistrationFile() writes C siproxd's records, 512 of them", () => {
  const lines = formatRegistrationFile([ALICE], NOW).split("\n");
  assert.deepEqual(lines.slice(0, 6), [
    "****:1:1795500100",
    "sip:alice@10.0.0.10:5062",
    "sip:alice@192.0.2.1",
    "sip:alice@192.0.2.10",
    "****:0:0",
    "****:0:0",
  ]);
  assert.equal(lines.filter((line) => line.startsWith("****:")).length, 512);
  assert.equal(lines[515], `#siproxd saved=${NOW_SECONDS}`);
  assert.match(
    lines[516] ?? "",
    /^#phone [0-9a-f]{16} id=a1 transport=udp source=10\.0\.0\.10:5062 /,
  );
  assert.equal(lines.length, 518);
});

Deno.test("formatRegistrationFile() is read by C siproxd without losing step, long lines and all", () => {
  const long = bindingOf("long", { contactUri: `sip:alice@10.0.0.10;x=${"y".repeat(200)}` });
  const file = formatRegistrationFile([long, ALICE, ...many(600)], NOW);
  const read = classicRead(file);
  assert.equal(read.length, 512);
  assert.equal(
    read[0],
    "1795500100 sip:alice@10.0.0.10:5062 sip:alice@192.0.2.1 sip:alice@192.0.2.10",
  );
  assert.equal(
    read[511],
    "1795500100 sip:alice@10.0.0.10:5062 sip:u510@192.0.2.1 sip:u510@p.example",
  );
  assert.deepEqual(classicRead(formatRegistrationFile([], NOW)), []);
});

Deno.test("parseRegistrationFile() reads every fact back after a restart (matrix row 20)", () => {
  const phone = bindingOf("id-1", {
    contactUri: "sip:alice@10.0.0.10:5062;transport=tcp;x=%41",
    publicUri: "sip:alice@192.0.2.1;transport=tcp;spx=00ab12cd",
    token: "00ab12cd",
    source: peer("10.0.0.10:41000"),
    transport: "tcp",
    instanceId: "<urn:uuid:1>",
    registerCallId: "x y@10.0.0.10",
    registerCseq: 77,
  });
  const file = formatRegistrationFile([phone], NOW);
  const { bindings, issues } = parseRegistrationFile(file, restarted(40));
  assert.deepEqual(issues, []);
  assert.equal(bindings.length, 1);
  // 120 - 20 = 100 s were left; 40 s later 60 s are.
  assert.deepEqual({ ...bindings[0] }, { ...phone, expiresAtMs: 60_500 });
});

Deno.test("parseRegistrationFile() reads ten thousand registrations back", () => {
  const phones = many(10_000);
  const { bindings, issues } = parseRegistrationFile(
    formatRegistrationFile(phones, NOW),
    restarted(0),
  );
  assert.deepEqual(issues, []);
  assert.deepEqual(
    bindings.map(({ bindingId }) => bindingId),
    phones.map(({ bindingId }) => bindingId),
  );
});

Deno.test("parseRegistrationFile() reads C siproxd's own file", () => {
  const text =
    `****:1:${NOW_SECONDS + 300}\nsip:alice@10.0.0.10:5062;line=ab\nsip:alice@192.0.2.1\n` +
    `sip:alice@192.0.2.10\n****:0:0\n****:1:${
      NOW_SECONDS + 60
    }\nsip:bob@10.0.0.11;transport=tcp\n` +
    "sip:bob@192.0.2.1\nsip:bob@p.example\n****:0:1795400000\n";
  const { bindings, issues } = parseRegistrationFile(text, NOW);
  assert.deepEqual(issues, []);
  assert.deepEqual(bindings, [
    {
      bindingId: "alice@192.0.2.10 sip:alice@192.0.2.1",
      addressOfRecord: "alice@192.0.2.10",
      addressOfRecordUri: "sip:alice@192.0.2.10",
      contactUri: "sip:alice@10.0.0.10:5062;line=ab",
      publicUri: "sip:alice@192.0.2.1",
      token: undefined,
      source: peer("10.0.0.10:5062"),
      transport: "udp",
      target: peer("10.0.0.10:5062"),
      instanceId: undefined,
      registerCallId: "",
      registerCseq: 0,
      registrar: undefined,
      expiresAtMs: 320_000,
    },
    {
      bindingId: "bob@p.example sip:bob@192.0.2.1",
      addressOfRecord: "bob@p.example",
      addressOfRecordUri: "sip:bob@p.example",
      contactUri: "sip:bob@10.0.0.11;transport=tcp",
      publicUri: "sip:bob@192.0.2.1",
      token: undefined,
      source: peer("10.0.0.11:5060"),
      transport: "tcp",
      target: peer("10.0.0.11:5060"),
      instanceId: undefined,
      registerCallId: "",
      registerCseq: 0,
      registrar: undefined,
      expiresAtMs: 80_000,
    },
  ]);
});

const GOOD = `****:1:${
  NOW_SECONDS + 60
}\nsip:bob@10.0.0.11\nsip:bob@192.0.2.1\nsip:bob@p.example\n`;

const BROKEN: readonly (readonly [title: string, text: string, issues: readonly string[]])[] = [
  ["a header without number", `****:1:soon\n${GOOD}`, [
    'line 1: Cannot read record header "****:1:soon": no number',
  ]],
  ["a header with an odd flag", `****:7:1\n${GOOD}`, [
    'line 1: Cannot read record header "****:7:1": no number',
  ]],
  ["a record cut short", `****:1:${NOW_SECONDS + 9}\nsip:a@10.0.0.1\n${GOOD}`, [
    "line 1: Cannot read record: it ends too early",
    "line 2: Cannot use line: no record header before it",
  ]],
  ["a file cut short", `${GOOD}****:1:${NOW_SECONDS + 9}\nsip:a@10.0.0.1`, [
    "line 5: Cannot read record: it ends too early",
    "line 6: Cannot use line: no record header before it",
  ]],
  ["no URI", `****:1:${NOW_SECONDS + 9}\n\nsip:a@192.0.2.1\nsip:a@p\n${GOOD}`, [
    "line 1: Cannot use record: a line is no SIP URI",
  ]],
  [
    "a Contact that is a name",
    `****:1:${NOW_SECONDS + 9}\nsip:a@phone\nsip:a@192.0.2.1\nsip:a@p\n${GOOD}`,
    [
      'line 1: Cannot use record of "sip:a@phone": the Contact\'s host is a name',
    ],
  ],
  ["noise between records", `noise\n${GOOD}\u0000\n`, [
    "line 1: Cannot use line: no record header before it",
    "line 6: Cannot use line: no record header before it",
  ]],
  ["comments and Windows line ends", `# kept by hand\r\n${GOOD.replaceAll("\n", "\r\n")}`, []],
  ["broken facts", `${GOOD}#phone\n#phone zz id=\n#siproxd saved=x\n`, []],
];

for (const [title, text, issues] of BROKEN) {
  Deno.test(`parseRegistrationFile() keeps the good record beside ${title}`, () => {
    const read = parseRegistrationFile(text, NOW);
    assert.deepEqual(read.bindings.map(({ contactUri }) => contactUri), ["sip:bob@10.0.0.11"]);
    assert.deepEqual(read.issues, issues);
  });
}

Deno.test("parseRegistrationFile() leaves expired records out", () => {
  const file = formatRegistrationFile([ALICE], NOW);
  assert.equal(parseRegistrationFile(file, restarted(99)).bindings.length, 1);
  assert.deepEqual(parseRegistrationFile(file, restarted(100)), { bindings: [], issues: [] });
});

Deno.test("parseRegistrationFile() gives facts to no other record after an edit by hand", () => {
  const tcp = bindingOf("t1", { transport: "tcp", source: peer("10.0.0.10:40000") });
  const edited = formatRegistrationFile([tcp], NOW).replace("10.0.0.10:5062\n", "10.0.0.12:5062\n");
  const { bindings } = parseRegistrationFile(edited, NOW);
  assert.deepEqual([bindings[0]?.transport, bindings[0]?.source], ["udp", peer("10.0.0.12:5062")]);
});

Deno.test("parseRegistrationFile() keeps the facts of two equal records apart", () => {
  const phones = [bindingOf("one", { registerCseq: 1 }), bindingOf("two", { registerCseq: 2 })];
  const { bindings } = parseRegistrationFile(formatRegistrationFile(phones, NOW), NOW);
  assert.deepEqual(bindings.map(({ bindingId, registerCseq }) => [bindingId, registerCseq]), [
    ["one", 1],
    ["two", 2],
  ]);
});

Deno.test("parseRegistrationFile() counts the time left when a clock was not set", () => {
  const unset: FileClock = { epochMs: 100_000, nowMs: 20_000 };
  const beforeNtp = formatRegistrationFile([ALICE], unset);
  assert.equal(parseRegistrationFile(beforeNtp, NOW).bindings[0]?.expiresAtMs, 120_000);
  const file = formatRegistrationFile([ALICE], NOW);
  const rebooted: FileClock = { epochMs: 60_000, nowMs: 3_000 };
  assert.equal(parseRegistrationFile(file, rebooted).bindings[0]?.expiresAtMs, 103_000);
});

Deno.test("formatRegistrationFile() leaves out what would put a reader out of step", () => {
  const bad = [
    bindingOf("x", { contactUri: "sip:a@10.0.0.1\n****:1:99" }),
    bindingOf("y", { publicUri: "" }),
  ];
  const text = formatRegistrationFile([...bad, ALICE], NOW);
  assert.equal(parseRegistrationFile(text, NOW).bindings.length, 1);
  assert.doesNotMatch(text, /:99/);
});

Deno.test("parseRegistrationFile() takes an empty file for an empty table", () => {
  assert.deepEqual(parseRegistrationFile("", NOW), { bindings: [], issues: [] });
});
