import type { IpAddress } from "../base/ip_address.ts";
import type { MediaPath } from "../base/media_path.ts";
import { familyWord, type OffloadFamily } from "./offload_table.ts";
import { wholeNumber } from "./whole_number.ts";

/** Highest port. */
const MAX_PORT = 65_535;

/** The maps of a table, in the order in which a packet meets them. */
export type PathMap = "da" | "dp" | "sp" | "sa";

const MAPS: readonly PathMap[] = ["da", "dp", "sp", "sa"];

/** Paths of one family and the table that they are kept in. */
export interface PathBatch {
  readonly table: string;
  readonly family: OffloadFamily;
  readonly paths: readonly MediaPath[];
}

/**
 * Writes the line that hands paths over to the kernel; none of them is there before all are.
 *
 * @param batch at least one path
 * @returns one line, one transaction
 */
export function handOverLine(batch: PathBatch): string {
  // The door to it all comes last in the line, though nft makes one transaction of it anyway.
  return MAPS.toReversed().map((map) =>
    `add element ${place(batch, map)} { ${
      batch.paths.map((path) => `${pathKey(map, path)} : ${pathValue(map, path)}`).join(", ")
    } }`
  ).join("; ");
}

/**
 * Writes the line after which no packet enters by these paths any more; their counters can still be read.
 *
 * @param batch at least one path
 * @returns one line, one transaction
 */
export function unhookLine(batch: PathBatch): string {
  return deleteCommand(batch, "da");
}

/**
 * Writes the line that forgets paths whose counters have been read.
 *
 * @param batch at least one path that was unhooked
 * @returns one line, one transaction
 */
export function forgetLine(batch: PathBatch): string {
  return (["dp", "sp", "sa"] as const).map((map) => deleteCommand(batch, map)).join("; ");
}

/**
 * Writes the line that reads what entered by (`dp`) or left by (`sp`) each path; nft reads one map whole, or nothing
 * less than all maps.
 *
 * @param map one with counters
 * @param of table and family
 * @returns a line that is answered by a listing
 */
export function countersLine(
  map: "dp" | "sp",
  of: { readonly table: string; readonly family: OffloadFamily },
): string {
  return `list map ${familyWord(of.family)} ${of.table} ${map}`;
}

/**
 * Writes the line that spares a phone the redirects about its local calls.
 *
 * @param table its name
 * @param phones addresses of one family, at least one
 * @returns one line; a phone that is spared already is no error
 */
export function quietLine(table: string, phones: readonly IpAddress[]): string {
  const word = familyWord(phones.some((phone) => phone.includes(":")) ? 6 : 4);
  return `add element ${word} ${table} quiet { ${phones.join(", ")} }`;
}

/**
 * Names an element as nft's listings do; paths that share one cannot both be in the kernel.
 *
 * @param map which of the four
 * @param path one direction
 * @returns addresses and ports, joined by dots
 */
export function pathKey(map: PathMap, path: MediaPath): string {
  const { source, arrival, departure, target } = path;
  switch (map) {
    case "da":
      return `${text(source.address, source.port)} . ${text(arrival.address, arrival.port)}`;
    case "dp":
      return `${text(source.address, source.port)} . ${port(arrival.port)}`;
    case "sp":
      return `${text(source.address, source.port)} . ${text(target.address, target.port)}`;
    case "sa":
      return `${text(source.address, departure.port)} . ${text(target.address, target.port)}`;
  }
}

function pathValue(map: PathMap, { departure, target }: MediaPath): IpAddress | number {
  switch (map) {
    case "da":
      return target.address;
    case "dp":
      return port(target.port);
    case "sp":
      return port(departure.port);
    case "sa":
      return departure.address;
  }
}

function deleteCommand(batch: PathBatch, map: PathMap): string {
  const keys = batch.paths.map((path) => pathKey(map, path)).join(", ");
  return `delete element ${place(batch, map)} { ${keys} }`;
}

function place({ family, table }: PathBatch, map: PathMap): string {
  return `${familyWord(family)} ${table} ${map}`;
}

function text(address: IpAddress, number: number): string {
  return `${address} . ${port(number)}`;
}

function port(value: number): number {
  return wholeNumber(value, MAX_PORT);
}
