import type { IpAddress } from "../../base/ip_address.ts";
import type { Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { OffloadFamily } from "../../nft/offload_table.ts";
import { needsTable, type NftPlan, tableName } from "../../nft/nft_plan.ts";
import { offText } from "../../nft/off_text.ts";
import { findForwarding } from "../machine/ip_forwarding.ts";
import { workerOf } from "../../rtp/media_share.ts";
import { CommandFirewall, type RunProgram } from "./command_firewall.ts";
import type { FirewallModule, FirewallStream } from "./firewall_module.ts";
import type { MediaOffload } from "./media_offload.ts";
import { type NftProcess, NO_NFT, spawnNft } from "./nft_child.ts";
import { NftFirewall } from "./nft_firewall.ts";
import { NftHost } from "./nft_host.ts";
import type { OffloadReport } from "./offload_messages.ts";
import { countInterval, offloadPlan, openOffload } from "./open_offload.ts";
import type { StreamEvent } from "./stream_reports.ts";

/** Where servers listen when nothing else is said (RFC 3261 §19.1.2). */
const USUAL_SIP_PORT = 5060;

/** What a firewall works with. */
export interface FirewallOptions {
  readonly config: Config;
  readonly onLog: (event: LogEvent) => void;
  /** Tests start something else. */
  readonly spawn?: () => Result<NftProcess>;
  readonly run?: RunProgram;
  /** Takes what is to be told to the media isolate. */
  readonly tellMedia?: (report: OffloadReport) => void;
  /** Families that the machine forwards; undefined where it cannot be told. */
  readonly forwarding?: () => Promise<readonly OffloadFamily[] | undefined>;
}

/** A stream event, or that the media isolate which told of its streams is gone, and they with it. */
export type FirewallEvent = StreamEvent | { readonly kind: "reset"; readonly worker: number };

/**
 * Everything the daemon asks of the machine's firewall: marks, and doors for live streams.
 *
 * Its parts are opened before the user switch, while the rights for it are there.
 */
export class Firewall {
  readonly #options: FirewallOptions;
  readonly #host: NftHost;
  readonly #streams = new Map<number, FirewallStream>();
  #config: Config;
  #guarded: readonly IpAddress[] = [];
  #nft: NftFirewall | undefined;
  #command: CommandFirewall | undefined;
  #offload: MediaOffload | undefined;

  constructor(options: FirewallOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#host = new NftHost({ spawn: options.spawn ?? spawnNft, onLog: options.onLog });
  }

  /** Whether programs must be run later on: then the permission for it is kept. */
  get runsPrograms(): boolean {
    return [this.#nft, this.#command, this.#offload].some((part) => part !== undefined);
  }

  /** What is in force now, in one word. */
  get state(): "off" | "up" | "down" {
    if (this.#nft !== undefined) return this.#nft.isUp ? "up" : "down";
    return this.#command === undefined ? "off" : "up";
  }

  /** Whether the kernel takes media over, in one word. */
  get offload(): "off" | "up" | "down" {
    if (this.#offload === undefined) return "off";
    return this.#offload.isUp ? "up" : "down";
  }

  /** Starts what the configuration asks for; trouble is told and turns that part off. */
  async open(): Promise<void> {
    const { module, command } = this.#config.firewall;
    await this.#openNft("start");
    await this.#openOffload();
    if (module !== "command" || command === undefined || !this.#config.rtp.enabled) return;
    const { onLog, run } = this.#options;
    const opening = new CommandFirewall({ command, onLog, ...(run !== undefined && { run }) });
    const opened = await opening.open();
    if (opened.ok) this.#command = opening;
    else this.#say("warning", "firewall.off", `firewall_module without effect: ${opened.error}`);
  }

  /** Guards the addresses of the Internet side as they are now. */
  async guard(wan: readonly IpAddress[]): Promise<void> {
    this.#guarded = wan;
    await this.#nft?.replan(this.#plan());
  }

  /** Goes by another configuration; which module there is stays as it was. */
  async follow(config: Config): Promise<void> {
    this.#config = { ...config, firewall: this.#options.config.firewall };
    const plan = this.#plan();
    await this.#offload?.replan(offloadPlan(config, plan.table), countInterval(config));
    if (!needsTable(plan)) {
      await this.#nft?.close();
      this.#nft = undefined;
      return;
    }
    if (this.#nft === undefined) await this.#openNft("reload");
    else await this.#nft.replan(plan);
  }

  /** Takes what the media isolate tells. */
  hear(event: FirewallEvent): void {
    switch (event.kind) {
      case "start": {
        const { streamId, lan, wan } = event;
        const stream = {
          streamId,
          lan: { own: lan, peer: undefined },
          wan: { own: wan, peer: undefined },
        };
        this.#streams.set(streamId, stream);
        return this.#each((module) => module.streamStart(stream));
      }
      case "peer": {
        const old = this.#streams.get(event.streamId);
        if (old === undefined) return;
        const { side, peer } = event;
        const stream = { ...old, [side]: { ...old[side], peer } };
        this.#streams.set(event.streamId, stream);
        return this.#each((module) => module.streamChange(stream, side));
      }
      case "stop":
        return this.#stop(event.streamId);
      case "offload":
        return this.#offload?.hear(event.request);
      case "reset":
        this.#offload?.restart(event.worker);
        for (const streamId of [...this.#streams.keys()]) {
          if (workerOf(streamId) === event.worker) this.#stop(streamId);
        }
    }
  }

  /** Reads what the kernel relayed until now into the media isolate's figures. */
  async count(): Promise<void> {
    await this.#offload?.count();
  }

  /** Undoes everything: ports are shut, marks are no longer set. */
  async close(): Promise<void> {
    const parts = [this.#nft, this.#command, this.#offload];
    this.#offload = undefined;
    for (const streamId of [...this.#streams.keys()]) this.#stop(streamId);
    await Promise.all(parts.map((part) => part?.close()));
    this.#nft = undefined;
    this.#command = undefined;
  }

  async #openNft(when: "start" | "reload"): Promise<void> {
    const plan = this.#plan();
    if (!needsTable(plan)) return;
    const nft = new NftFirewall({ plan, host: this.#host, onLog: this.#options.onLog });
    const opened = await nft.open();
    if (opened.ok) {
      this.#nft = nft;
      for (const stream of this.#streams.values()) nft.streamStart(stream);
      return;
    }
    await nft.close();
    // A daemon that had no use for nft at its start gave the right to run programs away.
    const advice = when === "reload" ? ", a restart of siproxd may help" : "";
    const reason = `${opened.error}${advice}`;
    const missing = opened.error === NO_NFT ? "missing" : "present";
    this.#say("warning", "firewall.off", offText(plan, { reason, nft: missing }));
  }

  async #openOffload(): Promise<void> {
    const { onLog, tellMedia = () => {}, forwarding = findForwarding } = this.#options;
    this.#offload = await openOffload({
      config: this.#config,
      table: tableName(Deno.pid),
      host: this.#host,
      tell: tellMedia,
      onLog,
      forwarding,
    });
  }

  #plan(): NftPlan {
    const { rtp, sip, firewall } = this.#config;
    const hops = [sip.outboundProxy, ...sip.outboundDomains];
    return {
      table: tableName(Deno.pid),
      mediaPortLow: rtp.portLow,
      mediaPortHigh: rtp.portHigh + 1,
      mediaDscp: rtp.enabled ? rtp.dscp : 0,
      sipPort: sip.listenPort,
      sipServerPorts: [USUAL_SIP_PORT, ...hops.map((hop) => hop?.port ?? USUAL_SIP_PORT)],
      sipDscp: sip.dscp,
      doors: firewall.module === "nftables" && rtp.enabled ? "live" : "untouched",
      guarded: this.#guarded,
    };
  }

  #stop(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    this.#streams.delete(streamId);
    this.#each((module) => module.streamStop(stream));
  }

  #each(tell: (module: FirewallModule) => void): void {
    if (this.#nft !== undefined) tell(this.#nft);
    if (this.#command !== undefined) tell(this.#command);
  }

  #say(level: LogEvent["level"], event: string, text: string): void {
    this.#options.onLog({ level, component: "firewall", event, text });
  }
}
