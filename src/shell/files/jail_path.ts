import { err, ok, type Result } from "../../base/result.ts";
import type { Config } from "../../config/config.ts";

/** A configuration whose file names are those of the machine. */
export interface PlacedConfig {
  readonly config: Config;
  /** The pid file outside the jail, which a service manager of old looks for; undefined without a jail. */
  readonly outerPidFile: string | undefined;
  /** What the operator should know, or undefined. */
  readonly note: string | undefined;
}

/**
 * Puts the registration and the pid file under `chrootjail`, as siproxd's chroot does when it is started as root.
 *
 * The runtime has no chroot call; the isolates that face the network can open no file at all, which is more. The
 * password file is read by its own name, since siproxd opens it before it goes into the jail.
 *
 * @param config as it was read
 * @param user whether the process may become another one
 * @returns the configuration with places, or one line about the path that would leave the jail
 */
export function placeInJail(config: Config, user: "root" | "other"): Result<PlacedConfig> {
  const { chrootJail, pidFile } = config.daemon;
  if (chrootJail === undefined) return ok({ config, outerPidFile: undefined, note: undefined });
  if (user === "other") {
    const note = "chrootjail has no effect: not started as root";
    return ok({ config, outerPidFile: undefined, note });
  }
  const file = placed(chrootJail, config.registrar.file);
  if (!file.ok) return file;
  const pid = placed(chrootJail, pidFile);
  if (!pid.ok) return pid;
  return ok({
    config: {
      ...config,
      registrar: { ...config.registrar, file: file.value },
      daemon: { ...config.daemon, pidFile: pid.value },
    },
    outerPidFile: pidFile,
    note: undefined,
  });
}

/**
 * Gives a path its place below the jail, as after siproxd's chroot.
 *
 * @param jail folder that stands for the root
 * @param path as it is written
 * @returns the name on this machine
 */
export function insideJail(jail: string, path: string): string {
  return `${jail.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}

function placed(jail: string, path: string | undefined): Result<string | undefined> {
  if (path === undefined) return ok(undefined);
  const refusal = (reason: string) =>
    err(`Cannot use path "${path}": ${reason}, which is outside chrootjail "${jail}"`);
  if (path.split("/").includes("..")) return refusal('it climbs by ".."');
  const inside = insideJail(jail, path);
  const root = realPath(jail);
  if (root === undefined) return ok(inside);
  // The deepest part that exists decides: what is not there yet cannot lead elsewhere.
  for (let part = inside; part.length > jail.length; part = part.slice(0, part.lastIndexOf("/"))) {
    const real = realPath(part);
    if (real === undefined) continue;
    if (real === root || real.startsWith(root === "/" ? root : `${root}/`)) break;
    return refusal(`it leads to "${real}"`);
  }
  return ok(inside);
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}
