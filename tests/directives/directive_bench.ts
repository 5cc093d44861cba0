import { bodyOf, type HeaderLine, headerValue, sipText } from "../../src/cli/demo/sip_text.ts";
import type { Place } from "../../src/cli/demo/demo_party.ts";
import { type DaemonProcess, startProcess } from "../support/daemon_process.ts";
import { findProcessPlace, type ProcessPlace } from "../support/process_place.ts";
import { type Heard, SipPeer } from "../support/sip_peer.ts";
import { okText } from "../support/tcp_messages.ts";

/** Addresses of the peers. */
export const PHONE = "127.12.0.2";
export const PROVIDER = "127.22.0.2";

/** How long something must not come: a message needs a few milliseconds. */
export const SILENCE_MS = 300;

/** Longest wait for what must come, on a busy machine. */
export const PATIENCE_MS = 10_000;

/** Lines of siproxd.conf that may name files of the daemon's folder. */
export type LinesIn = (folder: string) => readonly string[];

/** What a request differs in from a plain one of alice's. */
export interface Asked {
  readonly uri?: string;
  readonly headers?: readonly HeaderLine[];
  readonly user?: string;
  /** Host and port of From and To; the provider's. */
  readonly domain?: string;
  readonly body?: string;
  /** Value of To; the user itself in a REGISTER, else bob of the domain. */
  readonly to?: string;
  /** What Via says besides the branch; the phone's own place. */
  readonly via?: string;
  /** `silence`: nothing is to come, so the wait is short. */
  readonly wanted?: "message" | "silence";
}

/** A phone and a provider, and the daemon between them. */
export class SipBench {
  /** Where the daemon is for phones. */
  readonly lan: Place;
  /** Where the daemon is for the Internet. */
  readonly wan: Place;
  readonly phone: SipPeer = new SipPeer(PHONE);
  readonly provider: SipPeer = new SipPeer(PROVIDER);

  constructor({ lan, wan }: { readonly lan: Place; readonly wan: Place }) {
    this.lan = lan;
    this.wan = wan;
  }

  /** A request of the phone's. */
  request(method: string, asked: Asked = {}): string {
    return requestOf(method, { ...asked, from: this.phone, domain: asked.domain ?? this.domain });
  }

  /** Host and port of the provider. */
  get domain(): string {
    return `${this.provider.hostname}:${this.provider.port}`;
  }

  /** Sends a request of the phone's; gives what the provider gets, undefined after a silence. */
  async out(method: string, asked: Asked = {}): Promise<Heard | undefined> {
    await this.phone.send(this.request(method, asked), this.lan);
    return await this.provider.next(patienceFor(asked));
  }

  /** Registers alice at the provider; gives what the provider got and what the phone got. */
  async register(
    asked: Asked = {},
  ): Promise<{ readonly at: Heard | undefined; readonly answer: string }> {
    const at = await this.out("REGISTER", asked);
    if (at === undefined) return { at, answer: (await this.phone.next(SILENCE_MS))?.text ?? "" };
    const expires = `Contact: ${headerValue(at.text, "Contact")};expires=600`;
    await this.provider.send(okText(at.text).replace(/Contact: .*/, expires), this.wan);
    return { at, answer: (await this.phone.next(PATIENCE_MS))?.text ?? "" };
  }

  /** Sends a request of the provider's; gives what the phone gets. */
  async in(method: string, asked: Asked): Promise<Heard | undefined> {
    const text = requestOf(method, {
      ...asked,
      from: this.provider,
      domain: asked.domain ?? this.domain,
    });
    await this.provider.send(text, this.wan);
    return await this.phone.next(patienceFor(asked));
  }

  /** Forgets what came and was not asked for. */
  forget(): void {
    this.phone.clear();
    this.provider.clear();
  }

  /** Ends both. */
  closePeers(): void {
    this.phone.close();
    this.provider.close();
  }
}

