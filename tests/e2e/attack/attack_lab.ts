/**
 * The place of the attacks: LAN, router and WAN as namespaces, with attackers beside phones and registrar.
 *
 * Builds the network, compiles the generators, starts the daemon in the router and hands out load and
 * junk. It judges nothing. Called by the attacks.
 *
 * @module
 */
import {
  createLab,
  destroyLab,
  type Lab,
  LAN_HOST,
  PROXY_LAN,
  PROXY_WAN,
} from "../../bench/lab.ts";
import { compileGenerators, type Figures, type Generators } from "../../bench/load.ts";
import { type RtpLoad, runRtpLoad, runSipLoad, type SipLoad } from "../../bench/load.ts";
import { runCommand } from "../../bench/shell.ts";
import { nextRun } from "../../bench/subject.ts";
import { onCleanup } from "../support/cleanup.ts";
import { type Directives, type Proxy, startProxy } from "../support/proxy.ts";
import { makeDirectory } from "../support/work_directory.ts";
import { startBareRelay } from "./bare_relay.ts";
import { compileJunk, JunkStream } from "./junk.ts";
import { inRealTime, METER_PRIORITY, prefer } from "./real_time.ts";

/** An attacker's own address on each side: what it sends honestly comes from there. */
export const ATTACKER_LAN = "10.0.0.66" as const;
/** The same on the Internet side. */
export const ATTACKER_WAN = "203.0.113.66" as const;
/** Sources that attackers invent on the phones' side, routed back to them. */
export const INVENTED_LAN = "10.2.0.0" as const;
/** Sources that attackers invent on the Internet side (RFC 2544). */
export const INVENTED_WAN = "198.18.0.0" as const;
/** Sources that attackers open real connections from (RFC 5737). */
export const CONNECTING_WAN = "198.51.100.0" as const;
/** A phone of the lab that is registered, whose address an attacker takes as well. */
export const SPOOFED_PHONE = "10.1.0.1" as const;

/** Media ports of the attacked daemon: enough for the calls of a case and small enough to be sprayed whole. */
export const MEDIA_PORTS: { readonly low: number; readonly high: number } = {
  low: 20_000,
  high: 20_999,
};

/** Rates at which calls and registrations come up before an attack. */
const SETUP_PER_SECOND = 100;

/** Files of the daemon in its folder, and what it is told besides. */
const BASE: Directives = {
  if_inbound: "lan0",
  if_outbound: "wan0",
  sip_listen_port: 5060,
  daemonize: 0,
  silence_log: 1,
  rtp_proxy_enable: 1,
  rtp_port_low: MEDIA_PORTS.low,
  rtp_port_high: MEDIA_PORTS.high,
  rtp_timeout: 300,
  default_expires: 600,
};

/** Calls that are up: the line of media addresses of each, and what ends them. */
export interface OpenCalls {
  readonly lines: readonly string[];
  readonly run: number;
}

/** What the lab runs beside the daemon. */
export interface LabPrograms {
  readonly generators: Generators;
  readonly junk: string;
  /** Media addresses of the calls through the bare relay. */
  readonly bareCalls: readonly string[];
}

/** Network, generators and the daemon of one attack. */
export class AttackLab {
  readonly lab: Lab;
  readonly #programs: LabPrograms;
  #proxy: Proxy | undefined;
  #measurements = 0;

  constructor(lab: Lab, programs: LabPrograms) {
    this.lab = lab;
    this.#programs = programs;
  }

  /** The daemon of the attack that runs. */
  get proxy(): Proxy {
    if (this.#proxy === undefined) throw new Error("Cannot ask the daemon: not started");
    return this.#proxy;
  }

  /** Starts a daemon that knows nobody yet. */
  async start(name: string, directives: Directives = {}): Promise<void> {
    const folder = await makeDirectory(`proxy-${name}`);
    this.#proxy = await startProxy({
      name,
      namespace: this.lab.rtr,
      directives: {
        ...BASE,
        status_socket: `${folder}/status.sock`,
        registration_file: `${folder}/registrations`,
        ...directives,
      },
      probe: { namespace: this.lab.lan, address: PROXY_LAN, port: 5060 },
    });
    await prefer(this.#proxy.process.pid);
  }

  /** Ends the daemon. */
  async stop(): Promise<void> {
    await this.#proxy?.stop();
    this.#proxy = undefined;
  }

