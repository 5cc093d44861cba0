/**
 * A Debian system in a folder, made for one test: nothing of this machine is in it but its kernel.
 * It installs nothing by itself. The test of the installation calls it.
 *
 * @module
 */
import { type CommandOutput, mustRun, runCommand } from "../e2e/support/command.ts";

/** Debian's oldest release that gets security support and has glibc 2.27 or later. */
const RELEASE = "bookworm";

/** What a system with systemd has and a minimal one has not. */
const PACKAGES: readonly string[] = ["adduser", "libgcc-s1", "systemd"];

/** A folder that holds a system. */
export class CleanRoot implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the system; it takes about a minute, and Debian's server must be reachable. */
  static async create(): Promise<CleanRoot> {
    const path = await Deno.makeTempDir({ prefix: "siproxd-root-" });
    const root = new CleanRoot(path);
    try {
      const include = `--include=${PACKAGES.join(",")}`;
      await mustRun("debootstrap", ["--variant=minbase", include, RELEASE, path]);
      await Deno.chmod(path, 0o755);
      // The program finds its own code through /proc/self/exe.
      await mustRun("mount", ["-t", "proc", "proc", `${path}/proc`]);
      return root;
    } catch (error) {
      await root[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a program inside, whatever its exit code. */
  async run(command: string, ...args: readonly string[]): Promise<CommandOutput> {
    return await runCommand("chroot", [this.path, command, ...args]);
  }

  /** Tells whether a file or a link is there. */
  async has(path: string): Promise<boolean> {
    try {
      await Deno.lstat(`${this.path}${path}`);
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runCommand("umount", [`${this.path}/proc`]);
    await runCommand("rm", ["--recursive", "--force", "--one-file-system", this.path]);
  }
}
