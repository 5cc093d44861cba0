import type { IpAddress } from "../../base/ip_address.ts";
import type { Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { needsTable, type NftPlan, tableName } from "../../nft/nft_plan.ts";
import { offText } from "../../nft/off_text.ts";
import { CommandFirewall, type RunProgram } from "./command_firewall.ts";
import type { FirewallModule, FirewallStream } from "./firewall_module.ts";
import { type NftProcess, NO_NFT, spawnNft } from "./nft_child.ts";
import { NftFirewall } from "./nft_firewall.ts";
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
}

/** A stream event, or that the isolate which told of all streams is gone, and they with it. */
export type FirewallEvent = StreamEvent | { readonly kind: "reset" };

/**
 * Everything the daemon asks of the machine's firewall: marks, and doors for live streams.
 *
 * Its parts are opened before the user switch, while the rights for it are there.
 */
export class Firewall {
  readonly #options: FirewallOptions;
  readonly #spawn: () => Result<NftProcess>;
  readonly #streams = new Map<number, FirewallStream>();
  #config: Config;
  #wan: IpAddress | undefined;
  #nft: NftFirewall | undefined;
  #command: CommandFirewall | undefined;

  constructor(options: FirewallOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#spawn = options.spawn ?? spawnNft;
  }

  /** Whether programs must be run later on: then the permission for it is kept. */
  get runsPrograms(): boolean {
    return this.#nft !== undefined || this.#command !== undefined;
  }

  /** What is in force now, in one word. */
  get state(): "off" | "up" | "down" {
    if (this.#nft !== undefined) return this.#nft.isUp ? "up" : "down";
    return this.#command === undefined ? "off" : "up";
  }

  /** Starts what the configuration asks for; trouble is told and turns that part off. */
  async open(): Promise<void> {
    const { module, command } = this.#config.firewall;
    await this.#openNft();
    if (module !== "command" || command === undefined || !this.#config.rtp.enabled) return;
    const { onLog, run } = this.#options;
    const opening = new CommandFirewall({ command, onLog, ...(run !== undefined && { run }) });
    const opened = await opening.open();
    if (opened.ok) this.#command = opening;
    else this.#say("warning", "firewall.off", `firewall_module without effect: ${opened.error}`);
  }

  /** Guards the address of the Internet side as it is now. */
  async guard(wan: IpAddress | undefined): Promise<void> {
    this.#wan = wan;
    await this.#nft?.replan(this.#plan());
  }

  /** Goes by another configuration; which module there is stays as it was. */
  async follow(config: Config): Promise<void> {
    this.#config = { ...config, firewall: this.#options.config.firewall };
    const plan = this.#plan();
    if (!needsTable(plan)) {
      await this.#nft?.close();
      this.#nft = undefined;
      return;
    }
    if (this.#nft === undefined) await this.#openNft();
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
      case "reset":
        for (const streamId of [...this.#streams.keys()]) this.#stop(streamId);
    }
  }

  /** Undoes everything: ports are shut, marks are no longer set. */
  async close(): Promise<void> {
    this.hear({ kind: "reset" });
    await Promise.all([this.#nft?.close(), this.#command?.close()]);
    this.#nft = undefined;
    this.#command = undefined;
  }

  async #openNft(): Promise<void> {
    const plan = this.#plan();
    if (!needsTable(plan)) return;
    const nft = new NftFirewall({ plan, spawn: this.#spawn, onLog: this.#options.onLog });
    const opened = await nft.open();
    if (opened.ok) {
      this.#nft = nft;
      for (const stream of this.#streams.values()) nft.streamStart(stream);
      return;
    }
    await nft.close();
    const reason = opened.error;
    const missing = reason === NO_NFT ? "missing" : "present";
    this.#say("warning", "firewall.off", offText(plan, { reason, nft: missing }));
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
      guarded: this.#wan === undefined ? [] : [this.#wan],
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
