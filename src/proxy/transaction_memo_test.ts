import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { place } from "../../tests/support/core_world.ts";
import {
  ALICE,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import { incomingText, registerText } from "../../tests/support/phone_world.ts";
import { parseVia, type Via } from "../sip/via.ts";
import {
  createTransactionMemo,
  transactionKey,
  type TransactionRecord,
} from "./transaction_memo.ts";

function viaOf(text: string): Via {
  const via = parseVia(text);
  if (!via.ok) throw new Error(via.error);
  return via.value;
}

const VIA = "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1";
const IDENTITY = { callId: "c", cseqNumber: 1, fromTag: "a" };

Deno.test("transactionKey() is the same for every message of one transaction", () => {
  const key = transactionKey(viaOf(VIA), IDENTITY);
  const same = [
    "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1;rport",
    "SIP/2.0/UDP 10.0.0.10:5062;rport=5062;received=10.0.0.10;branch=z9hG4bK1",
    "SIP/2.0/TCP 10.0.0.10:5062;branch=z9hG4bK1",
  ];
  deepStrictEqual(same.map((text) => transactionKey(viaOf(text), IDENTITY)), [key, key, key]);
  strictEqual(transactionKey(viaOf(VIA), { ...IDENTITY, fromTag: "other" }), key);
});

Deno.test("transactionKey() ignores the case of a host", () => {
  const via = (host: string) => viaOf(`SIP/2.0/UDP ${host};branch=z9hG4bK1`);
  strictEqual(
    transactionKey(via("PC.example"), IDENTITY),
    transactionKey(via("pc.EXAMPLE"), IDENTITY),
  );
});

const OTHERS: readonly (readonly [string, string, Partial<typeof IDENTITY>])[] = [
  ["another branch", "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK2", {}],
  ["a longer branch", "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1A", {}],
  ["another host", "SIP/2.0/UDP 10.0.0.11:5062;branch=z9hG4bK1", {}],
  ["another port", "SIP/2.0/UDP 10.0.0.10:5063;branch=z9hG4bK1", {}],
  ["no port", "SIP/2.0/UDP 10.0.0.10;branch=z9hG4bK1", {}],
  ["another Call-ID", VIA, { callId: "d" }],
  ["another CSeq number", VIA, { cseqNumber: 2 }],
];

for (const [what, via, identity] of OTHERS) {
  Deno.test(`transactionKey() tells ${what} apart`, () => {
    notStrictEqual(
      transactionKey(viaOf(via), { ...IDENTITY, ...identity }),
      transactionKey(viaOf(VIA), IDENTITY),
    );
  });
}

/** RFC 2543 peers: RFC 3261 §17.2.3 compares the tags instead. */
const OLD_VIAS: readonly string[] = [
  "SIP/2.0/UDP 10.0.0.10:5062",
  "SIP/2.0/UDP 10.0.0.10:5062;branch=1",
  "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4b",
];

for (const text of OLD_VIAS) {
  Deno.test(`transactionKey() goes by the From tag for ${text}`, () => {
    const key = (fromTag: string) => transactionKey(viaOf(text), { ...IDENTITY, fromTag });
    strictEqual(key("a"), key("a"));
    notStrictEqual(key("a"), key("b"));
  });
}

function recordOf(requestUri: string): TransactionRecord {
  const [remembered] = phoneWorld().receive(requestText(), ALICE)
    .flatMap((action) => action.kind === "remember" ? [action.record] : []);
  if (remembered === undefined) throw new Error("Cannot make a record: nothing was remembered");
  return { ...remembered, requestUri };
}

Deno.test("createTransactionMemo() remembers for 64 seconds and no longer", () => {
  const memo = createTransactionMemo();
  const value = recordOf("sip:bob@192.0.2.10");
  memo.set("key", { value, nowMs: 1_000 });
  deepStrictEqual(memo.get("key", 64_999), value);
  strictEqual(memo.get("key", 65_000), undefined);
  strictEqual(memo.get("other", 1_000), undefined);
});

Deno.test("createTransactionMemo() is bounded, and the oldest goes first", () => {
  const memo = createTransactionMemo();
  const value = recordOf("sip:bob@192.0.2.10");
  for (let number = 0; number < 16_385; number++) {
    memo.set(`k${number}`, { value: { ...value, requestUri: `sip:${number}@h` }, nowMs: number });
  }
  strictEqual(memo.size, 16_384);
  strictEqual(memo.get("k0", 1), undefined);
  strictEqual(memo.get("k1", 1)?.requestUri, "sip:1@h");
});

/** What follows an INVITE in its own transaction; the memo alone knows where it went. */
const FOLLOWERS = ["INVITE", "CANCEL", "ACK"] as const;

for (const method of FOLLOWERS) {
  Deno.test(`runPipeline() sends ${method} after its INVITE although the phone has left`, () => {
    const world = phoneWorld();
    world.receive(incomingText(), PROVIDER);
    const gone = registerText("alice", { cseq: 2 }).replace("expires=120", "expires=0");
    const [leave] = sendsOf(world.receive(gone, ALICE));
    const answer = (leave?.text ?? "").replace(/^[^\r]*/, "SIP/2.0 200 OK").replace(
      /Contact:[^\r]*\r\n/,
      "",
    );
    world.receive(answer, PROVIDER);
    strictEqual(world.state.bindings.isPhone(place("10.0.0.10:5062").address), false);
    const said = outcomeOf(world.receive(incomingText({ method }), PROVIDER));
    strictEqual(said, `lan 10.0.0.10:5062 ${method} sip:alice@10.0.0.10:5062;line=abc SIP/2.0`);
  });
}

Deno.test("runPipeline() keeps branch and target of a transaction when its name resolves elsewhere", () => {
  const hosts = { "provider.example": "192.0.2.10" };
  const world = phoneWorld({ hosts });
  const invite = requestText({ uri: "sip:bob@provider.example" });
  const [first] = sendsOf(world.receive(invite, ALICE));
  const [second] = sendsOf(world.receive(invite, ALICE));
  deepStrictEqual(second, first);
  const [cancel] = sendsOf(
    world.receive(requestText({ uri: "sip:bob@provider.example", method: "CANCEL" }), ALICE),
  );
  const viaLine = (text: string | undefined) => text?.split("\r\n")[1];
  deepStrictEqual([cancel?.to, viaLine(cancel?.text)], [first?.to, viaLine(first?.text)]);
});
