import { type IsolateKind, PING_INTERVAL_MS } from "./isolate_keeper.ts";
import type { MediaToSupervisor, SupervisorToMedia } from "../media_protocol.ts";
import { MEDIA_PERMISSIONS, SIGNALLING_PERMISSIONS } from "../machine/permissions.ts";
import type { FromSignalling, ToSignalling } from "../protocol.ts";

/** Where the code of the isolates is; tests put faulty ones in their place. */
export interface IsolateModules {
  readonly signalling: string;
  readonly media: string;
  /** Period of the watchdog's question. */
  readonly pingIntervalMs: number;
}

/** The product's own isolates. `deno compile` needs both files named by `--include`. */
export const OWN_MODULES: IsolateModules = Object.freeze({
  signalling: import.meta.resolve("../signalling/signalling_worker.ts"),
  media: import.meta.resolve("../media/media_worker.ts"),
  pingIntervalMs: PING_INTERVAL_MS,
});

/**
 * Describes the signalling isolate.
 *
 * @param modules entries and the watchdog's period
 * @returns what the keeper must know
 */
export function signallingKind(modules: IsolateModules): IsolateKind<ToSignalling, FromSignalling> {
  return {
    name: "signalling",
    moduleUrl: modules.signalling,
    pingIntervalMs: modules.pingIntervalMs,
    permissions: SIGNALLING_PERMISSIONS,
    ping: { kind: "ping" },
    isPong: (message) => message.kind === "pong",
  };
}

/**
 * Describes a media isolate.
 *
 * @param modules entries and the watchdog's period
 * @returns what the keeper must know
 */
export function mediaKind(
  modules: IsolateModules,
): IsolateKind<SupervisorToMedia, MediaToSupervisor> {
  return {
    name: "media",
    moduleUrl: modules.media,
    pingIntervalMs: modules.pingIntervalMs,
    permissions: MEDIA_PERMISSIONS,
    ping: { kind: "ping" },
    isPong: (message) => message.kind === "pong",
  };
}
