import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Action } from "../../src/proxy/outcome.ts";
import {
  examine,
  headerOf,
  invite,
  PluginBench,
  request,
  type Step,
} from "../../tests/support/plugin_bench.ts";

function bench(...lines: readonly string[]): PluginBench {
  const keys = lines.map((line) => line.startsWith("compat") ? line : `plugin_guard_${line}`);
  const world = new PluginBench({ config: ["load_plugin = plugin_guard.la", ...keys].join("\n") });
  world.registerAlice();
  return world;
}

const EVIL = "203.0.113.66:5099";
let calls = 0;

/** A request of a stranger outside to alice, each of another transaction. */
function stranger(
  line = "INVITE sip:alice@192.0.2.1:5060",
  changes: Readonly<Record<string, string>> = {},
): string {
  calls++;
  return request(line, {
    Via: `SIP/2.0/UDP ${EVIL};branch=z9hG4bKevil${calls}`,
    From: `<sip:100@203.0.113.66>;tag=e${calls}`,
    To: "<sip:alice@192.0.2.1>",
    "Call-ID": `evil-${calls}`,
    Contact: `<sip:100@${EVIL}>`,
    ...changes,
  });
}

const NOBODY = { To: "<sip:900972@192.0.2.1>" } as const;

/** What alice's phone answers to what it was sent. */
function answer(step: Step, status: string, extra: readonly string[] = []): string {
  const lines = (step.sent[0]?.text ?? "").split("\n")
    .filter((line) => /^(Via|From|To|Call-ID|CSeq|Record-Route):/.test(line))
    .map((line) => line.startsWith("To:") ? `${line};tag=phone${calls}` : line);
  return [`SIP/2.0 ${status}`, ...lines, ...extra, "Content-Length: 0"].join("\n");
}

/** An INVITE that alice's phone refuses, and the ACK to it with the given To tag. */
function refusedCall(world: PluginBench, tag: "received" | "guessed"): Step {
  const text = stranger();
  const toPhone = world.fromOutside(text, EVIL);
  if (toPhone.sent.length === 0) return toPhone;
  const back = world.fromPhone(answer(toPhone, "404 Not Found"));
  const to = tag === "received" ? headerOf(back, "To") ?? "" : "<sip:alice@192.0.2.1>;tag=guess";
  const ack = text.replace("INVITE sip:alice", "ACK sip:alice").replace("1 INVITE", "1 ACK")
    .replace("To: <sip:alice@192.0.2.1>", `To: ${to}`);
  return world.fromOutside(ack, EVIL);
}

function passes(world: PluginBench, source = EVIL): boolean {
  return world.fromOutside(stranger(), source).sent.length > 0;
}

Deno.test("guard blocks a source whose ACKs prove that it gets our failures", () => {
  const world = bench("failures = 2");
  for (let count = 0; count < 2; count++) refusedCall(world, "received");
  strictEqual(passes(world), true);
  deepStrictEqual(refusedCall(world, "received").logs, [
    "warning 203.0.113.66 is blocked for 3600 s after repeated failures",
  ]);
  const shut = world.fromOutside(stranger(), EVIL);
  deepStrictEqual([shut.sent, shut.drops, shut.logs], [
    [],
    ["plugin-blocked"],
    ["info 203.0.113.66 is blocked"],
  ]);
});

Deno.test("guard lets a blocked source go after its time", () => {
  const world = bench("failures = 1", "block = 60");
  for (let count = 0; count < 2; count++) refusedCall(world, "received");
  strictEqual(passes(world), false);
  world.advance(60_000);
  strictEqual(passes(world), true);
});

Deno.test("guard learns nothing from a source that may be forged: the ACK's tag is a guess", () => {
  const world = bench("failures = 1");
  for (let count = 0; count < 20; count++) refusedCall(world, "guessed");
  strictEqual(passes(world), true);
});

Deno.test("guard learns nothing from requests for nobody in datagrams", () => {
  const world = bench("failures = 1");
  for (let count = 0; count < 20; count++) {
    world.fromOutside(stranger("INVITE sip:900972@192.0.2.1:5060", NOBODY), EVIL);
  }
  strictEqual(passes(world), true);
});

/** A call for nobody here, which siproxd refuses itself, and the ACK that brings the To tag back. */
function enumerate(world: PluginBench, ack: "by itself" | "of another"): Step {
  const text = stranger("INVITE sip:900972@192.0.2.1:5060", NOBODY);
  const refused = world.fromOutside(text, EVIL);
  const other = ack === "by itself" ? refused : world.fromOutside(text, "203.0.113.67:5099");
  const acknowledgement = text.replace("INVITE sip:900972", "ACK sip:900972")
    .replace("1 INVITE", "1 ACK")
    .replace("To: <sip:900972@192.0.2.1>", `To: ${headerOf(other, "To")}`);
  return world.fromOutside(acknowledgement, EVIL);
}

Deno.test("guard blocks who acknowledges siproxd's own refusals of numbers that nobody has", () => {
  for (const [config, code] of [[[], "404"], [["compat_responses = 1"], "408"]] as const) {
    const world = bench("failures = 2", ...config);
    for (let count = 0; count < 2; count++) enumerate(world, "by itself");
    strictEqual(passes(world), true, code);
    deepStrictEqual(enumerate(world, "by itself").logs, [
      "warning 203.0.113.66 is blocked for 3600 s after repeated failures",
    ]);
    deepStrictEqual([passes(world), passes(world, "203.0.113.67:5099")], [false, true], code);
  }
});

