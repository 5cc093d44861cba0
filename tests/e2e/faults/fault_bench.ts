/**
 * The bench of the fault tests: a daemon in the router, a provider outside and phones inside.
 *
 * Sets them up and offers what most cases ask: is a call's audio heard, can a phone register, is it reachable. Which
 * fault there is, is the cases' matter. Called by the suites of this folder.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CallLeg } from "../../traffic/call_leg.ts";
import { Party } from "../../traffic/party.ts";
import { noPackets, RtpPump } from "../../traffic/rtp_leg.ts";
import { UdpSipPort } from "../../traffic/sip_port.ts";
import { poll, sleep } from "../support/command.ts";
import { onCleanup } from "../support/cleanup.ts";
import { inNamespace } from "../support/namespace.ts";
import { type Directives, type Proxy, startProxy } from "../support/proxy.ts";
import { makeDirectory } from "../support/work_directory.ts";
import { LINKS, PLACES, ROUTER_VARIABLE, SIP_PORT } from "./places.ts";

/** What a bench starts with. */
export interface BenchOptions {
  readonly name: string;
  readonly phones: number;
  readonly directives?: Directives;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the registration file; absent: one of the run's own. */
  readonly folder?: string;
}

/** A call between a phone and the provider, with both its ends. */
export interface FaultCall {
  readonly phone: CallLeg;
  readonly far: CallLeg;
}

/** What a case works with. */
export interface FaultBench {
  readonly daemon: Proxy;
  readonly provider: Party;
  readonly phones: readonly Party[];
  readonly pump: RtpPump;
  readonly registrationFile: string;
  readonly close: () => Promise<void>;
}

/** Longest time for what must come back by itself. */
export const RETURN_TIMEOUT_MS: number = 30_000;

/** Packets that show that media flows: half a second of speech. */
const HEARD_PACKETS = 25;

const DOMAIN = `${PLACES.far}:${SIP_PORT}`;
const EXPIRES_SECONDS = 600;
let nextPort = 20_000;

/** Namespace of the daemon. */
export function routerNamespace(): string {
  const name = Deno.env.get(ROUTER_VARIABLE);
  if (name === undefined) throw new Error(`Cannot find the router: ${ROUTER_VARIABLE} is not set`);
  return name;
}

/** Runs one `ip` command in the router. */
export async function inRouter(command: string): Promise<void> {
  await inNamespace(routerNamespace(), command);
}

