/**
 * The stage of the matrix: chapter and verse of addresses, one daemon, five peers.
 *
 * Inbound 10.0.0.1, outbound 192.0.2.1; phones A 10.0.0.10:5062 (alice) and B 10.0.0.11:5064 (bob),
 * a stranger C on the LAN, R 192.0.2.10:5070 as registrar and peer, P 192.0.2.20:5080 as a second
 * peer. Everything lives in one network namespace. It tests nothing. Called by the row suites.
 *
 * @module
 */
import { type Directives, type Proxy, startProxy } from "../support/proxy.ts";
import { answer, header, startLine } from "../support/sip_text.ts";
import { makeDirectory } from "../support/work_directory.ts";
import { request, unique } from "./message.ts";
import { Peer, type Place, type Received } from "./peer.ts";

/** Addresses of the stage. */
export const AT = {
  inbound: "10.0.0.1",
  outbound: "192.0.2.1",
  a: "10.0.0.10",
  b: "10.0.0.11",
  c: "10.0.0.12",
  r: "192.0.2.10",
  p: "192.0.2.20",
} as const;

/** A running daemon with its peers. */
export interface Stage {
  readonly proxy: Proxy;
  /** Where phones send to. */
  readonly inside: Place;
  /** Where the Internet side sends to. */
  readonly outside: Place;
  readonly a: Peer;
  readonly b: Peer;
  readonly c: Peer;
  readonly r: Peer;
  readonly p: Peer;
  readonly registrationFile: string;
}

/** Media ports of the main stage: many, so that rows need not count them. */
export const RTP_PORTS = { low: 17000, high: 17399 } as const;

/** What a stage differs in. */
export interface StageOptions {
  readonly name: string;
  readonly listenPort?: number;
  readonly directives?: Directives;
  /** Text of a whole configuration file in place of directives. */
  readonly text?: (registrationFile: string) => string;
  readonly registrationFile?: string;
}

/** Starts a daemon and opens the peers. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const port = options.listenPort ?? 5060;
  const directory = await makeDirectory(`matrix-${options.name}`);
  const registrationFile = options.registrationFile ?? `${directory}/registrations`;
  const proxy = await startProxy({
    name: options.name,
    directives: {
      if_inbound: "lan0",
      if_outbound: "wan0",
      sip_listen_port: port,
      daemonize: 0,
      silence_log: 0,
      registration_file: registrationFile,
      rtp_port_low: RTP_PORTS.low,
      rtp_port_high: RTP_PORTS.high,
      rtp_timeout: 300,
      default_expires: 600,
      pid_file: `${directory}/pid`,
      ...options.directives,
    },
    ...(options.text === undefined ? {} : { text: options.text(registrationFile) }),
    probe: { address: AT.inbound, port },
  });
  return {
    proxy,
    inside: { address: AT.inbound, port },
    outside: { address: AT.outbound, port },
    a: new Peer({ address: AT.a, port: 5062 }),
    b: new Peer({ address: AT.b, port: 5064 }),
    c: new Peer({ address: AT.c, port: 5066 }),
    r: new Peer({ address: AT.r, port: 5070 }),
    p: new Peer({ address: AT.p, port: 5080 }),
    registrationFile,
  };
}

/** Ends a stage. */
export async function closeStage(stage: Stage): Promise<void> {
  for (const peer of [stage.a, stage.b, stage.c, stage.r, stage.p]) peer.close();
  await stage.proxy.stop();
}

/** What happened in a registration. */
export interface Registration {
  readonly callId: string;
  /** The REGISTER as the phone wrote it. */
  readonly sent: string;
  readonly atRegistrar: Received;
  readonly atPhone: Received;
}

/** A registration to be made. */
export interface RegisterPlan {
  readonly user: string;
  readonly phone: Peer;
  /** Contact value; absent: `<sip:user@phone>`. */
  readonly contact?: string;
  /** Status line of the registrar's answer; absent: 200 with the Contact it saw. */
  readonly answer?: string;
  readonly expiresSeconds?: number;
  readonly extraContact?: string;
  /** Further lines of the registrar's answer. */
  readonly extra?: readonly string[];
}

