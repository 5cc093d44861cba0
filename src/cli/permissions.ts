/**
 * Tells whether a file may be read without a prompt and without an exception.
 *
 * @param path the file
 * @returns false where the permission is missing, or would have to be asked for
 */
export function readGranted(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}
