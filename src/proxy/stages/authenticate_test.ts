import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { digestHex } from "../../auth/digest_algorithm.ts";
import { loadConfig } from "../../config/load.ts";
import { CoreWorld } from "../../../tests/support/core_world.ts";
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
  statusOf,
} from "../../../tests/support/register_world.ts";

/** Realms of the forms a challenge has. */
function formsOf(challenges: readonly string[]): readonly string[] {
  return challenges.map((text) => text.replace(/nonce="[0-9a-f]{32}"/, "NONCE"));
}

const MD5 = 'Digest realm="home", NONCE, qop="auth", algorithm=MD5';
const SHA256 = 'Digest realm="home", NONCE, qop="auth", algorithm=SHA-256';
const FIRST = [MD5];
const STALE = ['Digest realm="home", NONCE, stale=true, qop="auth", algorithm=MD5'];

Deno.test("authenticateRegister() passes everything while no realm is set", () => {
  const { loaded } = loadConfig({ text: "proxy_auth_passwd = secret", fileName: "test" });
  if (loaded === undefined) throw new Error("fix the test");
  strictEqual(statusOf(sendRegister(new CoreWorld(loaded))), "200");
});

Deno.test("authenticateRegister() challenges with a 32-digit nonce (row 16)", () => {
  const actions = sendRegister(registerWorld());
  strictEqual(statusOf(actions), "407");
  deepStrictEqual(formsOf(challengesOf(actions)), FIRST);
});

Deno.test("authenticateRegister() lets the right password in, without and with qop (rows 17, 19)", () => {
  for (const nonceCount of ["none", 1] as const) {
    const world = registerWorld();
    strictEqual(statusOf(logIn(world, { answer: { nonceCount } })), "200");
    strictEqual(world.state.bindings.size, 1);
  }
});

Deno.test("authenticateRegister() takes hex digits in upper case", () => {
  const world = registerWorld();
  const loud = answerChallenge(firstChallenge(world), ALICE).replace(
    /response="(.*)"/,
    (_, hex) => `response="${hex.toUpperCase()}"`,
  );
  strictEqual(statusOf(sendRegister(world, { cseq: 2, credentials: [loud] })), "200");
});

Deno.test("authenticateRegister() refuses wrong passwords and unknown users alike (row 18, R20)", () => {
  const cases = [
    { user: "alice", password: "guess" },
    { user: "zoe", password: "secret" },
  ];
  for (const { user, password } of cases) {
    const world = registerWorld();
    const actions = logIn(world, { answer: { user, password }, request: { user } });
    strictEqual(statusOf(actions), "407");
    deepStrictEqual(formsOf(challengesOf(actions)), FIRST);
    deepStrictEqual(logTexts(actions), [
      "authenticate_proxy failed",
      `proxy authentication failed for ${user}@10.0.0.1`,
    ]);
    deepStrictEqual(counted(actions, "registrations_refused"), ["wrong-password"]);
    strictEqual(world.state.bindings.size, 0);
  }
});

Deno.test("authenticateRegister() refuses with 503 and no challenge under compat_responses (row 18)", () => {
  const world = registerWorld(["compat_responses = 1"]);
  const actions = logIn(world, { answer: { password: "guess" } });
  strictEqual(statusOf(actions), "503");
  deepStrictEqual(challengesOf(actions), []);
  strictEqual(statusOf(logIn(world, { request: { callId: "other", cseq: 9 } })), "200");
});

Deno.test("authenticateRegister() answers a nonce that is over with stale=true, a right password given (R21)", () => {
  const world = registerWorld();
  const challenge = firstChallenge(world);
  world.advance(301_001);
  const late = sendRegister(world, { cseq: 2, credentials: [answerChallenge(challenge, ALICE)] });
  deepStrictEqual([statusOf(late), formsOf(challengesOf(late))], ["407", STALE]);
  const wrong = answerChallenge(challenge, { ...ALICE, password: "guess" });
  const guess = sendRegister(world, { cseq: 3, credentials: [wrong] });
  deepStrictEqual([statusOf(guess), formsOf(challengesOf(guess))], ["407", FIRST]);
});

