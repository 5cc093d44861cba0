/** One thing that the daemon would do and may not. */
interface Want {
  readonly permission: Deno.PermissionDescriptor;
  /** What is off without it. */
  readonly effect: string;
}

/** Files, syslog and plugins tell their own trouble where they meet it. */
const WANTS: readonly Want[] = Object.freeze([
  {
    permission: { name: "read", path: "/etc/hosts" },
    effect: "to read /etc/hosts: the names in it are not known",
  },
  {
    permission: { name: "run", command: "ip" },
    effect: "to run ip: the default route is guessed from the interfaces",
  },
  {
    permission: { name: "sys", kind: "networkInterfaces" },
    effect: "to list interfaces: if_inbound and if_outbound have to be addresses",
  },
]);

/**
 * Tells what is off because the process may not do it; a daemon never asks.
 *
 * @param isGranted answers for one permission
 * @returns one line for each that is missing
 */
export function missingPermissions(
  isGranted: (permission: Deno.PermissionDescriptor) => boolean = granted,
): readonly string[] {
  return WANTS.filter(({ permission }) => !isGranted(permission))
    .map(({ effect }) => `No permission ${effect}`);
}

function granted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}
