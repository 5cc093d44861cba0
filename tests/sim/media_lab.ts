import { parseIpAddress } from "../../src/base/ip_address.ts";
import { addressScope } from "../../src/base/ip_network.ts";
import type { Side } from "../../src/base/socket_address.ts";
import type { RelayCommand } from "../../src/rtp/relay_command.ts";
import { type Arrival, createArrival, decideRelay } from "../../src/rtp/relay_decision.ts";
import { CLAIM_ANY, type RelayEnd } from "../../src/rtp/relay_end.ts";
import { type BoundPairs, type RelayOpen, RelayTable } from "../../src/rtp/relay_table.ts";
import { type RelayStream, streamEnds } from "../../src/rtp/relay_stream.ts";
import { FIRST_DROP } from "../../src/rtp/verdict.ts";
import { Dice } from "../property/dice.ts";
import { address } from "../support/core_world.ts";
import { rtcpPacket, rtpPacket, UNUSED_SOCKET } from "../support/relay_packets.ts";

/** Whose packets nobody ever asked for. */
const ATTACKERS: readonly (readonly [string, number])[] = [
  ["203.0.113.66", 4_000],
  ["203.0.113.66", 20_000],
  ["10.0.0.77", 5_004],
  ["192.168.66.6", 1_024],
];

const TIMEOUTS = { timeoutMs: 300_000, holdTimeoutMs: 14_400_000 };

const OWN = {
  lan: address("10.0.0.1"),
  wan: address("192.0.2.1"),
  advertised: address("192.0.2.1"),
  portLow: 7_070,
  portHigh: 7_200,
};

/** The media isolate of a history: the real relay with packets of parties, of rebound NATs and of attackers. */
export class MediaLab {
  readonly problems: string[] = [];
  readonly #table: RelayTable;
  readonly #dice: Dice;
  readonly #taken = new Map<number, number>();
  readonly #arrival: Arrival = createArrival();
  /** Last place that a party really sent from, by end. */
  readonly #parties = new Map<RelayEnd, { hostname: string; port: number }>();

  constructor(seed: number) {
    this.#dice = new Dice(seed ^ 0x5eed);
    this.#table = new RelayTable({
      timeouts: TIMEOUTS,
      own: OWN,
      takePairs: (open) => this.#takePairs(open),
    });
  }

  /** Streams that are open. */
  get size(): number {
    return this.#table.size;
  }

  /** Carries a command of the core out. */
  apply(command: RelayCommand, nowMs: number): void {
    if (command.kind === "close") this.end(command.streamId);
    else {
      for (const effect of this.#table.apply(command, nowMs)) {
        if (effect.kind === "refuse") this.#report(`a stream is refused: ${effect.reason}`);
      }
    }
  }

  /** Ends a stream and gives its pairs back. */
  end(streamId: number): void {
    for (const effect of this.#table.end(streamId, "closed")) {
      if (effect.kind !== "stop") continue;
      for (const side of ["lan", "wan"] as const) this.#giveBack(effect.stream, side);
    }
  }

  /** Lets packets pass for a while: from parties, from a rebound NAT, from attackers in between. */
  talk(nowMs: number): void {
    let atMs = nowMs;
    for (const stream of this.#table.streams()) {
      for (let count = this.#dice.below(6); count > 0; count--) {
        const end = this.#dice.pick(streamEnds(stream));
        atMs += this.#dice.pick([1, 20, 600, 2_500]);
        if (this.#dice.oneIn(3)) this.#attack(end, atMs);
        else this.#speak(end, atMs);
      }
    }
  }

  /** A party sends from where its SDP says, from behind a NAT, or from a NAT that forgot it. */
  #speak(end: RelayEnd, nowMs: number): void {
    const known = this.#parties.get(end);
    const host = end.announcedHost === "" ? "198.51.100.7" : end.announcedHost;
    const port = end.announcedPort === 0 ? 40_000 : end.announcedPort;
    const isRebound = known !== undefined && this.#dice.oneIn(6);
    const from = isRebound
      ? { hostname: known.hostname, port: known.port + 2 }
      : { hostname: host, port: this.#dice.oneIn(5) ? port + 1 : port };
    this.#parties.set(end, from);
    this.#send(end, { ...from, nowMs });
  }

  /** Somebody whom nobody knows tries a port; a lock that a party proved must not notice. */
  #attack(end: RelayEnd, nowMs: number): void {
    const [hostname, port] = this.#dice.pick(ATTACKERS);
    const before = { host: end.lockedHost, port: end.lockedPort, claim: end.claim };
    const isProven = before.port !== 0 && before.claim > CLAIM_ANY && before.host !== hostname;
    const passes = this.#send(end, { hostname, port, nowMs });
    if (isProven && passes) this.#report(`a stranger passes a proven lock of ${before.host}`);
    if (isProven && end.lockedHost !== before.host) this.#report("a stranger takes a lock over");
  }

  #send(
    end: RelayEnd,
    from: { readonly hostname: string; readonly port: number; readonly nowMs: number },
  ): boolean {
    const packet = end.component === "rtp" ? rtpPacket() : rtcpPacket();
    const { hostname, port, nowMs } = from;
    Object.assign(this.#arrival, { packet, hostname, port, nowMs });
    const passes = decideRelay(end, this.#arrival) < FIRST_DROP;
    if (passes) this.#checkTarget(end);
    return passes;
  }

  /** What passes goes to a source that was heard, or to the place that the other party's SDP named, and nowhere else. */
  #checkTarget(end: RelayEnd): void {
    const { outlet } = end;
    const target = outlet?.target;
    if (outlet === undefined || target === undefined) return this.#report("media without a target");
    const isLocked = outlet.lockedPort !== 0 && target.hostname === outlet.lockedHost &&
      target.port === outlet.lockedPort;
    const isAnnounced = outlet.lockedPort === 0 && target.hostname === outlet.announcedHost &&
      target.port === outlet.announcedPort;
    if (!isLocked && !isAnnounced) this.#report(`media goes to ${target.hostname}, never heard of`);
    const parsed = parseIpAddress(target.hostname);
    const scope = parsed === undefined ? "none" : addressScope(parsed);
    if (scope !== "global" && scope !== "private") this.#report(`media goes to a ${scope} address`);
  }

  #takePairs(open: RelayOpen): BoundPairs | undefined {
    for (const pairId of [open.lanPairId, open.wanPairId]) {
      const owner = this.#taken.get(pairId);
      if (owner !== undefined) this.#report(`pair ${pairId} is of stream ${owner} already`);
      this.#taken.set(pairId, open.streamId);
    }
    const bound = (side: Side, pairId: number) => ({
      pair: { pairId, side, address: address("10.0.0.1"), rtpPort: 7070 },
      rtp: UNUSED_SOCKET,
      rtcp: UNUSED_SOCKET,
    });
    return { lan: bound("lan", open.lanPairId), wan: bound("wan", open.wanPairId) };
  }

  #giveBack(stream: RelayStream, side: Side): void {
    this.#taken.delete(stream[side].bound.pair.pairId);
    for (const end of [stream[side].rtp, stream[side].rtcp]) this.#parties.delete(end);
  }

  #report(problem: string): void {
    if (this.problems.length < 20) this.problems.push(problem);
  }
}
