/**
 * baresip, a real softphone, without sound card and terminal.
 *
 * Writes its configuration, starts it in a namespace and talks to its control port. It judges
 * nothing: a case waits for events and compares. Called by the phone suites.
 *
 * @module
 */
import { poll } from "./command.ts";
import { ControlConnection } from "./baresip_control.ts";
import { hostOf } from "./ip_text.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { makeDirectory } from "./work_directory.ts";

/** How a phone is set up. */
export interface PhoneOptions {
  readonly user: string;
  readonly namespace: string;
  readonly address: string;
  readonly sipPort: number;
  readonly controlPort: number;
  readonly rtpPortLow: number;
  /** Domain of the account: the registrar's address, IPv6 in brackets. */
  readonly domain: string;
  /** Outbound proxy as `host:port`; absent: straight to the registrar. */
  readonly outbound?: string;
  readonly answer: "auto" | "manual";
  readonly media: "audio" | "audio+video";
  /** UDP when it is left out. */
  readonly transport?: "udp" | "tcp";
}

/** RTP packets that baresip itself counted for one finished call. */
export interface RtpCounts {
  readonly sent: number;
  readonly received: number;
}

const EVENT_TIMEOUT_MS = 10_000;
const VIDEO_LINES = [
  "video_source fakevideo,nil",
  "video_display fakevideo,nil",
  "video_size 176x144",
  "video_bitrate 100000",
  "video_fps 10",
];
const VIDEO_MODULES = ["avcodec", "vp8", "fakevideo"];
const AUDIO_MODULES = ["g711", "ausine", "aubridge", "uuid"];

/** A running phone. */
export class Phone {
  readonly options: PhoneOptions;
  #process: ManagedProcess;
  #control: ControlConnection;

  constructor(
    options: PhoneOptions,
    parts: { readonly process: ManagedProcess; readonly control: ControlConnection },
  ) {
    this.options = options;
    this.#process = parts.process;
    this.#control = parts.control;
  }

  /** Address of record. */
  get uri(): string {
    return `sip:${this.options.user}@${this.options.domain}`;
  }

  /** Calls somebody. */
  async dial(uri: string): Promise<void> {
    this.#control.forgetEvents();
    await this.#control.command("dial", uri);
  }

  /** Sends a command of the phone's menu: hangup, hold, resume, accept. */
  async command(name: "hangup" | "hold" | "resume" | "accept"): Promise<void> {
    await this.#control.command(name, "");
  }

  /** Waits for a call event such as CALL_ESTABLISHED; earlier events are passed over. */
  async waitFor(type: string, timeoutMs: number = EVENT_TIMEOUT_MS): Promise<string> {
    return await this.#control.waitForEvent(type, {
      timeoutMs,
      who: this.options.user,
    });
  }

  /** Forgets events that nobody waited for. */
  forgetEvents(): void {
    this.#control.forgetEvents();
  }

  /** Waits until the registrar's 200 came in. */
  async waitRegistered(timeoutMs: number): Promise<void> {
    await this.#process.waitForLog(/200 OK .*\[\d+ bindings?\]/, timeoutMs);
  }

  /** Everything that the phone printed. */
  log(): Promise<string> {
    return this.#process.log();
  }

  /** The audio counts of the last call, once `calls` calls have ended and been counted. */
  async rtpCounts(media: "audio" | "video", calls: number): Promise<RtpCounts> {
    return await poll(async () => {
      const found = readRtpCounts(await this.#process.log(), media);
      return found.length >= calls ? found.at(-1) : undefined;
    }, { what: `RTP counts of ${calls} ${media} calls at ${this.options.user}`, timeoutMs: 5000 });
  }

  /** How many finished calls the phone has counted. */
  async callsCounted(media: "audio" | "video"): Promise<number> {
    return readRtpCounts(await this.#process.log(), media).length;
  }

  /** Ends the phone. */
  async stop(): Promise<void> {
    await this.#control.close();
    await this.#process.stop();
  }
}

/** Writes a phone's files, starts it and connects to its control port. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const directory = await makeDirectory(`phone-${options.user}`);
  await Deno.writeTextFile(`${directory}/config`, configuration(options));
  await Deno.writeTextFile(`${directory}/accounts`, account(options));
  await Deno.writeTextFile(`${directory}/contacts`, "");
  const process = startProcess({
    name: `baresip-${options.user}`,
    namespace: options.namespace,
    command: "baresip",
    args: ["-s", "-f", directory],
  });
  await process.waitForLog(/baresip is ready/, 10_000);
  const control = await ControlConnection.open(options.namespace, options.controlPort);
  return new Phone(options, { process, control });
}

function account(options: PhoneOptions): string {
  const { transport = "udp" } = options;
  const outbound = options.outbound === undefined
    ? ""
    : `;outbound="sip:${options.outbound};transport=${transport}"`;
  return `<sip:${options.user}@${options.domain};transport=${transport}>;auth_user=${options.user}` +
    `;auth_pass=pw-${options.user}${outbound};regint=60;answermode=${options.answer}` +
    `;audio_codecs=pcma,pcmu\n`;
}

function configuration(options: PhoneOptions): string {
  const video = options.media === "audio+video";
  const modules = [...AUDIO_MODULES, ...(video ? VIDEO_MODULES : [])];
  return [
    "poll_method epoll",
    `sip_listen ${hostOf(options.address)}:${options.sipPort}`,
    `sip_transports ${options.transport ?? "udp"}`,
    "call_local_timeout 30",
    "call_max_calls 4",
    "audio_path /usr/share/baresip",
    "audio_source ausine,440",
    "audio_player aubridge,null",
    "audio_alert aubridge,null",
    // ausine knows this one format only; the codec's rate is made from it.
    "ausrc_srate 48000",
    "ausrc_channels 2",
    "auplay_srate 48000",
    "auplay_channels 2",
    ...(video ? VIDEO_LINES : []),
    `rtp_ports ${options.rtpPortLow}-${options.rtpPortLow + 100}`,
    "rtcp_mux no",
    "rtp_stats yes",
    `net_interface ${options.address}`,
    ...(options.address.includes(":") ? ["net_af ipv6"] : []),
    "module_path /usr/lib/baresip/modules",
    ...modules.map((name) => `module ${name}.so`),
    "module_tmp account.so",
    "module_app menu.so",
    "module_app ctrl_tcp.so",
    `ctrl_tcp_listen 127.0.0.1:${options.controlPort}`,
    "",
  ].join("\n");
}

function readRtpCounts(log: string, media: "audio" | "video"): readonly RtpCounts[] {
  const counts: RtpCounts[] = [];
  const pattern = new RegExp(`${media} +Transmit: +Receive:\\s+packets: +(\\d+) +(\\d+)`, "g");
  for (const match of log.matchAll(pattern)) {
    counts.push({ sent: Number(match[1]), received: Number(match[2]) });
  }
  return counts;
}