Deno.test("authenticateRegister() takes no nonce that it did not make, nor one made for another source", () => {
  const world = registerWorld();
  const mine = answerChallenge(firstChallenge(world), ALICE);
  const invented = answerChallenge('Digest realm="home", nonce="0123456789abcdef"', ALICE);
  const elsewhere = { side: "lan", source: "10.0.0.11:5062" } as const;
  for (
    const request of [
      { cseq: 2, credentials: [invented] },
      { cseq: 2, credentials: [mine], from: elsewhere },
    ]
  ) {
    const actions = sendRegister(world, request);
    deepStrictEqual([statusOf(actions), formsOf(challengesOf(actions))], ["407", STALE]);
  }
});

Deno.test("authenticateRegister() refuses a replay and passes a retransmission (R21)", () => {
  const world = registerWorld();
  const challenge = firstChallenge(world);
  const credentials = [answerChallenge(challenge, ALICE)];
  strictEqual(statusOf(sendRegister(world, { cseq: 2, credentials })), "200");
  strictEqual(statusOf(sendRegister(world, { cseq: 2, credentials })), "200");
  const replayed = sendRegister(world, { cseq: 3, credentials });
  deepStrictEqual([statusOf(replayed), formsOf(challengesOf(replayed))], ["407", STALE]);
  deepStrictEqual(counted(replayed, "registrations_refused"), ["replay"]);
  const next = [answerChallenge(challenge, { ...ALICE, nonceCount: 2 })];
  strictEqual(statusOf(sendRegister(world, { cseq: 4, credentials: next })), "200");
  const back = [answerChallenge(challenge, { ...ALICE, cnonce: "other" })];
  strictEqual(statusOf(sendRegister(world, { cseq: 5, credentials: back })), "407");
});

Deno.test("authenticateRegister() lets a phone without qop use its nonce again in its own Call-ID only", () => {
  const world = registerWorld();
  const credentials = [answerChallenge(firstChallenge(world), { ...ALICE, nonceCount: "none" })];
  const statuses = [
    { cseq: 2, credentials },
    { cseq: 3, credentials },
    { cseq: 4, credentials, callId: "thief" },
  ].map((request) => statusOf(sendRegister(world, request)));
  deepStrictEqual(statuses, ["200", "200", "407"]);
});

Deno.test("authenticateRegister() answers 400 to credentials that are cut off or for another target (R21)", () => {
  const right = (world: CoreWorld) => answerChallenge(firstChallenge(world), ALICE);
  const spoilt: readonly ((world: CoreWorld) => string)[] = [
    (world) => right(world).replace(/, response=.*/, ""),
    (world) => right(world).replace(/username="alice", /, ""),
    (world) => right(world).replace(/realm="home", /, ""),
    (world) => right(world).slice(0, -1),
    (world) => right(world).replace(/, nc=[0-9a-f]+/, ""),
    (world) => answerChallenge(firstChallenge(world), { ...ALICE, uri: "sip:10.0.0.99" }),
  ];
  for (const spoil of spoilt) {
    const world = registerWorld();
    const credentials = [spoil(world)];
    strictEqual(statusOf(sendRegister(world, { cseq: 2, credentials })), "400", credentials[0]);
  }
});

Deno.test("authenticateRegister() takes a digest URI that leaves the default port or parameters out", () => {
  const cases = [
    ["sip:10.0.0.1:5060", "sip:10.0.0.1"],
    ["sip:10.0.0.1;transport=udp", "sip:10.0.0.1"],
    ["sip:10.0.0.1", "sip:10.0.0.1:5060"],
  ] as const;
  for (const [uri, written] of cases) {
    const actions = logIn(registerWorld(), { answer: { uri: written }, request: { uri } });
    strictEqual(statusOf(actions), "200", `${uri} ${written}`);
  }
});