  /** Registers phones; gives how many got no answer. */
  async register(phones: number, ratePerSecond: number = SETUP_PER_SECOND): Promise<number> {
    const figures = await this.#sip({
      mode: "register",
      phones,
      count: phones,
      ratePerSecond,
      run: nextRun(),
    });
    return figures.figures.get("unanswered") ?? phones;
  }

  /** Registers phones and sets up a call of each. */
  async openCalls(count: number): Promise<OpenCalls> {
    const unanswered = await this.register(count);
    if (unanswered > 0) {
      throw new Error(`Cannot register ${count} phones: ${unanswered} unanswered`);
    }
    const run = nextRun();
    const { lines } = await this.#sip({
      mode: "setup",
      phones: count,
      count,
      ratePerSecond: SETUP_PER_SECOND,
      run,
    });
    if (lines.length === count) return { lines, run };
    throw new Error(`Cannot set up ${count} calls: ${lines.length} came up`);
  }

  /** Hangs all calls up, each BYE sent once; gives how many were answered. */
  async hangUp(calls: OpenCalls): Promise<number> {
    const count = calls.lines.length;
    const load = { mode: "hangup", phones: count, count, ratePerSecond: SETUP_PER_SECOND } as const;
    const { figures } = await this.#sip({ ...load, run: calls.run });
    return count - (figures.get("unanswered") ?? count);
  }

  /** Media of all calls for some seconds. */
  media(calls: OpenCalls, seconds: number): Promise<Figures> {
    return this.#rtp({ calls: calls.lines, seconds, pids: [this.proxy.process.pid] });
  }

  /** Media of a few calls of no proxy, through the bare relay in the same router. */
  async bareMedia(seconds: number): Promise<Figures> {
    const figures = await this.#rtp({ calls: this.#programs.bareCalls, seconds, pids: [] });
    if (figures.get("received") === 0) throw new Error("Cannot compare: the bare relay is silent");
    return figures;
  }

  /** Descriptors that the daemon holds open now. */
  openFiles(): number {
    return [...Deno.readDirSync(`/proc/${this.proxy.process.pid}/fd`)].length;
  }

  /** Starts an attack. */
  junk(options: Readonly<Record<string, string | number>>): JunkStream {
    return new JunkStream(this.#programs.junk, options);
  }

  #place(): { readonly generators: Generators; readonly lab: Lab } {
    return { generators: this.#programs.generators, lab: this.lab };
  }

  async #rtp(load: RtpLoad): Promise<Figures> {
    // Two measurements at once must not share the file of their calls.
    const folder = await makeDirectory(`media-${++this.#measurements}`);
    const { generators, lab } = this.#place();
    return await runRtpLoad({ lab, generators: { ...generators, folder } }, load);
  }

  #sip(load: SipLoad): ReturnType<typeof runSipLoad> {
    return runSipLoad(this.#place(), load);
  }
}

/** Builds the place; it is removed at clean-up at the latest. */
export async function buildAttackLab(): Promise<AttackLab> {
  const folder = await makeDirectory("generators");
  const generators = await compileGenerators(folder);
  const junk = await compileJunk(folder);
  const lab = await createLab("attack");
  onCleanup(() => destroyLab(lab));
  await addAttackers(lab);
  const bareCalls = await startBareRelay(lab, folder);
  const rtp = await inRealTime(generators.rtp, METER_PRIORITY);
  return new AttackLab(lab, { generators: { ...generators, rtp }, junk, bareCalls });
}

/** Attackers sit where phones and registrar sit; what is answered to invented sources goes back there and ends. */
async function addAttackers(lab: Lab): Promise<void> {
  await runCommand(["ip", "-n", lab.lan, "addr", "add", `${ATTACKER_LAN}/24`, "dev", "eth0"]);
  await runCommand(["ip", "-n", lab.wan, "addr", "add", `${ATTACKER_WAN}/24`, "dev", "eth0"]);
  await runCommand(["ip", "-n", lab.rtr, "route", "add", `${INVENTED_LAN}/16`, "via", LAN_HOST]);
  await runCommand([
    "ip",
    "-n",
    lab.wan,
    "route",
    "add",
    "local",
    `${CONNECTING_WAN}/24`,
    "dev",
    "lo",
  ]);
}

/** The daemon's own address of a side. */
export function proxyAddress(side: "lan" | "wan"): string {
  return side === "lan" ? PROXY_LAN : PROXY_WAN;
}
