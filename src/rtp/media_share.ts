/** Media isolates at most: more cores than a router has; every one costs 16 MB. */
export const MAX_MEDIA_WORKERS = 8;

/** Ids start at a random block: those of an isolate that died may still be named by messages under way. */
const ID_BLOCKS = 2 ** 20;
const IDS_A_BLOCK = 2 ** 32;

/** Which of several media isolates one is; the range of media ports is divided among them. */
export interface MediaShare {
  /** From 0. */
  readonly worker: number;
  readonly workers: number;
}

/** The share of the only one. */
export const WHOLE_SHARE: MediaShare = Object.freeze({ worker: 0, workers: 1 });

/**
 * Begins the ids of a media isolate, for port pairs or for paths; a stream has the id of its LAN pair.
 *
 * The number of the isolate is part of its ids, so that nobody has to remember whose they are.
 *
 * @param worker which isolate
 * @param random uniform in [0, 1)
 * @returns the first id; the others follow it
 */
export function firstIdOf(worker: number, random: () => number): number {
  const block = Math.floor(random() * ID_BLOCKS / MAX_MEDIA_WORKERS) * MAX_MEDIA_WORKERS + worker;
  return block * IDS_A_BLOCK + 1;
}

/**
 * Tells which media isolate an id is of.
 *
 * @param id of a port pair, a stream or a path
 * @returns the number of the isolate
 */
export function workerOf(id: number): number {
  return Math.floor(id / IDS_A_BLOCK) % MAX_MEDIA_WORKERS;
}

/**
 * Tells which media isolate binds a port. Neighbouring pairs are of different ones, so that every range is divided
 * evenly and a change of it moves no pair.
 *
 * @param port of RTP or RTCP
 * @param workers how many isolates there are
 * @returns the number of the isolate
 */
export function portWorker(port: number, workers: number): number {
  return Math.floor(port / 2) % workers;
}
