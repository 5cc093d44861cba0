import { type IpAddress, parseIpAddress } from "../../src/base/ip_address.ts";
import type { Side, SocketAddress } from "../../src/base/socket_address.ts";
import type { PortPair, RelayCommand, RelayParty } from "../../src/rtp/relay_command.ts";
import type {
  MediaConfig,
  MediaStatistics,
  MediaToSignalling,
  MediaToSupervisor,
  SignallingToMedia,
  SupervisorToMedia,
} from "../../src/shell/media_protocol.ts";
import { MEDIA_PERMISSIONS } from "../../src/shell/machine/permissions.ts";

/** Longest wait for something that must come; a test that reaches it fails. */
const PATIENCE_MS = 5000;

const MEDIA_WORKER_URL: string =
  new URL("../../src/shell/media/media_worker.ts", import.meta.url).href;

/** Gives an address of 127/8 that no other test uses, so that all its ports are free. */
export function ownLoopbackAddress(): IpAddress {
  const [second = 1, third = 1, fourth = 1] = crypto.getRandomValues(new Uint8Array(3));
  return literal(`127.${1 + second % 250}.${third}.${1 + fourth % 250}`);
}

/** Parses a literal that must be one. */
export function literal(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`Cannot use "${text}": not an address`);
  return address;
}

/** Messages of one kind of sender: taken in order, waited for if need be. */
export class Inbox<Message extends { readonly kind: string }> {
  readonly #messages: Message[] = [];
  #wake: () => void = () => {};

  put(message: Message): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** Takes the next message of a kind; others stay. */
  async take<Kind extends Message["kind"]>(kind: Kind): Promise<Extract<Message, { kind: Kind }>> {
    const isWanted = (message: Message): message is Extract<Message, { kind: Kind }> =>
      message.kind === kind;
    while (true) {
      const index = this.#messages.findIndex(isWanted);
      const [message] = index < 0 ? [] : this.#messages.splice(index, 1);
      if (message !== undefined && isWanted(message)) return message;
      await this.#more(kind);
    }
  }

  async #more(kind: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`no "${kind}" came`)), PATIENCE_MS);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}

/** One direct channel, as the signalling isolate has it. */
export class MediaChannel {
  readonly inbox: Inbox<MediaToSignalling> = new Inbox<MediaToSignalling>();
  readonly free: Record<Side, PortPair[]> = { lan: [], wan: [] };
  readonly #port: MessagePort;
  #nextStreamId = 1;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = (event: MessageEvent<MediaToSignalling>) => {
      const message = event.data;
      if (message.kind === "hello" || message.kind === "stock") {
        for (const pair of message.pairs) this.free[pair.side].push(pair);
      }
      this.inbox.put(message);
    };
  }

  post(message: SignallingToMedia): void {
    this.#port.postMessage(message);
  }

  relay(...commands: readonly RelayCommand[]): void {
    this.post({ kind: "relay", commands });
  }

  /** Opens a stream on the pairs at the front of the stock, which must be there. */
  open(options: { readonly callId?: string; readonly payload?: "rtp" | "other" } = {}): OpenStream {
    const lan = this.free.lan.shift();
    const wan = this.free.wan.shift();
    if (lan === undefined || wan === undefined) throw new Error("no pair in stock");
    const streamId = this.#nextStreamId++;
    const { callId = `call-${streamId}`, payload = "rtp" } = options;
    const ids = { lanPairId: lan.pairId, wanPairId: wan.pairId };
    this.relay({ kind: "open", streamId, callId, mediaIndex: 0, payload, ...ids });
    return { streamId, lan, wan };
  }

  announce(stream: OpenStream, parties: Partial<Record<Side, RelayParty>>): void {
    for (const side of ["lan", "wan"] as const) {
      const party = parties[side];
      if (party === undefined) continue;
      this.relay({ kind: "announce", streamId: stream.streamId, side, party });
    }
  }

  /** Waits until all that was posted before has been carried out: a wish for nothing is answered with nothing. */
  async settled(): Promise<void> {
    this.post({ kind: "want", side: "lan", pairs: 0 });
    while ((await this.inbox.take("stock")).pairs.length > 0);
  }

  close(): void {
    this.#port.close();
  }
}

/** Ids and ports of a stream that a test opened. */
export interface OpenStream {
  readonly streamId: number;
  readonly lan: PortPair;
  readonly wan: PortPair;
}

/** Gives settings of the isolate: a short range, and checks often enough for a test. */
export function mediaConfig(
  addresses: MediaConfig["addresses"],
  changes: Partial<MediaConfig> = {},
): MediaConfig {
  return {
    addresses,
    portLow: 17_070,
    portHigh: 17_269,
    timeoutMs: 300_000,
    holdTimeoutMs: 600_000,
    inputDejitterMs: 0,
    outputDejitterMs: 0,
    stockPairs: 4,
    sweepMs: 10,
    lockEvents: "silent",
    streamEvents: "silent",
    ...changes,
  };
}

