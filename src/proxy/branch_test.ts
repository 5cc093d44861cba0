import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { phoneWorld } from "../../tests/support/phone_world.ts";
import { parseVia, type Via } from "../sip/via.ts";
import { type BranchIdentity, ownBranch } from "./branch.ts";

const { env } = phoneWorld({ phones: [] });

function viaOf(text: string): Via {
  const via = parseVia(text);
  if (!via.ok) throw new Error(via.error);
  return via.value;
}

const IDENTITY: BranchIdentity = {
  direction: "outgoing",
  via: viaOf("SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1;received=10.0.0.10;rport=5062"),
  callId: "c",
  cseqNumber: 1,
  fromTag: "a",
};

Deno.test("ownBranch() begins with the magic cookie and has 32 digits", () => {
  strictEqual(/^z9hG4bK[0-9a-f]{32}$/.test(ownBranch(IDENTITY, env)), true);
});

Deno.test("ownBranch() is the same for the same identity", () => {
  strictEqual(ownBranch({ ...IDENTITY }, env), ownBranch(IDENTITY, env));
});

Deno.test("ownBranch() depends on the key", () => {
  const other = { ...env, keyedHash: (text: string) => env.keyedHash(`other key ${text}`) };
  notStrictEqual(ownBranch(IDENTITY, other), ownBranch(IDENTITY, env));
});

const CHANGES: readonly (readonly [string, Partial<BranchIdentity>])[] = [
  ["direction", { direction: "incoming" }],
  ["Call-ID", { callId: "d" }],
  ["CSeq number", { cseqNumber: 2 }],
  ["the sender's branch", {
    via: viaOf("SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK2;received=10.0.0.10;rport=5062"),
  }],
  ["sent-by host", {
    via: viaOf("SIP/2.0/UDP 10.0.0.11:5062;branch=z9hG4bK1;received=10.0.0.10;rport=5062"),
  }],
  ["sent-by port", {
    via: viaOf("SIP/2.0/UDP 10.0.0.10:5063;branch=z9hG4bK1;received=10.0.0.10;rport=5062"),
  }],
  ["received", {
    via: viaOf("SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1;received=10.0.0.77;rport=5062"),
  }],
  ["rport", {
    via: viaOf("SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1;received=10.0.0.10;rport=9"),
  }],
];

for (const [what, change] of CHANGES) {
  Deno.test(`ownBranch() changes with ${what}, so that nobody can answer somewhere else (R18)`, () => {
    notStrictEqual(ownBranch({ ...IDENTITY, ...change }, env), ownBranch(IDENTITY, env));
  });
}

Deno.test("ownBranch() ignores the From tag where the sender's branch has the cookie", () => {
  strictEqual(ownBranch({ ...IDENTITY, fromTag: "b" }, env), ownBranch(IDENTITY, env));
});

Deno.test("ownBranch() goes by the From tag where it has none (RFC 2543)", () => {
  const via = viaOf("SIP/2.0/UDP 10.0.0.10:5062;branch=1");
  const branches = ["a", "a", "b"].map((fromTag) => ownBranch({ ...IDENTITY, via, fromTag }, env));
  deepStrictEqual([branches[0] === branches[1], branches[0] === branches[2]], [true, false]);
});

Deno.test("ownBranch() of a Via without any branch is still one", () => {
  const via = viaOf("SIP/2.0/UDP 10.0.0.10");
  strictEqual(/^z9hG4bK[0-9a-f]{32}$/.test(ownBranch({ ...IDENTITY, via }, env)), true);
});