Deno.test("guard cannot be turned against somebody by the answer that another address got", () => {
  const world = bench("failures = 1");
  for (let count = 0; count < 20; count++) enumerate(world, "of another");
  strictEqual(passes(world), true);
});

Deno.test("guard blocks nobody beside the one who failed", () => {
  const world = bench("failures = 1");
  for (let count = 0; count < 2; count++) refusedCall(world, "received");
  deepStrictEqual([passes(world), passes(world, "203.0.113.67:5099")], [false, true]);
});

Deno.test("guard never blocks the server of a registered phone", () => {
  const world = bench("failures = 1");
  for (let count = 0; count < 5; count++) {
    const toPhone = world.fromOutside(stranger());
    world.fromPhone(answer(toPhone, "404 Not Found"));
  }
  strictEqual(world.fromOutside(stranger()).sent.length, 1);
});

Deno.test("guard never blocks a trusted address", () => {
  const world = bench("failures = 1", "trusted = 203.0.113.0/24");
  for (let count = 0; count < 5; count++) refusedCall(world, "received");
  strictEqual(passes(world), true);
});

/** A try with credentials that carry a nonce. */
function guess(world: PluginBench, nonce: string): void {
  const credentials = { Authorization: `Digest username="a", nonce="${nonce}", response="0"` };
  const toPhone = world.fromOutside(
    stranger("MESSAGE sip:alice@192.0.2.1:5060", credentials),
    EVIL,
  );
  world.fromPhone(answer(toPhone, "403 Forbidden"));
}

/** A challenge that alice's phone sends to the stranger. */
function challenge(world: PluginBench, nonce: string): void {
  const toPhone = world.fromOutside(stranger("MESSAGE sip:alice@192.0.2.1:5060"), EVIL);
  world.fromPhone(
    answer(toPhone, "401 Unauthorized", [`WWW-Authenticate: Digest realm="x", nonce="${nonce}"`]),
  );
}

Deno.test("guard takes no challenge for a failure", () => {
  const world = bench("failures = 1");
  for (let count = 0; count < 10; count++) challenge(world, `n${count}`);
  strictEqual(passes(world), true);
});

Deno.test("guard blocks a source that answers challenges with wrong passwords", () => {
  const world = bench("failures = 2");
  for (const nonce of ["n1", "n2", "n3"]) {
    challenge(world, nonce);
    guess(world, nonce);
  }
  strictEqual(passes(world), false);
});

Deno.test("guard learns nothing from credentials with a nonce that was never sent there", () => {
  const world = bench("failures = 1");
  challenge(world, "n1");
  for (let count = 0; count < 10; count++) guess(world, `other${count}`);
  strictEqual(passes(world), true);
});

const scanners: readonly (readonly [string, string, boolean])[] = [
  ["friendly-scanner", "", false],
  ["SIPVicious 0.3", "", false],
  ["Vaxsipuseragent/3.1", "", false],
  ["Phone 1.0", "", true],
  ["MyScan 2", "scanner = myscan", false],
];

for (const [product, line, expected] of scanners) {
  Deno.test(`guard lets ${product} pass: ${expected}`, () => {
    const world = line === "" ? bench() : bench(line);
    const step = world.fromOutside(stranger(undefined, { "User-Agent": product }), EVIL);
    deepStrictEqual([step.sent.length, step.drops], expected ? [1, []] : [0, ["plugin-scanner"]]);
  });
}

Deno.test("guard does not care what phones inside call themselves", () => {
  const step = bench().fromPhone(invite("sip:bob@192.0.2.10:5070", { "User-Agent": "sipcli" }));
  strictEqual(step.sent[0]?.to, "wan 192.0.2.10:5070");
});

function overTcp(world: PluginBench, text: string): readonly Action[] {
  const wire = `${text.replace("SIP/2.0/UDP", "SIP/2.0/TCP").trimEnd().replaceAll("\n", "\r\n")}` +
    "\r\nContent-Length: 0\r\n\r\n";
  return world.world.receive(wire, { side: "wan", source: EVIL, transport: "tcp" });
}

Deno.test("guard counts requests for nobody that come over a connection", () => {
  const world = bench("failures = 3");
  for (let count = 0; count < 4; count++) {
    overTcp(world, stranger("INVITE sip:900972@192.0.2.1:5060", NOBODY));
  }
  strictEqual(passes(world), false);
});

const refused: readonly (readonly [string, string])[] = [
  ["forbid = abc", 'Cannot use "abc": no telephone number'],
  ["allow = ()", 'Cannot use "()": no telephone number'],
  ["emergency = 1x", 'Cannot use "1x": no telephone number'],
  ["international = +", 'Cannot use "+": 1 … 4 digits are expected'],
  ["scanner = ab", 'Cannot use "ab": at least 3 characters are expected'],
  ["failures = 0", 'Cannot use number "0": lowest is 1'],
  ["block = 31536001", 'Cannot use number "31536001": highest is 31536000'],
];

for (const [line, message] of refused) {
  Deno.test(`guard refuses ${line}`, () => {
    const [key = ""] = line.split(" ");
    const column = `plugin_guard_${key} = `.length + 1;
    deepStrictEqual(examine(`load_plugin = guard\nplugin_guard_${line}`), [
      `test.conf:2:${column}: error: plugin_guard_${key}: ${message}`,
    ]);
  });
}

Deno.test("guard tells of an allowed prefix that nothing forbids", () => {
  deepStrictEqual(
    examine("load_plugin = guard\nplugin_guard_allow = 0043\nplugin_guard_forbid = 0900"),
    [
      'test.conf:2:22: warning: plugin_guard_allow: Cannot allow "0043": ' +
      "no shorter plugin_guard_forbid forbids it",
    ],
  );
});
