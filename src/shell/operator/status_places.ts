import type { Config, StatusPlace } from "../../config/config.ts";
import { placeInJail } from "../files/jail_path.ts";

/** Where service managers make a folder for the daemon. */
const RUN_SOCKET = "/run/siproxd/status.sock";

/** Beside the registrations that are kept without a configuration. */
const DEFAULT_SOCKET = "/var/lib/siproxd/siproxd.sock";

/**
 * Lists where a daemon of this configuration can be asked, the likeliest first: the daemon takes the first place where
 * it can listen, `siproxd status` the first that answers.
 *
 * The folder of the registration file comes first, since every daemon of a machine has one of its own.
 *
 * @param config the configuration, with or without its jail put in front of the paths
 * @returns places; none when it is switched off
 */
export function statusPlaces(config: Config): readonly StatusPlace[] {
  const { socket } = config.status;
  if (socket !== undefined) return socket.kind === "none" ? [] : [socket];
  const jailed = placeInJail(config, "root");
  const files = [config.registrar.file, jailed.ok ? jailed.value.config.registrar.file : undefined];
  const paths = files.flatMap((file) => file === undefined ? [] : [besides(file)]);
  return [...new Set([...paths, RUN_SOCKET, DEFAULT_SOCKET])].map((path) => ({
    kind: "path",
    path,
  }));
}

function besides(file: string): string {
  return `${file.slice(0, file.lastIndexOf("/") + 1)}siproxd.sock`;
}

/**
 * Writes a place for a message.
 *
 * @param place where a daemon can be asked
 * @returns a path, or address and port
 */
export function statusPlaceText(place: StatusPlace): string {
  if (place.kind === "none") return "nowhere";
  if (place.kind === "path") return place.path;
  return place.host.includes(":") ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}`;
}
