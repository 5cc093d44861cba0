import { decodeLatin1 } from "../../src/base/text.ts";
import { socketAddressText } from "../../src/base/socket_address.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { RequestContext, ResponseContext } from "../../src/proxy/context.ts";
import type { Action } from "../../src/proxy/outcome.ts";
import { receive } from "../../src/proxy/receive.ts";
import { encodeLatin1 } from "../../src/base/text.ts";
import { CoreWorld, place, type WorldOptions } from "./core_world.ts";

/** Who sends, and by which of our networks it arrives. */
export interface From {
  readonly side: "lan" | "wan";
  readonly source: string;
}

/** The two phones, the provider, and somebody whom nobody knows. */
export const ALICE: From = { side: "lan", source: "10.0.0.10:5062" };
export const BOB: From = { side: "lan", source: "10.0.0.11:5064" };
export const PROVIDER: From = { side: "wan", source: "192.0.2.10:5070" };
export const STRANGER: From = { side: "wan", source: "192.0.2.66:5060" };

/** Makes the configuration that some lines of siproxd.conf give. */
export function configOf(settings: string): Config {
  const { loaded, issues } = loadConfig({ text: settings, fileName: "test" });
  if (loaded === undefined) throw new Error(`Cannot use settings: ${JSON.stringify(issues)}`);
  return loaded.config;
}

/** What a world starts with, its configuration as lines of siproxd.conf. */
export interface PhoneWorldOptions extends Omit<WorldOptions, "config"> {
  readonly settings?: string;
  /** Phones that are registered with the provider. */
  readonly phones?: readonly ("alice" | "bob")[];
}

/** Makes a world in which phones are registered. */
export function phoneWorld(options: PhoneWorldOptions = {}): CoreWorld {
  const { settings = "", phones = ["alice"], ...rest } = options;
  const world = new CoreWorld({ ...rest, config: configOf(settings) });
  for (const user of phones) registerPhone(world, user);
  return world;
}

/** Registers a phone with the provider. */
export function registerPhone(world: CoreWorld, user: "alice" | "bob"): void {
  const phone = user === "alice" ? ALICE : BOB;
  const [forwarded] = sendsOf(world.receive(registerText(user), phone));
  if (forwarded === undefined) throw new Error(`Cannot register ${user}: nothing was forwarded`);
  world.receive(answerText(forwarded.text, "200 OK"), PROVIDER);
}

/** The REGISTER of a phone. */
export function registerText(
  user: "alice" | "bob",
  parts: { readonly cseq?: number } = {},
): string {
  const { source } = user === "alice" ? ALICE : BOB;
  const { cseq = 1 } = parts;
  return sipText("REGISTER sip:192.0.2.10:5070 SIP/2.0", [
    `Via: SIP/2.0/UDP ${source};branch=z9hG4bKreg${user}${cseq}`,
    `From: <sip:${user}@192.0.2.10>;tag=ra`,
    `To: <sip:${user}@192.0.2.10>`,
    `Call-ID: reg-${user}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:${user}@${source};line=abc>;expires=120`,
  ]);
}

/** Writes a message; Content-Length is counted. */
export function sipText(
  startLine: string,
  headers: readonly string[],
  options: { readonly body?: string | undefined } = {},
): string {
  const { body = "" } = options;
  return [startLine, ...headers, `Content-Length: ${body.length}`, "", body].join("\r\n");
}

