import { err, ok, type Result } from "../../base/result.ts";
import type { StatusPlace } from "../../config/config.ts";
import type { AnswerListener } from "./answer_server.ts";
import { statusPlaceText } from "./status_places.ts";

/** For the daemon's user and root; the status tells who telephones. */
const SOCKET_MODE = 0o600;

/** What may be done by nobody but the owner while the socket is made. */
const SOCKET_UMASK = 0o177;

/** A listener, and what to do when it is closed. */
export interface StatusListener {
  readonly listener: AnswerListener;
  /** Removes what stands for it in the file system. */
  readonly remove: () => void;
}

/**
 * Listens at a place; a socket that a killed daemon left is taken over, one that a running daemon serves is not.
 *
 * @param place a path or a loopback port
 * @returns the listener, or one line why there is none
 */
export async function listenStatus(place: StatusPlace): Promise<Result<StatusListener>> {
  try {
    if (place.kind === "path") return await listenUnix(place.path);
    if (place.kind === "none") return err("status_socket = none");
    const { host: hostname, port } = place;
    return ok({ listener: Deno.listen({ hostname, port }), remove: () => {} });
  } catch (error) {
    return err(`${statusPlaceText(place)}: ${reasonOf(error)}`);
  }
}

async function listenUnix(path: string): Promise<Result<StatusListener>> {
  for (const name of ["read", "write"] as const) {
    if (Deno.permissions.querySync({ name, path }).state !== "granted") {
      return err(`no permission to ${name} ${path}`);
    }
  }
  const before = await lookAt(path);
  if (before === "served") return err(`${path} is another daemon's`);
  if (before === "file") return err(`${path} is there and is no socket`);
  if (before === "left") Deno.removeSync(path);
  const umask = Deno.umask(SOCKET_UMASK);
  let listener: Deno.UnixListener;
  try {
    listener = Deno.listen({ transport: "unix", path });
  } finally {
    Deno.umask(umask);
  }
  Deno.chmodSync(path, SOCKET_MODE);
  return ok({ listener, remove: () => removeQuietly(path) });
}

async function lookAt(path: string): Promise<"free" | "file" | "left" | "served"> {
  try {
    if (Deno.lstatSync(path).isSocket !== true) return "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "free";
    throw error;
  }
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
    return "served";
  } catch {
    return "left";
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Its folder is no longer ours to write to, or somebody was faster.
  }
}

function reasonOf(error: unknown): string {
  // It is not the socket that was looked for.
  if (error instanceof Deno.errors.NotFound) return "its folder is not there";
  return error instanceof Error ? error.message : String(error);
}
