import { ALICE_BOUND, boundIn, registerOf } from "../../../tests/support/alice_registration.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { socketAddressText } from "../../base/socket_address.ts";
import {
  ALICE,
  answerText,
  type From,
  linesOfHeader,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  registerText,
  sendsOf,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import type { CoreWorld } from "../../../tests/support/core_world.ts";

/** Sends a REGISTER through, and the registrar's answer back; gives both as they left. */
function through(world: CoreWorld, text: string, answer: (request: string) => string) {
  const [forwarded] = sendsOf(world.receive(text, ALICE));
  const [answered] = sendsOf(world.receive(answer(forwarded?.text ?? ""), PROVIDER));
  return { forwarded: forwarded?.text ?? "", answered: answered?.text ?? "" };
}

Deno.test("planProxiedRegister() binds nothing by itself", () => {
  const world = phoneWorld({ phones: [] });
  world.receive(registerText("alice"), ALICE);
  deepStrictEqual([boundIn(world), world.state.pending.size], [[], 1]);
});

/** Answers of the registrar, and what is bound after each; a phone is bound for 120 s before. */
const ANSWERS: readonly (readonly [string, (request: string) => string, number | undefined])[] = [
  ["200 with the same time", (request) => answerText(request, "200 OK"), 120],
  [
    "200 with a shorter time",
    (request) => answerText(request, "200 OK").replace("expires=120", "expires=30"),
    30,
  ],
  [
    "200 with a longer time",
    (request) => answerText(request, "200 OK").replace("expires=120", "expires=3600"),
    3_600,
  ],
  [
    "200 with an Expires header alone",
    (request) =>
      answerText(request, "200 OK", { headers: ["Expires: 45"] }).replace(";expires=120", ""),
    45,
  ],
  ["202", (request) => answerText(request, "202 Accepted"), 120],
  ["401", (request) => answerText(request, "401 Unauthorized"), 60],
  ["403", (request) => answerText(request, "403 Forbidden"), 60],
  ["404", (request) => answerText(request, "404 Not Found"), 60],
  ["423", (request) => answerText(request, "423 Interval Too Brief"), 60],
  ["500", (request) => answerText(request, "500 Error"), 60],
  ["100", (request) => answerText(request, "100 Trying"), 60],
  [
    "a 200 with a forged branch",
    (request) =>
      answerText(request, "200 OK").replace(/branch=z9hG4bK[0-9a-f]{4}/, "branch=z9hG4bK0000"),
    60,
  ],
];

for (const [what, answer, seconds] of ANSWERS) {
  Deno.test(`commitRegisterResponse() after ${what} leaves ${seconds} seconds`, () => {
    const world = phoneWorld();
    world.advance(60_000);
    through(world, registerOf(), answer);
    deepStrictEqual(boundIn(world), [[...ALICE_BOUND.slice(0, 3), seconds]]);
  });
}

Deno.test("commitRegisterResponse() unbinds what the registrar agrees to remove", () => {
  const world = phoneWorld();
  const gone = registerOf({ contacts: ["<sip:alice@10.0.0.10:5062;line=abc>;expires=0"] });
  through(world, gone, (request) => answerText(request, "200 OK").replace(/Contact:.*\r\n/, ""));
  deepStrictEqual(boundIn(world), []);
});

Deno.test("commitRegisterResponse() keeps what the registrar refuses to remove", () => {
  const world = phoneWorld();
  const gone = registerOf({ contacts: ["<sip:alice@10.0.0.10:5062;line=abc>;expires=0"] });
  through(world, gone, (request) => answerText(request, "403 Forbidden"));
  deepStrictEqual(boundIn(world), [ALICE_BOUND]);
});

Deno.test("commitRegisterResponse() binds once, however often the 200 comes", () => {
  const world = phoneWorld({ phones: [] });
  const [forwarded] = sendsOf(world.receive(registerText("alice"), ALICE));
  const answer = answerText(forwarded?.text ?? "", "200 OK");
  const first = world.receive(answer, PROVIDER).map(({ kind }) => kind);
  const second = world.receive(answer, PROVIDER).map(({ kind }) => kind);
  deepStrictEqual([first.includes("binding"), second.includes("binding"), boundIn(world)], [
    true,
    false,
    [ALICE_BOUND],
  ]);
});

/** REGISTERs of Alice, by their place: `2` binds for 120 s, `2x` removes; all under way before the first answer. */
const OVERTAKEN: readonly (readonly [
  what: string,
  sent: readonly [cseq: number, expires: number][],
  answered: readonly number[],
  bound: readonly number[],
])[] = [
  ["in order", [[2, 120], [3, 300]], [0, 1], [300]],
  ["the other way round", [[2, 120], [3, 300]], [1, 0], [300]],
  ["a removal last", [[2, 120], [3, 0]], [0, 1], []],
  ["a removal first, that was sent last", [[2, 120], [3, 0]], [1, 0], []],
  ["a removal last, that was sent first", [[2, 0], [3, 300]], [1, 0], [300]],
];

for (const [what, sent, answered, bound] of OVERTAKEN) {
  Deno.test(`commitRegisterResponse() of two REGISTERs whose answers come ${what} leaves ${bound}`, () => {
    for (const phones of [[], ["alice"]] as const) {
      const world = phoneWorld({ phones });
      const forwarded = sent.map(([cseq, expires]) => {
        const contacts = [`<sip:alice@10.0.0.10:5062;line=abc>;expires=${expires}`];
        return sendsOf(world.receive(registerOf({ cseq, contacts }), ALICE))[0]?.text ?? "";
      });
      for (const index of answered) {
        world.advance(10);
        const text = answerText(forwarded[index] ?? "", "200 OK");
        world.receive(text.replace(/Contact:.*expires=0\r\n/, ""), PROVIDER);
      }
      const seconds = boundIn(world).map((row) => Math.round(Number(row[3])));
      deepStrictEqual(seconds, bound);
    }
  });
}

Deno.test("commitRegisterResponse() believes a phone that starts again at CSeq 1 under its old Call-ID", () => {
  const world = phoneWorld();
  through(world, registerOf({ cseq: 90 }), (request) => answerText(request, "200 OK"));
  world.advance(10_000);
  const contacts = ["<sip:alice@10.0.0.10:6000>;expires=300"];
  const again = registerOf({ cseq: 1, contacts }).replace(/branch=\w+/, "branch=z9hG4bKboot");
  through(world, again, (request) => answerText(request, "200 OK"));
  deepStrictEqual(boundIn(world), [[
    "alice@192.0.2.10",
    "sip:alice@10.0.0.10:6000",
    "sip:alice@192.0.2.1",
    300,
  ]]);
});

Deno.test("commitRegisterResponse() comes too late after 32 seconds", () => {
  const world = phoneWorld({ phones: [] });
  const [forwarded] = sendsOf(world.receive(registerText("alice"), ALICE));
  world.advance(32_000);
  world.receive(answerText(forwarded?.text ?? "", "200 OK"), PROVIDER);
  deepStrictEqual(boundIn(world), []);
});

Deno.test("commitRegisterResponse() shows the phone its own Contact, and others' as they are", () => {
  const world = phoneWorld({ phones: [] });
  const { forwarded, answered } = through(
    world,
    registerText("alice"),
    (request) =>
      answerText(request, "200 OK", { headers: ["Contact: <sip:alice@198.51.100.5>;expires=9"] }),
  );
  deepStrictEqual(linesOfHeader(forwarded, "Contact"), [
    "Contact: <sip:alice@192.0.2.1>;expires=120",
  ]);
  deepStrictEqual(linesOfHeader(answered, "Contact"), [
    "Contact: <sip:alice@10.0.0.10:5062;line=abc>;expires=120",
    "Contact: <sip:alice@198.51.100.5>;expires=9",
  ]);
});

const LAN_EXPIRES: readonly (readonly [number, string])[] = [
  [0, "expires=120"],
  [30, "expires=30"],
  [119, "expires=119"],
  [120, "expires=120"],
  [3600, "expires=120"],
];

for (const [seconds, shown] of LAN_EXPIRES) {
  Deno.test(`commitRegisterResponse() tells the phone ${shown} with lan_expires = ${seconds}`, () => {
    const world = phoneWorld({ phones: [], settings: `lan_expires = ${seconds}` });
    const { answered } = through(
      world,
      registerText("alice"),
      (request) => answerText(request, "200 OK"),
    );
    deepStrictEqual(linesOfHeader(answered, "Contact"), [
      `Contact: <sip:alice@10.0.0.10:5062;line=abc>;${shown}`,
    ]);
    deepStrictEqual(boundIn(world), [ALICE_BOUND]);
  });
}

Deno.test("planProxiedRegister() makes the default expiry visible to both", () => {
  const world = phoneWorld({ phones: [] });
  const text = registerOf({ contacts: ["<sip:alice@10.0.0.10:5062;line=abc>"] });
  const { forwarded } = through(world, text, (request) => answerText(request, "200 OK"));
  deepStrictEqual(linesOfHeader(forwarded, "Expires"), ["Expires: 600"]);
  deepStrictEqual(boundIn(world), [[...ALICE_BOUND.slice(0, 3), 600]]);
});

Deno.test("planProxiedRegister() passes a query and the wildcard on as they are", () => {
  for (const contacts of [[], ["*"]]) {
    const headers = contacts.length === 0 ? [] : ["Expires: 0"];
    const [sent] = sendsOf(phoneWorld().receive(registerOf({ contacts, headers }), ALICE));
    deepStrictEqual([sent?.to, linesOfHeader(sent?.text ?? "", "Contact")], [
      "wan 192.0.2.10:5070",
      contacts.map((contact) => `Contact: ${contact}`),
    ]);
  }
});

Deno.test("planProxiedRegister() sends a retransmission with the same Contact and branch", () => {
  const world = phoneWorld({ phones: [] });
  const [first] = sendsOf(world.receive(registerText("alice"), ALICE));
  const [second] = sendsOf(world.receive(registerText("alice"), ALICE));
  deepStrictEqual(second, first);
});

Deno.test("planProxiedRegister() follows no Contact to a third host (R24)", () => {
  const world = phoneWorld({ phones: [] });
  const text = registerOf({ contacts: ["<sip:alice@10.0.0.77:5060>;expires=60"] });
  through(world, text, (request) => answerText(request, "200 OK"));
  deepStrictEqual(world.state.bindings.all().map(({ target }) => socketAddressText(target)), [
    "10.0.0.10:5062",
  ]);
});

const RIGHTS: readonly (readonly [string, From, string])[] = [
  ["", ALICE, "wan 192.0.2.10:5070"],
  ["", STRANGER, "drop register-denied"],
  ["hosts_allow_reg = 10.0.0.11/32", ALICE, "drop register-denied"],
  ["hosts_allow_reg = 10.0.0.10/32", ALICE, "wan 192.0.2.10:5070"],
  ["hosts_allow_reg = 192.0.2.0/24", STRANGER, "wan 192.0.2.10:5070"],
];

for (const [settings, from, wanted] of RIGHTS) {
  Deno.test(`checkRegisterRight() from ${from.source} with "${settings}": ${wanted}`, () => {
    const actions = phoneWorld({ settings, phones: [] }).receive(registerOf(), from);
    strictEqual(outcomeOf(actions).startsWith(wanted), true);
    const events = actions.flatMap((action) => action.kind === "log" ? [action.event.event] : []);
    deepStrictEqual(events, wanted.startsWith("drop") ? ["reg.denied"] : []);
  });
}
