/** What a Worker may be granted, as `deno.permissions` of its options. */
export type WorkerPermissions = Deno.PermissionOptionsObject;

/**
 * The jail of the signalling isolate: sockets and nothing else.
 *
 * It may send to any peer, so `net` cannot be a list; `inherit` keeps a narrower grant of the operator's.
 */
export const SIGNALLING_PERMISSIONS: WorkerPermissions = Object.freeze({
  net: "inherit",
  read: false,
  write: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
});

/** The jail of the media isolate: the same, media peers can be anywhere too. */
export const MEDIA_PERMISSIONS: WorkerPermissions = Object.freeze({ ...SIGNALLING_PERMISSIONS });

/** System queries that nothing needs once the daemon runs; `networkInterfaces` is what is left out. */
const DROPPED_SYS_KINDS: readonly NonNullable<Deno.SysPermissionDescriptor["kind"]>[] = [
  "loadavg",
  "hostname",
  "systemMemoryInfo",
  "osRelease",
  "osUptime",
  "uid",
  "gid",
  "username",
  "cpus",
  "homedir",
  "statfs",
  "getPriority",
  "setPriority",
];

/**
 * Gives back what only the start needed: env, ffi, every system query but one, and run unless a firewall module
 * goes on running programs.
 *
 * Looking up interfaces stays, because a Worker that replaces a dead one cannot be granted what its parent
 * gave away, and because addresses are polled. Read and write stay for reload and saving. Running isolates keep
 * their own grants. A grant of all system queries cannot be narrowed by Deno and stays as it is.
 *
 * @param run whether programs have to be run later on
 * @returns names of the permissions that are gone
 */
export function revokeStartPermissions(run: "give" | "keep" = "give"): readonly string[] {
  const gone: string[] = [];
  for (const name of ["env", "ffi", "run", "import"] as const) {
    if (name === "run" && run === "keep") continue;
    if (Deno.permissions.revokeSync({ name }).state !== "granted") gone.push(name);
  }
  for (const kind of DROPPED_SYS_KINDS) Deno.permissions.revokeSync({ name: "sys", kind });
  return gone;
}
