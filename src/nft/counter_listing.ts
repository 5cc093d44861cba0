/** What a counter of nft says. */
export interface NftCount {
  readonly packets: number;
  /** Of whole IP packets. */
  readonly bytes: number;
}

/** Longest text between two elements of a listing: an IPv6 key has 110 characters, its counter as many. */
const MAX_PIECE_LENGTH_CHARS = 1024;

/** One element: key, counter, and what it maps to. Every part is bounded by a character it cannot contain. */
const ELEMENT = /^([0-9a-f.: ]+) counter packets (\d{1,19}) bytes (\d{1,19}) :/;

/** A counter of the table itself. */
const SUM = /packets (\d{1,19}) bytes (\d{1,19})/;

/**
 * Reads the listing of a map, in pieces of any size: the elements and what passed each of them.
 *
 * It goes by what elements look like, not by where nft breaks lines, which differs between its versions.
 */
export class CounterListing {
  readonly #counts = new Map<string, NftCount>();
  #rest = "";

  /** Takes a piece of text. */
  feed(text: string): void {
    const pieces = `${this.#rest}${text}`.split(",");
    this.#rest = pieces.pop() ?? "";
    for (const piece of pieces) this.#take(piece);
    // What is no element is never long; a flood of it must not fill the memory.
    if (this.#rest.length > MAX_PIECE_LENGTH_CHARS) {
      this.#rest = this.#rest.slice(-MAX_PIECE_LENGTH_CHARS);
    }
  }

  /** Ends it: counts by the element's key, as `pathKey` writes it. */
  end(): ReadonlyMap<string, NftCount> {
    this.#take(this.#rest);
    this.#rest = "";
    return this.#counts;
  }

  #take(piece: string): void {
    const start = piece.lastIndexOf("elements = {");
    const element = (start < 0 ? piece : piece.slice(start + "elements = {".length)).trim();
    const [, key, packets, bytes] = ELEMENT.exec(element) ?? [];
    if (key === undefined) return;
    this.#counts.set(key, { packets: Number(packets), bytes: Number(bytes) });
  }
}

/**
 * Reads the listing of one map.
 *
 * @param text what nft wrote
 * @returns counts by key
 */
export function readCounters(text: string): ReadonlyMap<string, NftCount> {
  const listing = new CounterListing();
  listing.feed(text);
  return listing.end();
}

/**
 * Reads the listing of one counter.
 *
 * @param text what nft wrote
 * @returns its value; nothing counted where none is found
 */
export function readSum(text: string): NftCount {
  const [, packets = "0", bytes = "0"] = SUM.exec(text) ?? [];
  return { packets: Number(packets), bytes: Number(bytes) };
}

/** Bytes in front of the payload: IP without options, and UDP. */
const HEADER_BYTES: Readonly<Record<4 | 6, number>> = { 4: 28, 6: 48 };

/**
 * Takes the headers off: the daemon counts what its sockets read.
 *
 * @param count what nft counted
 * @param family of the packets
 * @returns packets and bytes of their payload
 */
export function payloadCount(count: NftCount, family: 4 | 6): NftCount {
  const { packets, bytes } = count;
  return { packets, bytes: Math.max(0, bytes - packets * HEADER_BYTES[family]) };
}