/** A daemon in a process of its own, a phone and a provider: what is changed by SIGHUP, and what is seen. */
export class DirectiveBench extends SipBench {
  readonly place: ProcessPlace;
  readonly daemon: DaemonProcess;
  #reloads = 0;

  private constructor(place: ProcessPlace, daemon: DaemonProcess) {
    super(place);
    this.place = place;
    this.daemon = daemon;
  }

  /** Starts the daemon; the lines may name files of its folder. */
  static async open(lines: LinesIn = () => []): Promise<DirectiveBench> {
    const place = findProcessPlace();
    const daemon = startProcess(["-c", writeConfig(place, lines(place.folder))]);
    await daemon.said(" started");
    return new DirectiveBench(place, daemon);
  }

  /** Lets the daemon go by these lines, over those that put it in its place. */
  async obey(lines: readonly string[]): Promise<void> {
    writeConfig(this.place, lines);
    this.daemon.child.kill("SIGHUP");
    await this.daemon.said("SIGHUP: configuration read from", ++this.#reloads);
    this.forget();
  }

  /** The same, and the media isolate has heard of it too, which is told a moment later. */
  async obeyInMedia(lines: readonly string[]): Promise<void> {
    await this.obey(lines);
    const told = " stock_lan=";
    const times = this.daemon.log().split(told).length;
    this.daemon.child.kill("SIGUSR1");
    await this.daemon.said(told, times);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.daemon.child.kill("SIGTERM");
    await this.daemon.ended;
    this.closePeers();
    this.place.remove();
  }
}

/**
 * Writes the configuration of a daemon: what puts it in its place, unless the lines say otherwise, and the lines.
 *
 * @returns the path of the file
 */
export function writeConfig(place: ProcessPlace, lines: readonly string[]): string {
  const keys = new Set(lines.map(keyOf));
  const base = [...place.lines, "silence_log = 4"].filter((line) => !keys.has(keyOf(line)));
  const path = `${place.folder}/siproxd.conf`;
  Deno.writeTextFileSync(path, [...base, ...lines, ""].join("\n"));
  return path;
}

function keyOf(line: string): string {
  return line.split("=", 1)[0]?.trim() ?? "";
}

function patienceFor(asked: Asked): number {
  return asked.wanted === "silence" ? SILENCE_MS : PATIENCE_MS;
}

/** First line of a message, without the protocol. */
export function statusIn(text: string | undefined): string | undefined {
  return text?.split("\r\n", 1)[0]?.replace("SIP/2.0 ", "");
}

/** The lines of a session description that begin so. */
export function sdpLines(text: string | undefined, kind: string): readonly string[] {
  return bodyOf(text ?? "").split("\r\n").filter((line) => line.startsWith(`${kind}=`));
}

/** A request from a place; alice's unless told otherwise. */
export function requestOf(
  method: string,
  asked: Asked & { readonly from: Place; readonly domain: string },
): string {
  const { from, domain, user = "alice", uri = `sip:${domain}`, body = "" } = asked;
  const place = `${from.hostname}:${from.port}`;
  const type: readonly HeaderLine[] = body === "" ? [] : [["Content-Type", "application/sdp"]];
  return sipText(`${method} ${uri} SIP/2.0`, {
    headers: [
      ["Via", `SIP/2.0/UDP ${asked.via ?? place};branch=z9hG4bK${crypto.randomUUID()}`],
      ["Max-Forwards", "70"],
      ["From", `<sip:${user}@${domain}>;tag=1`],
      ["To", asked.to ?? `<sip:${method === "REGISTER" ? user : "bob"}@${domain}>`],
      ["Call-ID", crypto.randomUUID()],
      ["CSeq", `1 ${method}`],
      ["Contact", `<sip:${user}@${place}>`],
      ...type,
      // Real requests are longer than their answers, and strangers get no answer that is not.
      ["User-Agent", `phone/${"1".repeat(100)}`],
      ...asked.headers ?? [],
    ],
    body,
  });
}
