import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { digestHex } from "../../auth/digest_algorithm.ts";
import { MAX_FAILURES } from "../../auth/failed_attempts.ts";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import { answerChallenge } from "../../../tests/support/digest_client.ts";
import {
  ALICE,
  challengesOf,
  counted,
  firstChallenge,
  headerLines,
  logIn,
  logTexts,
  registerWorld,
  sendRegister,
  sentText,
  statusOf,
} from "../../../tests/support/register_world.ts";

const PROVIDER = "sip:provider.example";
const AT_PROVIDER = { answer: { uri: PROVIDER }, request: { uri: PROVIDER } } as const;

/** Guesses so many times, each with a transaction of its own. */
function guess(world: CoreWorld, times: number): void {
  for (let count = 0; count < times; count++) {
    logIn(world, { answer: { password: `${count}` }, request: { callId: `guess${count}` } });
  }
}

Deno.test("authenticateRegister() stops answering a source after ten wrong passwords in a minute (R19)", () => {
  const world = registerWorld();
  guess(world, MAX_FAILURES - 1);
  const credentials = [answerChallenge(firstChallenge(world), { ...ALICE, password: "x" })];
  const last = sendRegister(world, { cseq: 2, credentials });
  deepStrictEqual(logTexts(last).slice(2), [
    "too many wrong passwords from 10.0.0.10: not answered for a minute",
  ]);
  const blocked = logIn(world, { request: { callId: "right" } });
  deepStrictEqual([sentText(blocked), counted(blocked, "sip_dropped")], ["", ["auth-blocked"]]);
  deepStrictEqual(logTexts(blocked), []);
  const neighbour = { side: "lan", source: "10.0.0.11:5062" } as const;
  strictEqual(statusOf(logIn(world, { request: { callId: "n", from: neighbour } })), "200");
  world.advance(60_000);
  strictEqual(statusOf(logIn(world, { request: { callId: "later" } })), "200");
});

/** A file that asks for both algorithms. */
function bothHashes(): string {
  const text = "alice:home:secret";
  return `alice HA1:${digestHex("MD5", text)}\nalice HA1-SHA256:${digestHex("SHA-256", text)}\n`;
}

Deno.test("authenticateRegister() falls back to siproxd's challenge for a phone that answers none", () => {
  const world = registerWorld([], bothHashes());
  const forms = [1, 2, 3].map((cseq) => challengesOf(sendRegister(world, { cseq })));
  deepStrictEqual(forms.map((challenges) => challenges.length), [2, 2, 1]);
  const plain = forms[2]?.[0] ?? "";
  match(plain, /^Digest realm="home", nonce="[0-9a-f]{32}"$/);
  const credentials = [answerChallenge(plain, ALICE)];
  strictEqual(statusOf(sendRegister(world, { cseq: 4, credentials })), "200");
  strictEqual(challengesOf(sendRegister(world, { cseq: 5 })).length, 1);
});

Deno.test("authenticateRegister() sends strangers outside one challenge, not longer than their request (R17)", () => {
  const world = registerWorld(["hosts_allow_reg = 0.0.0.0/0"], bothHashes());
  const from = { side: "wan", source: "198.51.100.7:5060" } as const;
  const extra = ["Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, MESSAGE, INFO, UPDATE"];
  strictEqual(sentText(sendRegister(world, { from, callId: "short" })), "");
  const actions = sendRegister(world, { from, extra });
  deepStrictEqual([statusOf(actions), challengesOf(actions).length], ["407", 1]);
  strictEqual(statusOf(logIn(world, { request: { from, extra, callId: "other" } })), "200");
});

Deno.test("authenticateRegister() asks for nothing on the way to another registrar with scope local", () => {
  const world = registerWorld();
  const credentials = ['Digest realm="home", nonce="of-the-next-proxy", broken'];
  const actions = sendRegister(world, { uri: PROVIDER, credentials });
  strictEqual(statusOf(actions), "REGISTER");
  deepStrictEqual(headerLines(actions, "Proxy-Authorization"), credentials);
});

Deno.test("authenticateRegister() asks where a name turns out to be ours with scope local", () => {
  const uri = "sip:pbx.example";
  const world = registerWorld();
  strictEqual(statusOf(sendRegister(world, { uri })), "407");
  strictEqual(statusOf(logIn(world, { answer: { uri }, request: { uri } })), "200");
});

Deno.test("authenticateRegister() asks before any REGISTER passes with scope all", () => {
  const world = registerWorld(["proxy_auth_scope = all"]);
  strictEqual(statusOf(sendRegister(world, { uri: PROVIDER })), "407");
  strictEqual(statusOf(logIn(world, AT_PROVIDER)), "REGISTER");
  strictEqual(
    statusOf(logIn(world, { ...AT_PROVIDER, answer: { uri: PROVIDER, password: "x" } })),
    "407",
  );
  strictEqual(statusOf(logIn(world)), "200");
});