/** What is special about a request; the rest is a call from Alice to Bob at the provider. */
export interface RequestParts {
  readonly method?: string;
  readonly uri?: string;
  readonly via?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Writes a request. */
export function requestText(parts: RequestParts = {}): string {
  const { method = "INVITE", cseq = 1, body = "", headers = [] } = parts;
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  return sipText(`${method} ${parts.uri ?? "sip:bob@192.0.2.10:5070"} SIP/2.0`, [
    `Via: ${parts.via ?? "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv1"}`,
    "Max-Forwards: 70",
    `From: ${parts.from ?? "<sip:alice@192.0.2.10>;tag=a"}`,
    `To: ${parts.to ?? "<sip:bob@192.0.2.10>"}`,
    `Call-ID: ${parts.callId ?? "call-1"}`,
    `CSeq: ${cseq} ${method}`,
    ...headers,
    ...type,
  ], { body });
}

/** A call from outside to Alice. */
export function incomingText(parts: RequestParts = {}): string {
  return requestText({
    uri: "sip:alice@192.0.2.1",
    via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKr1",
    from: "<sip:bob@192.0.2.10>;tag=x",
    to: "<sip:alice@192.0.2.10>",
    callId: "call-in",
    ...parts,
  });
}

/** What an answer carries besides what it copies. */
export interface AnswerOptions {
  readonly toTag?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Answers a message as its receiver would: Vias, From, To with a tag, Call-ID and CSeq copied. */
export function answerText(
  request: string,
  status: string,
  options: AnswerOptions = {},
): string {
  const { toTag = "b", body } = options;
  const head = request.slice(0, request.indexOf("\r\n\r\n")).split("\r\n").slice(1);
  const copied = head.filter((line) => /^(?:Via|From|To|Call-ID|CSeq|Contact):/.test(line))
    .filter((line) => !line.startsWith("Contact:") || / REGISTER\r\n/.test(request))
    .map((line) =>
      line.startsWith("To:") && !line.includes(";tag=") ? `${line};tag=${toTag}` : line
    );
  const type = body === undefined ? [] : ["Content-Type: application/sdp"];
  return sipText(`SIP/2.0 ${status}`, [...copied, ...options.headers ?? [], ...type], { body });
}

/** A session description with one audio line. */
export function sdpText(
  address: string,
  port: number,
  options: { readonly attributes?: readonly string[] } = {},
): string {
  return [
    "v=0",
    `o=phone 1 1 IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 8`,
    ...options.attributes ?? [],
    "",
  ].join("\r\n");
}

/** A message that left. */
export interface Sent {
  /** `side address:port`. */
  readonly to: string;
  readonly text: string;
  readonly startLine: string;
}

/** Lists the messages among actions. */
export function sendsOf(actions: readonly Action[]): readonly Sent[] {
  return actions.flatMap((action) => {
    if (action.kind !== "send") return [];
    const text = decodeLatin1(action.data);
    const to = `${action.hop.side} ${socketAddressText(action.hop.peer)}`;
    return [{ to, text, startLine: text.slice(0, text.indexOf("\r\n")) }];
  });
}

/** Tells in one line what became of a message: where it went, or why it was dropped. */
export function outcomeOf(actions: readonly Action[]): string {
  const sent = sendsOf(actions).map(({ to, startLine }) => `${to} ${startLine}`);
  const drops = actions.flatMap((action) =>
    action.kind === "count" && action.counter === "sip_dropped" ? [`drop ${action.reason}`] : []
  );
  return [...sent, ...drops].join(", ");
}

/** Gives the lines of a header in a message that left, as written. */
export function linesOfHeader(text: string, name: string): readonly string[] {
  const head = text.slice(0, text.indexOf("\r\n\r\n"));
  return head.split("\r\n").filter((line) =>
    line.toLowerCase().startsWith(`${name.toLowerCase()}:`)
  );
}

/** A message and who sends it. */
export interface Message {
  readonly text: string;
  readonly from: From;
}

function contextOf(world: CoreWorld, message: Message) {
  const { text, from } = message;
  const listenPoint = world.env.listenPoints.find((point) => point.side === from.side);
  if (listenPoint === undefined) throw new Error(`Cannot receive: no socket on ${from.side}`);
  const input = {
    data: encodeLatin1(text),
    source: place(from.source),
    listenPoint,
    connectionId: undefined,
  };
  const received = receive(input, { state: world.state, env: world.env });
  if (!received.ok) throw new Error(`Cannot begin a run: ${received.error.reason}`);
  return received.value;
}

/** Begins a run of a request, as its first stage gets it. */
export function requestContext(world: CoreWorld, message: Message): RequestContext {
  const context = contextOf(world, message);
  if (context.kind !== "request") throw new Error("Cannot begin a run: no request");
  return context;
}

/** Begins a run of a response, as its first stage gets it. */
export function responseContext(world: CoreWorld, message: Message): ResponseContext {
  const context = contextOf(world, message);
  if (context.kind !== "response") throw new Error("Cannot begin a run: no response");
  return context;
}
