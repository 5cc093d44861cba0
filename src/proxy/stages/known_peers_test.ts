import { strictEqual } from "node:assert/strict";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  outcomeOf,
  phoneWorld,
  type PhoneWorldOptions,
  PROVIDER,
  type RequestParts,
  requestText,
  sendsOf,
  STRANGER,
} from "../../../tests/support/phone_world.ts";

const TRUNK: From = { side: "wan", source: "198.51.100.20:5060" };

interface Peer {
  readonly name: string;
  readonly from: From;
  readonly settings?: string;
  readonly options?: PhoneWorldOptions;
  readonly parts?: RequestParts;
  readonly heard: boolean;
}

/** decisions.md, `wan_peers = known`: registrar, proxy, trunk, hosts_allow_sip, or part of a dialog. */
const PEERS: readonly Peer[] = [
  { name: "the registrar", from: PROVIDER, heard: true },
  {
    name: "the registrar by another port",
    from: { side: "wan", source: "192.0.2.10:9" },
    heard: true,
  },
  { name: "a phone", from: ALICE, heard: true },
  {
    name: "anybody on the phones' side",
    from: { side: "lan", source: "10.0.0.77:5060" },
    heard: true,
  },
  { name: "a stranger", from: STRANGER, heard: false },
  {
    name: "the outbound proxy",
    from: TRUNK,
    settings: "outbound_proxy_host = 198.51.100.20",
    options: { phones: [] },
    heard: true,
  },
  {
    name: "the proxy of a domain",
    from: TRUNK,
    settings:
      "outbound_domain_name = x.example\noutbound_domain_host = 198.51.100.20\noutbound_domain_port = 5060",
    heard: true,
  },
  {
    name: "one whom hosts_allow_sip names",
    from: TRUNK,
    settings: "hosts_allow_sip = 0.0.0.0/0",
    heard: true,
  },
  {
    name: "one whom hosts_allow_reg names",
    from: TRUNK,
    settings: "hosts_allow_reg = 198.51.100.20/32",
    options: { phones: [] },
    heard: true,
  },
  {
    name: "one whom hosts_allow_reg does not name",
    from: STRANGER,
    settings: "hosts_allow_reg = 198.51.100.20/32",
    options: { phones: [] },
    heard: false,
  },
  {
    name: "a stranger who makes up tags",
    from: STRANGER,
    parts: { to: "<sip:alice@192.0.2.10>;tag=made-up" },
    heard: false,
  },
];

for (const { name, from, settings = "", options = {}, parts = {}, heard } of PEERS) {
  Deno.test(`silenceStrangers() ${heard ? "hears" : "is deaf to"} ${name} (R17)`, () => {
    const world = phoneWorld({ settings: `wan_peers = known\n${settings}`, ...options });
    const via = `SIP/2.0/UDP ${from.source};branch=z9hG4bKr1`;
    const make = from.side === "lan" ? requestText : incomingText;
    const said = outcomeOf(world.receive(make({ method: "MESSAGE", via, ...parts }), from));
    strictEqual(said === "drop stranger", !heard, said);
  });
}

Deno.test("silenceStrangers() hears the party of a call, from wherever it speaks", () => {
  const world = phoneWorld({ settings: "wan_peers = known" });
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  world.receive(answerText(invite?.text ?? "", "200 OK"), PROVIDER);
  const bye = incomingText({
    method: "BYE",
    callId: "call-1",
    from: "<sip:bob@192.0.2.10>;tag=b",
    to: "<sip:alice@192.0.2.10>;tag=a",
    via: "SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bKb",
  });
  strictEqual(
    outcomeOf(world.receive(bye, STRANGER)),
    "lan 10.0.0.10:5062 BYE sip:alice@10.0.0.10:5062 SIP/2.0".replace(
      ":5062 SIP",
      ":5062;line=abc SIP",
    ),
  );
});

Deno.test("silenceStrangers() hears whom a phone has called", () => {
  const world = phoneWorld({ settings: "wan_peers = known" });
  const call = () => outcomeOf(world.receive(incomingText({ method: "MESSAGE" }), STRANGER));
  strictEqual(call(), "drop stranger");
  world.receive(requestText({ uri: "sip:eve@192.0.2.66" }), ALICE);
  strictEqual(call() === "drop stranger", false);
});

Deno.test("silenceStrangers() answers a malformed request of a stranger neither (R17)", () => {
  const world = phoneWorld({ settings: "wan_peers = known" });
  const text = incomingText().replace("Content-Length: 0", "Content-Length: -1");
  strictEqual(outcomeOf(world.receive(text, STRANGER)), "drop malformed");
  strictEqual(sendsOf(world.receive(text, PROVIDER))[0]?.startLine, "SIP/2.0 400 Bad Request");
});

Deno.test("silenceStrangers() lets everybody speak by default", () => {
  strictEqual(
    outcomeOf(phoneWorld().receive(incomingText(), STRANGER)).startsWith(
      "lan 10.0.0.10:5062 INVITE",
    ),
    true,
  );
});
