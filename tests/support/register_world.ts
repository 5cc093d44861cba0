import { parsePasswordFile } from "../../src/auth/password_file.ts";
import { userPasswords } from "../../src/auth/passwords.ts";
import type { Side } from "../../src/base/socket_address.ts";
import { decodeLatin1 } from "../../src/base/text.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import { CoreWorld } from "./core_world.ts";
import { answerChallenge, type DigestAnswer } from "./digest_client.ts";

/** Where a REGISTER of a test comes from. */
export interface Arrival {
  readonly side: Side;
  readonly source: string;
}

/** What a REGISTER of a test says; left out is alice's first one to the proxy itself. */
export interface RegisterText {
  readonly uri?: string;
  readonly user?: string;
  readonly cseq?: number;
  readonly callId?: string;
  /** Values of Proxy-Authorization. */
  readonly credentials?: readonly string[];
  /** Further header lines. */
  readonly extra?: readonly string[];
  readonly from?: Arrival;
}

const PHONE: Arrival = { side: "lan", source: "10.0.0.10:5062" };

/** The account of a test. */
export const ALICE: DigestAnswer = { user: "alice", password: "secret", uri: "sip:10.0.0.1" };

/** A world with realm `home`, accounts of alice and bob, and further settings. */
export function registerWorld(
  lines: readonly string[] = [],
  passwords: string = "alice secret\nbob other\n",
): CoreWorld {
  const realm = "proxy_auth_realm = home";
  const file = "proxy_auth_pwfile = /etc/siproxd_passwd.cfg";
  const { loaded, issues } = loadConfig({
    text: [realm, file, ...lines].join("\n"),
    fileName: "test",
  });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  const hosts = { "pbx.example": "192.0.2.1", "provider.example": "192.0.2.10" };
  const world = new CoreWorld({ config: loaded.config, hosts });
  world.state.passwords = userPasswords(parsePasswordFile(passwords).users);
  return world;
}

/** Sends a REGISTER into a world. */
export function sendRegister(world: CoreWorld, request: RegisterText = {}): readonly Action[] {
  const { uri = ALICE.uri, user = "alice", cseq = 1, callId = "reg", from = PHONE } = request;
  const credentials = request.credentials ?? [];
  const text = [
    `REGISTER ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${from.source};branch=z9hG4bK${callId}${cseq}`,
    "Max-Forwards: 70",
    `From: <sip:${user}@10.0.0.1>;tag=f`,
    `To: <sip:${user}@10.0.0.1>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:${user}@${from.source}>;expires=600`,
    "User-Agent: phone/1.0 of some length",
    ...credentials.map((value) => `Proxy-Authorization: ${value}`),
    ...(request.extra ?? []),
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  return world.receive(text, from);
}

/** The challenge that a REGISTER without credentials draws; the first of several. */
export function firstChallenge(world: CoreWorld, request: RegisterText = {}): string {
  const [challenge = ""] = challengesOf(sendRegister(world, request));
  return challenge;
}

/** A whole exchange: challenge, then its answer with the next CSeq. */
export function logIn(
  world: CoreWorld,
  plan: { readonly answer?: Partial<DigestAnswer>; readonly request?: RegisterText } = {},
): readonly Action[] {
  const answer = { ...ALICE, ...plan.answer };
  const credentials = [answerChallenge(firstChallenge(world, plan.request), answer)];
  return sendRegister(world, { cseq: 2, ...plan.request, credentials });
}

/** What went out, as text; empty when nothing did. */
export function sentText(actions: readonly Action[]): string {
  const send = actions.find((action) => action.kind === "send");
  return send?.kind === "send" ? decodeLatin1(send.data) : "";
}

/** Status code of what went out, or its method when it is a request; empty when nothing did. */
export function statusOf(actions: readonly Action[]): string | undefined {
  const [first, second] = sentText(actions).split(" ");
  return first === "SIP/2.0" ? second : first;
}

/** Values of Proxy-Authenticate in what went out. */
export function challengesOf(actions: readonly Action[]): readonly string[] {
  return headerLines(actions, "Proxy-Authenticate");
}

/** Values of a header in what went out. */
export function headerLines(actions: readonly Action[], name: string): readonly string[] {
  return sentText(actions).split("\r\n").filter((line) => line.startsWith(`${name}: `))
    .map((line) => line.slice(name.length + 2));
}

/** Reasons of a counter. */
export function counted(
  actions: readonly Action[],
  counter: "sip_dropped" | "registrations_refused",
): readonly (string | undefined)[] {
  return actions.flatMap((action) =>
    action.kind === "count" && action.counter === counter ? [action.reason] : []
  );
}

/** Texts of the log. */
export function logTexts(actions: readonly Action[]): readonly (string | undefined)[] {
  return actions.flatMap((action) => action.kind === "log" ? [action.event.text] : []);
}