/** Contact URI of a phone. */
export function contactOf(user: string, peer: Place): string {
  return `sip:${user}@${peer.address}:${peer.port}`;
}

/** Writes the REGISTER of a phone. */
export function registerRequest(
  plan: { readonly user: string; readonly phone: Place; readonly contact?: string },
  options: {
    readonly callId: string;
    readonly uri?: string;
    readonly domain?: string;
    readonly extra?: readonly string[];
  },
): string {
  const aor = `sip:${plan.user}@${options.domain ?? AT.r}`;
  return request({
    method: "REGISTER",
    uri: options.uri ?? `sip:${AT.r}:5070`,
    by: plan.phone,
    from: `<${aor}>;tag=${unique("f")}`,
    to: `<${aor}>`,
    callId: options.callId,
    contact: plan.contact ?? `<${contactOf(plan.user, plan.phone)}>`,
    extra: options.extra ?? [],
  });
}

/** Registers a phone at R through the daemon. */
export async function register(stage: Stage, plan: RegisterPlan): Promise<Registration> {
  const callId = unique("register-");
  const sent = registerRequest(plan, { callId });
  await plan.phone.send(sent, stage.inside);
  const atRegistrar = await stage.r.expect({ callId, method: "REGISTER" });
  const expires = plan.expiresSeconds ?? 3600;
  const contact = `Contact: ${header(atRegistrar.text, "Contact")};expires=${expires}`;
  const foreign = plan.extraContact === undefined ? [] : [`Contact: ${plan.extraContact}`];
  const good = plan.answer === undefined;
  const reply = answer(atRegistrar.text, plan.answer ?? "200 OK", {
    tag: "registrar",
    extra: [...(good ? [contact, ...foreign] : []), ...(plan.extra ?? [])],
  });
  await stage.r.send(reply, atRegistrar.from);
  const atPhone = await plan.phone.expect({ callId });
  return { callId, sent, atRegistrar, atPhone };
}

/** What became of an INVITE that R sent to the daemon. */
export interface Attempt {
  readonly callId: string;
  readonly request: string;
}

/** Sends an INVITE without SDP from R; the caller of this function looks where it comes out. */
export async function inviteFromOutside(
  stage: Stage,
  plan: { readonly uri: string; readonly to?: string; readonly user?: string },
): Promise<Attempt> {
  const callId = unique("in-");
  const text = request({
    method: "INVITE",
    uri: plan.uri,
    by: stage.r,
    from: `<sip:remote@${AT.r}:5070>;tag=${unique("f")}`,
    to: plan.to ?? `<${plan.uri}>`,
    callId,
    contact: `<sip:remote@${AT.r}:5070>`,
  });
  await stage.r.send(text, stage.outside);
  return { callId, request: text };
}

/** Asserts by trying that an INVITE to a user comes out at a phone; ends it with 486. */
export async function assertReachable(
  stage: Stage,
  plan: { readonly user: string; readonly phone: Peer },
): Promise<Received> {
  const attempt = await inviteFromOutside(stage, { uri: `sip:${plan.user}@${AT.outbound}` });
  const arrived = await plan.phone.expect({ callId: attempt.callId, method: "INVITE" });
  await plan.phone.send(answer(arrived.text, "486 Busy Here", { tag: "busy" }), arrived.from);
  await stage.r.expect({ callId: attempt.callId, status: 486 });
  return arrived;
}

/** The status line that R gets for an INVITE to a user; the phone must not get it. */
export async function statusForUnreachable(
  stage: Stage,
  plan: { readonly user: string; readonly phone: Peer },
): Promise<string> {
  const attempt = await inviteFromOutside(stage, { uri: `sip:${plan.user}@${AT.outbound}` });
  const reply = await stage.r.expect({ callId: attempt.callId });
  await plan.phone.expectSilence(attempt.callId);
  return startLine(reply.text);
}
