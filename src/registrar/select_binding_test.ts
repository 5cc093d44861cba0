import assert from "node:assert/strict";
import { parseUri } from "../sip/uri.ts";
import { ALICE, bindingOf, tableWith } from "../../tests/support/registrations.ts";
import type { Binding } from "./binding.ts";
import { selectBinding } from "./select_binding.ts";

const LATER = 900_000;
const FIRST = { ...ALICE, expiresAtMs: LATER };
const SECOND = bindingOf("a2", {
  publicUri: "sip:alice@192.0.2.1;spx=aa",
  token: "aa",
  expiresAtMs: LATER,
});
/** The same user at another provider. */
const OTHER = bindingOf("o1", {
  addressOfRecordUri: "sip:alice@other.example",
  publicUri: "sip:alice@192.0.2.1;spx=bb",
  token: "bb",
  expiresAtMs: LATER,
});
/** A phone whose token the registrar stripped. */
const STRIPPED = bindingOf("a3", { expiresAtMs: LATER });

interface Question {
  readonly to?: string;
  readonly userPart?: "match" | "ignore";
}

function select(
  phones: readonly Binding[],
  requestUri: string,
  question: Question = {},
): string | undefined {
  const request = parseUri(requestUri);
  const to = parseUri(question.to ?? "sip:nobody@nowhere.example");
  if (!request.ok || !to.ok) throw new Error("no URI");
  const table = tableWith(...phones);
  table.expire(500_000);
  const { userPart = "match" } = question;
  return selectBinding(table, { requestUri: request.value, toUri: to.value, userPart })?.bindingId;
}

const CASES: readonly (readonly [
  title: string,
  phones: readonly Binding[],
  requestUri: string,
  question: Question,
  expected: string | undefined,
])[] = [
  ["the public URI", [FIRST], "sip:alice@192.0.2.1", {}, "a1"],
  [
    "the public URI with port and parameters",
    [FIRST],
    "sip:alice@192.0.2.1:5060;transport=udp",
    {},
    "a1",
  ],
  ["the address of record", [FIRST], "sip:alice@192.0.2.10", {}, "a1"],
  ["the To's public URI", [FIRST], "sip:x@y.example", { to: "sip:alice@192.0.2.1" }, "a1"],
  ["the To's address of record", [FIRST], "sip:x@y.example", { to: "sip:alice@192.0.2.10" }, "a1"],
  ["the user part", [FIRST], "sip:alice@203.0.113.99", {}, "a1"],
  ["the To's user part", [FIRST], "sip:203.0.113.99", { to: "sip:alice@z.example" }, "a1"],
  ["nothing when the user part may not count", [FIRST], "sip:alice@203.0.113.99", {
    userPart: "ignore",
  }, undefined],
  ["nothing for a user in another case", [FIRST], "sip:Alice@192.0.2.1", {}, undefined],
  ["nothing for a stranger", [FIRST], "sip:bob@192.0.2.1", {}, undefined],
  ["nothing for a tel URI", [FIRST], "tel:+49123", {}, undefined],
  ["the token", [FIRST, SECOND], "sip:alice@192.0.2.1;spx=aa", {}, "a2"],
  [
    "the token in upper case at our old address",
    [SECOND, FIRST],
    "sip:alice@198.51.100.1;SPX=AA",
    {},
    "a2",
  ],
  [
    "no token: the phone with just this URI, for a registrar that forks",
    [FIRST, SECOND],
    "sip:alice@192.0.2.1",
    {
      to: "sip:alice@192.0.2.10",
    },
    "a1",
  ],
  ["no token, only phones with one: the newest", [SECOND, OTHER], "sip:alice@192.0.2.1", {}, "o1"],
  ["a stripped token: the newest", [FIRST, STRIPPED], "sip:alice@192.0.2.1", {}, "a3"],
  [
    "a stripped token: the newest, whichever registered last",
    [STRIPPED, FIRST],
    "sip:alice@192.0.2.1",
    {},
    "a1",
  ],
  ["an unknown token: as without", [FIRST, SECOND], "sip:alice@192.0.2.1;spx=ff", {}, "a1"],
  ["the provider named in To", [FIRST, OTHER], "sip:alice@192.0.2.1", {
    to: "sip:alice@other.example",
  }, "o1"],
  [
    "a live phone before a newer expired one",
    [FIRST, { ...STRIPPED, expiresAtMs: 499_000 }],
    "sip:alice@192.0.2.1",
    {},
    "a1",
  ],
  [
    "nothing once the only phone is expired",
    [{ ...FIRST, expiresAtMs: 499_000 }],
    "sip:alice@192.0.2.1",
    {},
    undefined,
  ],
  [
    "another phone once that of the token is expired",
    [FIRST, { ...SECOND, expiresAtMs: 499_000 }],
    "sip:alice@192.0.2.1;spx=aa",
    {},
    "a1",
  ],
];

for (const [title, phones, requestUri, question, expected] of CASES) {
  Deno.test(`selectBinding() finds by ${title}`, () => {
    assert.equal(select(phones, requestUri, question), expected);
  });
}

Deno.test("selectBinding() finds a phone without user part by its token", () => {
  const trunk = bindingOf("t", {
    addressOfRecordUri: "sip:trunk.example",
    publicUri: "sip:192.0.2.1;spx=cc",
    token: "cc",
    expiresAtMs: LATER,
  });
  assert.equal(select([trunk], "sip:192.0.2.1;spx=cc"), "t");
});
