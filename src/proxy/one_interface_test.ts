import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseIpNetwork } from "../base/ip_network.ts";
import { address, type CoreWorld } from "../../tests/support/core_world.ts";
import {
  answerText,
  type From,
  linesOfHeader,
  outcomeOf,
  phoneWorld,
  requestText,
  sdpText,
  sendsOf,
} from "../../tests/support/phone_world.ts";

/*
 * One interface for both sides (decisions.md): the proxy is 192.168.1.2 in the phones' network, 192.168.1.1 is the
 * router, 203.0.113.9 its address outside. All messages arrive on the one address.
 */
const PHONE: From = { side: "lan", source: "192.168.1.20:5062" };
const NEIGHBOUR: From = { side: "lan", source: "192.168.1.77:5060" };
const ROUTER: From = { side: "lan", source: "192.168.1.1:5060" };
const REGISTRAR: From = { side: "lan", source: "198.51.100.10:5060" };
const INTERNET: From = { side: "lan", source: "198.51.100.66:5060" };

function oneInterface(settings = ""): CoreWorld {
  return phoneWorld({
    settings,
    phones: [],
    own: {
      lan: address("192.168.1.2"),
      wan: address("192.168.1.2"),
      advertised: address("203.0.113.9"),
      lanNetworks: [parseIpNetwork("192.168.1.0/24")].filter((network) => network !== undefined),
      gateway: address("192.168.1.1"),
    },
  });
}

const register = requestText({
  method: "REGISTER",
  uri: "sip:198.51.100.10",
  callId: "reg",
  from: "<sip:alice@198.51.100.10>;tag=r",
  to: "<sip:alice@198.51.100.10>",
  via: "SIP/2.0/UDP 192.168.1.20:5062;branch=z9hG4bKreg",
  headers: ["Contact: <sip:alice@192.168.1.20:5062>;expires=120"],
});

function registered(settings = ""): CoreWorld {
  const world = oneInterface(settings);
  const [sent] = sendsOf(world.receive(register, PHONE));
  world.receive(answerText(sent?.text ?? "", "200 OK"), REGISTRAR);
  return world;
}

const call = (method = "INVITE") =>
  requestText({
    method,
    uri: "sip:bob@198.51.100.10",
    from: "<sip:alice@198.51.100.10>;tag=a",
    to: "<sip:bob@198.51.100.10>",
    via: "SIP/2.0/UDP 192.168.1.20:5062;branch=z9hG4bKinv",
    headers: ["Contact: <sip:alice@192.168.1.20:5062>"],
    body: sdpText("192.168.1.20", 4000),
  });

const incoming = (
  source: string,
  parts: { readonly method?: string; readonly user?: string } = {},
) => {
  const { method = "INVITE", user = "alice" } = parts;
  return requestText({
    method,
    uri: `sip:${user}@203.0.113.9`,
    callId: "in",
    from: "<sip:bob@198.51.100.10>;tag=x",
    to: `<sip:${user}@198.51.100.10>`,
    via: `SIP/2.0/UDP ${source};branch=z9hG4bKin`,
    headers: ["User-Agent: long enough for an answer to be shorter than this request is"],
  });
};

Deno.test("runPipeline() registers a phone over one interface, shown by the address outside", () => {
  const world = oneInterface();
  const [sent] = sendsOf(world.receive(register, PHONE));
  deepStrictEqual([sent?.to, ...linesOfHeader(sent?.text ?? "", "Contact")], [
    "wan 198.51.100.10:5060",
    "Contact: <sip:alice@203.0.113.9>;expires=120",
  ]);
  strictEqual(
    linesOfHeader(sent?.text ?? "", "Via")[0]?.startsWith("Via: SIP/2.0/UDP 203.0.113.9:5060;"),
    true,
  );
  strictEqual(
    outcomeOf(world.receive(answerText(sent?.text ?? "", "200 OK"), REGISTRAR)),
    "lan 192.168.1.20:5062 SIP/2.0 200 OK",
  );
  strictEqual(world.state.bindings.size, 1);
});

Deno.test("runPipeline() masquerades a call over one interface", () => {
  const [sent] = sendsOf(registered().receive(call(), PHONE));
  strictEqual(sent?.to, "wan 198.51.100.10:5060");
  const text = sent?.text ?? "";
  deepStrictEqual(linesOfHeader(text, "Contact"), ["Contact: <sip:alice@203.0.113.9>"]);
  deepStrictEqual(text.split("\r\n").filter((line) => line.startsWith("c=")), [
    "c=IN IP4 203.0.113.9",
  ]);
  strictEqual(text.slice(text.indexOf("\r\nMax-Forwards")).includes("192.168.1."), false);
});

const COMING: readonly (readonly [string, From])[] = [
  ["the registrar", REGISTRAR],
  ["the router, which hides the outside", ROUTER],
  ["anybody in the Internet", INTERNET],
];

for (const [who, from] of COMING) {
  Deno.test(`runPipeline() takes a call from ${who} for one from outside`, () => {
    const [sent] = sendsOf(registered().receive(incoming(from.source), from));
    deepStrictEqual([sent?.to, sent?.startLine], [
      "lan 192.168.1.20:5062",
      "INVITE sip:alice@192.168.1.20:5062 SIP/2.0",
    ]);
    strictEqual(
      linesOfHeader(sent?.text ?? "", "Record-Route")[0],
      "Record-Route: <sip:siproxd@192.168.1.2:5060;lr>",
    );
  });
}

Deno.test("runPipeline() refuses a neighbour without registration as a caller", () => {
  const said = outcomeOf(registered().receive(incoming(NEIGHBOUR.source), NEIGHBOUR));
  strictEqual(said, "lan 192.168.1.77:5060 SIP/2.0 403 Forbidden");
});

Deno.test("runPipeline() refuses a REGISTER from the router and the Internet, not from the subnet", () => {
  for (
    const [from, wanted] of [[ROUTER, "drop register-denied"], [INTERNET, "drop register-denied"], [
      NEIGHBOUR,
      "wan 198",
    ]] as const
  ) {
    strictEqual(
      outcomeOf(oneInterface().receive(register, from)).startsWith(wanted),
      true,
      from.source,
    );
  }
});

const STRANGERS: readonly (readonly [From, string])[] = [
  [INTERNET, "drop stranger"],
  [ROUTER, "drop stranger"],
  [REGISTRAR, "lan 198.51.100.10:5060 SIP/2.0 404 Not Found"],
  [NEIGHBOUR, "lan 192.168.1.77:5060 SIP/2.0 403 Forbidden"],
];

for (const [from, wanted] of STRANGERS) {
  Deno.test(`runPipeline() tells ${from.source} over one interface with wan_peers = known: ${wanted}`, () => {
    const text = incoming(from.source, { user: "nobody" });
    strictEqual(outcomeOf(registered("wan_peers = known").receive(text, from)), wanted);
  });
}

Deno.test("runPipeline() takes a call of two phones out and back in over one interface", () => {
  const world = registered();
  const [out] = sendsOf(
    world.receive(call().replaceAll("sip:bob@198.51.100.10", "sip:alice@203.0.113.9"), PHONE),
  );
  strictEqual(out?.to, "wan 203.0.113.9:5060");
  const back: From = { side: "lan", source: "203.0.113.9:5060" };
  const [ring] = sendsOf(world.receive(out?.text ?? "", back));
  strictEqual(ring?.to, "lan 192.168.1.20:5062");
  deepStrictEqual(world.state.dialogs.all().map(({ direction }) => direction), [
    "outgoing",
    "incoming",
  ]);
});
