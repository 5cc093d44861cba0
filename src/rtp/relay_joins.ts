import { isAmongOwn } from "../base/side_addresses.ts";
import type { OwnMediaAddresses } from "./own_media.ts";
import { settleBridge } from "./relay_bridge.ts";
import type { RelayEnd } from "./relay_end.ts";
import { type RelayStream, streamEnds } from "./relay_stream.ts";

/** Local calls pass a join or two; more hops than this are a circle that somebody's SDP made. */
const MAX_JOINS_A_PACKET = 8;

/**
 * Joins legs that meet at our own ports: a call between two phones that went out to the provider and came back.
 *
 * A join needs both ends to name each other. So nobody can listen at, or inject into, a stranger's stream by
 * announcing one of our ports: the other end's party is announced elsewhere.
 */
export class RelayJoins {
  readonly #ends = new Map<string, RelayEnd>();
  /** Ends whose party was announced at one of our own ports. */
  readonly #atOwnPort = new Set<RelayEnd>();

  /** Number of ends whose party is one of our own ports, joined or not. */
  get size(): number {
    return this.#atOwnPort.size;
  }

  /** Makes a stream's ports known. */
  add(stream: RelayStream): void {
    for (const end of streamEnds(stream)) this.#ends.set(endKey(stream, end), end);
  }

  /** Forgets a stream's ports and parts what was joined with it. */
  remove(stream: RelayStream): void {
    for (const end of streamEnds(stream)) {
      this.#ends.delete(endKey(stream, end));
      this.#leave(end);
    }
  }

  /**
   * Notes what an end's party announced: one of our own ports is never sent to, but may be joined.
   *
   * @param end whose party
   * @param own our addresses
   */
  note(end: RelayEnd, own: OwnMediaAddresses): void {
    const party = placeOf(end, own);
    const beyond = placeOf(end.sibling, own);
    if (settleBridge(end, { own, party, beyond }) || party === "elsewhere") return this.#leave(end);
    this.#atOwnPort.add(end);
    if (end.lockedPort === 0) end.target = undefined;
  }

  /** Works out all joins again; the lists are short, as most calls have none. */
  refresh(own: OwnMediaAddresses): void {
    for (const end of this.#atOwnPort) end.joined = this.#partnerOf(end, own);
    for (const end of this.#atOwnPort) {
      if (end.joined !== undefined && end.joined.joined !== end) end.joined = undefined;
    }
    for (const end of this.#atOwnPort) if (end.sibling !== undefined) setOutlet(end.sibling);
  }

  #leave(end: RelayEnd): void {
    if (!this.#atOwnPort.delete(end)) return;
    end.joined = undefined;
    if (end.sibling !== undefined) setOutlet(end.sibling);
  }

  /** Where an end's party announced itself, if that is an end of ours. */
  #partnerOf(end: RelayEnd, own: OwnMediaAddresses): RelayEnd | undefined {
    const { announcedHost, announcedPort } = end;
    const bound = this.#ends.get(`${announcedHost} ${announcedPort}`);
    const behind = announcedHost === own.advertised ? `${own.wan} ${announcedPort}` : "";
    const found = bound ?? this.#ends.get(behind);
    return found === end ? undefined : found;
  }
}

function endKey(stream: RelayStream, end: RelayEnd): string {
  const pair = stream[end.side].bound.pair;
  return `${pair.address} ${end.component === "rtp" ? pair.rtpPort : pair.rtpPort + 1}`;
}

function placeOf(end: RelayEnd | undefined, own: OwnMediaAddresses): "own-port" | "elsewhere" {
  const { announcedHost, announcedPort } = end ?? { announcedHost: "", announcedPort: 0 };
  if (announcedPort < own.portLow || announcedPort > own.portHigh) return "elsewhere";
  return isAmongOwn(own, announcedHost) ? "own-port" : "elsewhere";
}

/** Walks from a receiving end through joins to the end that really sends. */
function setOutlet(receiving: RelayEnd): void {
  let outlet = receiving.sibling;
  for (let hops = 0; outlet?.joined !== undefined; hops++) {
    if (hops === MAX_JOINS_A_PACKET) {
      outlet = undefined;
      break;
    }
    outlet = outlet.joined.sibling;
  }
  receiving.outlet = outlet;
}