Deno.test("authenticateRegister() treats credentials of another realm or scheme as none", () => {
  const world = registerWorld();
  const foreign = answerChallenge('Digest realm="provider", nonce="n"', ALICE);
  for (const credentials of [[foreign], ["Basic YWxpY2U6c2VjcmV0"], ["NoScheme a=b"]]) {
    const actions = sendRegister(world, { credentials });
    deepStrictEqual([statusOf(actions), formsOf(challengesOf(actions))], ["407", FIRST]);
  }
});

Deno.test("authenticateRegister() lets an account register itself only", () => {
  const world = registerWorld(["max_registrations = 100"], "alice secret\nbob@10.0.0.1 other\n");
  const bobFull = { user: "bob@10.0.0.1", password: "other" };
  const cases = [
    [{}, "bob", "403"],
    [bobFull, "bob", "200"],
    [bobFull, "alice", "403"],
    [{}, "%61lice", "200"],
  ] as const;
  for (const [index, [answer, user, status]] of cases.entries()) {
    const request = { user, callId: `r${index}` };
    strictEqual(statusOf(logIn(world, { answer, request })), status, user);
  }
});

Deno.test("authenticateRegister() binds no user where one password is for all", () => {
  const world = registerWorld();
  world.state.passwords = { kind: "one", password: "shared" };
  const actions = logIn(world, { answer: { user: "account-17", password: "shared" } });
  strictEqual(statusOf(actions), "200");
});

Deno.test("authenticateRegister() checks and offers what the file's hashes ask for (RFC 8760)", () => {
  const md5 = `HA1:${digestHex("MD5", "alice:home:secret")}`;
  const sha256 = `HA1-SHA256:${digestHex("SHA-256", "alice:home:secret")}`;
  const cases = [[[md5], [MD5]], [[sha256], [SHA256]], [[md5, sha256], [SHA256, MD5]]] as const;
  for (const [hashes, offer] of cases) {
    const file = hashes.map((hash) => `alice ${hash}\n`).join("");
    const challenges = challengesOf(sendRegister(registerWorld([], file)));
    deepStrictEqual(formsOf(challenges), offer);
    for (const index of challenges.keys()) {
      const world = registerWorld([], file);
      const challenge = challengesOf(sendRegister(world))[index] ?? "";
      const [right, wrong] = ["secret", hashes[0]].map((password) =>
        answerChallenge(challenge, { ...ALICE, password })
      );
      // The stored text itself is no password.
      strictEqual(statusOf(sendRegister(world, { cseq: 2, credentials: [wrong ?? ""] })), "407");
      strictEqual(statusOf(sendRegister(world, { cseq: 3, credentials: [right ?? ""] })), "200");
    }
  }
});

Deno.test("authenticateRegister() offers and takes what proxy_auth_algorithm says, whatever the file", () => {
  const cases = [
    ["md5", [MD5]],
    ["sha-256", [SHA256]],
    ["sha-256,md5", [SHA256, MD5]],
    ["MD5,SHA-256", [MD5, SHA256]],
  ] as const;
  for (const [words, offer] of cases) {
    const lines = [`proxy_auth_algorithm = ${words}`];
    const challenges = challengesOf(sendRegister(registerWorld(lines)));
    deepStrictEqual(formsOf(challenges), offer, words);
    strictEqual(statusOf(logIn(registerWorld(lines))), "200", words);
  }
});

Deno.test("authenticateRegister() asks again for the wanted hash when a phone chooses a weaker one", () => {
  const world = registerWorld(["proxy_auth_algorithm = sha-256"]);
  const weaker = firstChallenge(world).replace("SHA-256", "MD5");
  const actions = sendRegister(world, { cseq: 2, credentials: [answerChallenge(weaker, ALICE)] });
  deepStrictEqual([statusOf(actions), formsOf(challengesOf(actions))], ["407", [SHA256]]);
  strictEqual(world.state.bindings.size, 0);
});

Deno.test("authenticateRegister() lets nobody in while there are no passwords", () => {
  const world = registerWorld();
  world.state.passwords = { kind: "unavailable" };
  const actions = sendRegister(world);
  deepStrictEqual(
    [statusOf(actions), headerLines(actions, "Retry-After"), world.state.bindings.size],
    ["503", [], 0],
  );
});