Deno.test("authenticateRegister() takes its own credentials out and passes others byte for byte", () => {
  const world = registerWorld(["proxy_auth_scope = all"]);
  const own = answerChallenge(firstChallenge(world, { uri: PROVIDER }), {
    ...ALICE,
    uri: PROVIDER,
  });
  const others = ['Digest  realm = "next",nonce="n" , odd', "Basic YWxpY2U6c2VjcmV0"];
  const extra = ['Authorization: Digest username="alice", realm="home", nonce="x"'];
  const [first = "", second = ""] = others;
  const credentials = [first, own, second];
  const actions = sendRegister(world, { uri: PROVIDER, cseq: 2, credentials, extra });
  strictEqual(statusOf(actions), "REGISTER");
  deepStrictEqual(headerLines(actions, "Proxy-Authorization"), others);
  ok(sentText(actions).includes(`\r\n${extra[0]}\r\n`));
  const again = sendRegister(world, { uri: PROVIDER, cseq: 2, credentials, extra });
  strictEqual(sentText(again), sentText(actions));
});

Deno.test("authenticateRegister() lets a phone that has shown its password answer its registrar without", () => {
  const world = registerWorld(["proxy_auth_scope = all"]);
  const extra = ['Authorization: Digest username="alice", realm="provider", nonce="x"'];
  const answer = { uri: PROVIDER, cseq: 3, extra } as const;
  strictEqual(statusOf(logIn(world, AT_PROVIDER)), "REGISTER");
  const elsewhere = { side: "lan", source: "10.0.0.10:5064" } as const;
  const refused = [
    { uri: PROVIDER, cseq: 3 },
    { ...answer, callId: "other" },
    { ...answer, user: "bob" },
    { ...answer, uri: "sip:other.example" },
    { ...answer, uri: "sip:10.0.0.1" },
    { ...answer, from: elsewhere },
    { ...answer, cseq: 1 },
    { ...answer, cseq: 5 },
  ].map((request) => statusOf(sendRegister(world, request)));
  deepStrictEqual(refused, refused.map(() => "407"));
  strictEqual(statusOf(sendRegister(world, answer)), "REGISTER");
  strictEqual(statusOf(sendRegister(world, { ...answer, cseq: 4 })), "REGISTER");
  world.advance(32_000);
  strictEqual(statusOf(sendRegister(world, { ...answer, cseq: 4, callId: "reg" })), "407");
});

Deno.test("authenticateRegister() keeps its own registrar closed to the registrar's answer", () => {
  const world = registerWorld(["proxy_auth_scope = all"]);
  strictEqual(statusOf(logIn(world)), "200");
  const extra = ['Authorization: Digest username="alice", realm="provider", nonce="x"'];
  strictEqual(statusOf(sendRegister(world, { cseq: 3, extra })), "407");
});

Deno.test("authenticateRegister() asks nobody for anything but REGISTER", () => {
  const world = registerWorld(["proxy_auth_scope = all"]);
  const text = [
    "OPTIONS sip:10.0.0.1 SIP/2.0",
    "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKo",
    "Max-Forwards: 70",
    "From: <sip:alice@10.0.0.1>;tag=f",
    "To: <sip:10.0.0.1>",
    "Call-ID: o",
    "CSeq: 1 OPTIONS",
    "",
    "",
  ].join("\r\n");
  strictEqual(statusOf(world.receive(text, { side: "lan", source: "10.0.0.10:5062" })), "200");
});

Deno.test("authenticateRegister() takes realm and password beyond ASCII as the octets they are", () => {
  const utf8 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
  const world = registerWorld(["proxy_auth_realm = Büro"], utf8("jörg gemüse\n"));
  const [challenge = ""] = challengesOf(sendRegister(world, { user: "j%C3%B6rg" }));
  match(challenge, /^Digest realm="B\xc3\xbcro", /);
  // The phone hashes UTF-8: texts here are latin1 of the wire, so they are decoded for its use.
  const decode = (text: string) =>
    new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  const answer = { user: "jörg", password: "gemüse", uri: ALICE.uri };
  const credentials = [utf8(answerChallenge(decode(challenge), answer))];
  strictEqual(statusOf(sendRegister(world, { user: "j%C3%B6rg", cseq: 2, credentials })), "200");
});

Deno.test("authenticateRegister() puts no password, nonce or digest into the log (R25)", () => {
  const world = registerWorld();
  const secrets = ["sEcReT-guess", "response", "nonce", "cnonce", "0a4f113b"];
  const actions = [
    ...logIn(world, { answer: { password: "sEcReT-guess" } }),
    ...logIn(world, { request: { user: "bob", callId: "b" } }),
    ...sendRegister(world, { cseq: 9, credentials: ['Digest realm="home", nonce="n", x'] }),
  ];
  const log = JSON.stringify(actions.filter(({ kind }) => kind === "log"));
  strictEqual(actions.some(({ kind }) => kind === "log"), true);
  deepStrictEqual(secrets.filter((secret) => log.includes(secret)), []);
});