/** Starts everything; the phones are registered when it returns. */
export async function openBench(options: BenchOptions): Promise<FaultBench> {
  const folder = options.folder ?? await makeDirectory(`state-${options.name}`);
  const registrationFile = `${folder}/registrations`;
  const daemon = await startProxy({
    name: options.name,
    namespace: routerNamespace(),
    directives: {
      if_inbound: LINKS.lan,
      if_outbound: LINKS.wan,
      sip_listen_port: SIP_PORT,
      daemonize: 0,
      silence_log: 0,
      registration_file: registrationFile,
      autosave_registrations: 300,
      rtp_port_low: 7070,
      rtp_port_high: 7269,
      ...options.directives,
    },
    probe: { address: PLACES.lan, port: SIP_PORT },
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const pump = new RtpPump();
  const provider = makeParty({ user: "far", side: "far", port: SIP_PORT, pump });
  const phones = Array.from(
    { length: options.phones },
    (_, n) => makeParty({ user: `u${n}`, side: "phones", port: nextPort++, pump }),
  );
  const close = onCleanup(async () => {
    pump.close();
    for (const party of [provider, ...phones]) party.close();
    await daemon.stop();
  });
  for (const phone of phones) await mustRegister(phone);
  return { daemon, provider, phones, pump, registrationFile, close };
}

/** Makes a telephone of either side. */
export function makeParty(
  plan: {
    readonly user: string;
    readonly side: "phones" | "far";
    readonly port: number;
    readonly pump: RtpPump;
  },
): Party {
  const { user, side, port, pump } = plan;
  const proxy = { hostname: side === "phones" ? PLACES.lan : PLACES.wan, port: SIP_PORT };
  return new Party({
    user,
    port: new UdpSipPort({ hostname: PLACES[side], port }),
    proxy,
    domain: DOMAIN,
    pump,
    totals: noPackets(),
  });
}

/** A phone by its number. */
export function phoneAt(bench: FaultBench, index: number): Party {
  const phone = bench.phones[index];
  if (phone === undefined) throw new Error(`Cannot find phone ${index}: the bench has fewer`);
  return phone;
}

/** Registers a phone, which must work. */
export async function mustRegister(phone: Party, timeoutMs: number = 10_000): Promise<void> {
  const { status } = await phone.register(EXPIRES_SECONDS, timeoutMs);
  assert.equal(status, 200, `REGISTER of ${phone.user}`);
}

/** Lets a phone call the provider, or be called; both ends are up when it returns. */
export async function mustCall(
  bench: FaultBench,
  who: { readonly phone: Party; readonly direction: "out" | "in" },
): Promise<FaultCall> {
  const { provider } = bench;
  const { phone, direction } = who;
  const [caller, callee] = direction === "out" ? [phone, provider] : [provider, phone];
  const uri = direction === "out" ? `sip:far@${DOMAIN}` : contactOf(provider, phone);
  const { status, leg } = await caller.call(uri);
  const other = leg === undefined ? undefined : callee.legs.get(leg.callId);
  if (leg === undefined || other === undefined) {
    throw new Error(`Cannot call ${direction}: INVITE of ${caller.user} to ${uri} got ${status}`);
  }
  return direction === "out" ? { phone: leg, far: other } : { phone: other, far: leg };
}

/** What the provider learnt of a phone. */
export function contactOf(provider: Party, phone: Party): string {
  return provider.bindings.get(phone.user)?.contact ?? "";
}

/** Waits until both ends of a call hear the other again. */
export async function mustHear(call: FaultCall, what: string): Promise<void> {
  const before = [call.phone.rtp.received, call.far.rtp.received];
  await poll(() => {
    const heard = [call.phone.rtp.received, call.far.rtp.received].map((now, index) =>
      now - (before[index] ?? 0)
    );
    return Promise.resolve(heard.every((count) => count >= HEARD_PACKETS) ? true : undefined);
  }, { what: `audio both ways ${what}`, timeoutMs: RETURN_TIMEOUT_MS }).catch((error: unknown) => {
    const heard = [call.phone.rtp.received, call.far.rtp.received].map((now, index) =>
      now - (before[index] ?? 0)
    );
    throw new Error(`${error instanceof Error ? error.message : error}; heard ${heard.join("/")}`);
  });
}

/** Hangs a call up, which must be answered. */
export async function mustHangUp(call: FaultCall): Promise<void> {
  assert.equal(await call.phone.hangUp(), 200, "BYE");
  await poll(() => Promise.resolve(call.far.phase === "over" ? true : undefined), {
    what: "the BYE at the far end",
    timeoutMs: 5_000,
  });
}

/** Asks a phone from outside until it answers. */
export async function mustReach(bench: FaultBench, phone: Party): Promise<void> {
  let last = 0;
  await poll(async () => {
    last = await bench.provider.ask(contactOf(bench.provider, phone), 2_000);
    return last === 200 ? true : undefined;
  }, { what: `an answer of ${phone.user}`, timeoutMs: RETURN_TIMEOUT_MS }).catch(() => {
    throw new Error(`Cannot reach ${phone.user}: last answer ${last}`);
  });
}

/** A call of each direction works from end to end. */
export async function mustServe(bench: FaultBench, what: string): Promise<void> {
  const phone = phoneAt(bench, 0);
  await mustRegister(phone);
  for (const direction of ["out", "in"] as const) {
    const call = await mustCall(bench, { phone, direction });
    await mustHear(call, `of a call ${direction} ${what}`);
    await mustHangUp(call);
  }
}

/** Waits for the daemon to say something. */
export async function mustSay(bench: FaultBench, pattern: RegExp): Promise<void> {
  await bench.daemon.process.waitForLog(pattern, RETURN_TIMEOUT_MS);
}

/** Opens a bench for the time of one case. */
export async function withBench(
  options: BenchOptions,
  run: (bench: FaultBench) => Promise<void>,
): Promise<void> {
  const bench = await openBench(options);
  try {
    await run(bench);
  } finally {
    await bench.close();
    // Late answers of the closed peers are gone before the next bench binds the same port.
    await sleep(100);
  }
}
