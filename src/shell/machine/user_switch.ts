/** An account of /etc/passwd. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Finds an account by its name, or by its number as chown(1) takes it.
 *
 * @param name what `user` says
 * @param passwd text of /etc/passwd (passwd(5))
 * @returns undefined when there is no such account
 */
export function findAccount(name: string, passwd: string): Account | undefined {
  for (const line of passwd.split("\n")) {
    const [login, , uidText = "", gidText = ""] = line.split(":");
    if (login !== name && uidText !== name) continue;
    if (!/^\d{1,10}$/.test(uidText) || !/^\d{1,10}$/.test(gidText)) continue;
    return { name: login ?? name, uid: Number(uidText), gid: Number(gidText) };
  }
  return undefined;
}

/**
 * Tells whether the process may become another user.
 *
 * @returns false also where it may not even ask who it is
 */
export function isRoot(): boolean {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" && Deno.uid() === 0;
}

/**
 * Becomes an ordinary user for good, group first; it fails closed.
 *
 * Supplementary groups stay, since the runtime has no call to drop them; a service manager starts a daemon without any.
 *
 * @param name what `user` says
 * @returns one line why the daemon must not go on, or undefined when it runs as that user (or was never root)
 */
export async function switchUser(name: string): Promise<string | undefined> {
  try {
    if (Deno.uid() !== 0) return undefined;
    const account = findAccount(name, Deno.readTextFileSync("/etc/passwd"));
    if (account === undefined) return `Cannot switch to user "${name}": no such account`;
    const { default: process } = await import("node:process");
    process.setgid?.(account.gid);
    process.setuid?.(account.uid);
    if (Deno.uid() === account.uid && Deno.gid() === account.gid) return undefined;
    return `Cannot switch to user "${name}": the system kept user ${Deno.uid()}`;
  } catch (error) {
    return `Cannot switch to user "${name}": ${error instanceof Error ? error.message : error}`;
  }
}
