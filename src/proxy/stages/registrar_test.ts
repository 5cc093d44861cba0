import {
  ALICE_BOUND,
  boundIn,
  registerOf,
  type RegisterParts,
} from "../../../tests/support/alice_registration.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  BOB,
  linesOfHeader,
  phoneWorld,
  registerText,
  sendsOf,
} from "../../../tests/support/phone_world.ts";

interface Served {
  readonly what: string;
  /** Whether Alice was registered before. */
  readonly before: "registered" | "nobody";
  readonly parts: RegisterParts;
  /** Contact and Expires lines of the answer. */
  readonly lines: readonly string[];
  readonly bound: number;
}

/** The built-in registrar: a REGISTER for our own address. */
const OWN: readonly Served[] = [
  {
    what: "one Contact",
    before: "nobody",
    parts: {},
    lines: ["Contact: <sip:alice@10.0.0.10:5062;line=abc>;expires=120"],
    bound: 1,
  },
  {
    what: "a Contact with the default expiry",
    before: "nobody",
    parts: { contacts: ["<sip:alice@10.0.0.10:5062>"] },
    lines: ["Contact: <sip:alice@10.0.0.10:5062>;expires=600", "Expires: 600"],
    bound: 1,
  },
  {
    what: "a Contact with an Expires header",
    before: "nobody",
    parts: { contacts: ["<sip:alice@10.0.0.10:5062>"], headers: ["Expires: 77"] },
    lines: ["Contact: <sip:alice@10.0.0.10:5062>;expires=77", "Expires: 77"],
    bound: 1,
  },
  {
    what: "a removal",
    before: "registered",
    parts: { contacts: ["<sip:alice@10.0.0.10:5062;line=abc>;expires=0"] },
    lines: [],
    bound: 0,
  },
  {
    what: "the wildcard",
    before: "registered",
    parts: { contacts: ["*"], headers: ["Expires: 0"] },
    lines: ["Expires: 0"],
    bound: 0,
  },
  {
    what: "a query",
    before: "registered",
    parts: { contacts: [] },
    lines: ["Contact: <sip:alice@10.0.0.10:5062;line=abc>;expires=120"],
    bound: 1,
  },
  { what: "a query for nothing", before: "nobody", parts: { contacts: [] }, lines: [], bound: 0 },
];

for (const { what, before, parts, lines, bound } of OWN) {
  Deno.test(`serveRegister() answers ${what} itself with what is bound`, () => {
    const world = phoneWorld({ phones: [] });
    if (before === "registered") world.receive(registerOf({ cseq: 1, uri: "sip:10.0.0.1" }), ALICE);
    const [sent] = sendsOf(
      world.receive(registerOf({ cseq: 3, ...parts, uri: "sip:10.0.0.1" }), ALICE),
    );
    strictEqual(sent?.startLine, "SIP/2.0 200 OK");
    const text = sent?.text ?? "";
    deepStrictEqual([...linesOfHeader(text, "Contact"), ...linesOfHeader(text, "Expires")], lines);
    strictEqual(world.state.bindings.size, bound);
  });
}

const REFUSALS: readonly (readonly [string, RegisterParts, string])[] = [
  ["the wildcard without Expires: 0", { contacts: ["*"] }, "400 Bad Request"],
  ["the wildcard with a time", { contacts: ["*"], headers: ["Expires: 60"] }, "400 Bad Request"],
  ["an older CSeq", { cseq: 0 }, "500 Server Internal Error"],
];

for (const [what, parts, status] of REFUSALS) {
  Deno.test(`serveRegister() refuses ${what} with ${status} and changes nothing`, () => {
    const world = phoneWorld({ phones: [] });
    world.receive(registerOf({ cseq: 1, uri: "sip:10.0.0.1" }), ALICE);
    const [sent] = sendsOf(
      world.receive(registerOf({ cseq: 2, ...parts, uri: "sip:10.0.0.1" }), ALICE),
    );
    strictEqual(sent?.startLine, `SIP/2.0 ${status}`);
    deepStrictEqual(boundIn(world), [ALICE_BOUND]);
  });
}

Deno.test("serveRegister() says 503 when the table is full, and one phone's refresh still passes", () => {
  const world = phoneWorld({ settings: "max_registrations = 1", phones: [] });
  const own = (user: "alice" | "bob", cseq: number) =>
    registerText(user, { cseq }).replace("sip:192.0.2.10:5070 SIP", "sip:10.0.0.1 SIP");
  const said = (user: "alice" | "bob", cseq: number) =>
    sendsOf(world.receive(own(user, cseq), user === "alice" ? ALICE : BOB))[0]?.startLine;
  deepStrictEqual([said("alice", 1), said("bob", 1), said("alice", 2)], [
    "SIP/2.0 200 OK",
    "SIP/2.0 503 Service Unavailable",
    "SIP/2.0 200 OK",
  ]);
});