/** The real media isolate in a real Worker with real sockets. */
export class MediaHarness implements AsyncDisposable {
  readonly inbox: Inbox<MediaToSupervisor> = new Inbox<MediaToSupervisor>();
  readonly lan: IpAddress;
  readonly wan: IpAddress;
  readonly #worker: Worker;
  readonly #channels: MediaChannel[] = [];

  /** Beside another one it has the same addresses. */
  constructor(beside?: MediaHarness) {
    this.lan = beside?.lan ?? ownLoopbackAddress();
    this.wan = beside?.wan ?? ownLoopbackAddress();
    const deno = { permissions: MEDIA_PERMISSIONS };
    this.#worker = new Worker(MEDIA_WORKER_URL, { type: "module", deno });
    this.#worker.onmessage = (event: MessageEvent<MediaToSupervisor>) => this.inbox.put(event.data);
  }

  post(message: SupervisorToMedia, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Configures the isolate and waits for its stock. */
  async configure(changes: Partial<MediaConfig> = {}): Promise<void> {
    const addresses = { lan: this.lan, wan: this.wan, advertised: this.wan };
    const config = mediaConfig(addresses, changes);
    this.post({ kind: "configure", config });
    await this.inbox.take("configured");
  }

  /** Connects a (new) signalling side and waits for the greeting. */
  async connect(): Promise<MediaChannel> {
    const { port1, port2 } = new MessageChannel();
    const channel = new MediaChannel(port2);
    this.#channels.push(channel);
    this.post({ kind: "connect", port: port1 }, [port1]);
    await channel.inbox.take("hello");
    return channel;
  }

  async statistics(): Promise<MediaStatistics> {
    this.post({ kind: "statistics" });
    return (await this.inbox.take("statistics")).statistics;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.post({ kind: "stop" });
    await this.inbox.take("stopped");
    for (const channel of this.#channels) channel.close();
    this.#worker.terminate();
  }
}

/** A phone's or gateway's media sockets: RTP and RTCP on an address of its own. */
export class MediaParty implements Disposable {
  readonly rtp: Deno.DatagramConn;
  readonly rtcp: Deno.DatagramConn;
  readonly address: IpAddress;
  #sequence = 0;

  constructor(address: IpAddress = ownLoopbackAddress()) {
    this.address = address;
    this.rtp = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
    this.rtcp = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
  }

  /** What this party's SDP would say. */
  party(flow: RelayParty["flow"] = "active"): RelayParty {
    const rtp = this.#at(this.rtp);
    return { rtp, rtcp: this.#at(this.rtcp), written: `${rtp.address}:${rtp.port}`, flow };
  }

  /** Sends an RTP packet with a mark in its payload. */
  async send(mark: string, to: PortPair): Promise<void> {
    const packet = new Uint8Array(60);
    packet.set([0x80, 0, this.#sequence >> 8, this.#sequence & 255]);
    this.#sequence++;
    await this.sendRaw(withMark(packet, mark), to);
  }

  /** Sends any bytes to the RTP port. */
  async sendRaw(packet: Uint8Array, to: PortPair): Promise<void> {
    await this.rtp.send(packet, { transport: "udp", hostname: to.address, port: to.rtpPort });
  }

  /** Sends a sender report with a mark. */
  async sendReport(mark: string, to: PortPair): Promise<void> {
    const packet = withMark(Uint8Array.from([0x80, 200, ...new Array<number>(58).fill(0)]), mark);
    await this.rtcp.send(packet, { transport: "udp", hostname: to.address, port: to.rtpPort + 1 });
  }

  /** Waits for the next packet; gives its mark and the port it came from. */
  async receive(component: "rtp" | "rtcp" = "rtp"): Promise<Received> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error("no packet came")), PATIENCE_MS);
    try {
      const [packet, source] = await Promise.race([this[component].receive(), promise]);
      if (source.transport !== "udp") throw new Error("not UDP");
      return { mark: markOf(packet), host: source.hostname, port: source.port };
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.rtp.close();
    this.rtcp.close();
  }

  #at(socket: Deno.DatagramConn): SocketAddress {
    if (socket.addr.transport !== "udp") throw new Error("not UDP");
    return { address: this.address, port: socket.addr.port };
  }
}

/** A packet as a party got it. */
export interface Received {
  readonly mark: string;
  readonly host: string;
  readonly port: number;
}

const MARK_OFFSET = 20;

function withMark(packet: Uint8Array, mark: string): Uint8Array {
  new TextEncoder().encodeInto(mark, packet.subarray(MARK_OFFSET));
  return packet;
}

function markOf(packet: Uint8Array): string {
  return new TextDecoder().decode(packet.subarray(MARK_OFFSET)).replaceAll("\0", "");
}
