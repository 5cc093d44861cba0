import { parsePasswordFile } from "../../auth/password_file.ts";
import {
  commonAlgorithms,
  configuredPasswords,
  type Passwords,
  userPasswords,
  type UserSecret,
} from "../../auth/passwords.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { decodeLatin1 } from "../../base/text.ts";
import type { AuthConfig } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";

/** Period of the look at the file: a new password counts within five seconds, and a look is one system call. */
const POLL_INTERVAL_MS = 2000;

/** Largest file: ten thousand users with hashes take a megabyte, and what is larger is another file. */
const MAX_FILE_BYTES = 2_097_152;

/** What some editors write in front of UTF-8, as latin1. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** Mode bit that lets everybody read. */
const READABLE_BY_OTHERS = 0o004;

/** Who hears of trouble. Texts name file and line, never what stands there. */
export interface PasswordSourceOptions {
  readonly onLog: (event: LogEvent) => void;
}

/**
 * Reads the passwords of digest authentication and follows the changes of their file.
 *
 * A file that cannot be read at the start lets nobody in; one that becomes unreadable later leaves the passwords as they
 * were.
 */
export class PasswordSource {
  readonly #path: string | undefined;
  readonly #algorithms: AuthConfig["algorithms"];
  readonly #onLog: (event: LogEvent) => void;
  #passwords: Passwords;
  /** The file that was read, or the failure that was told. */
  #known = "";
  #timer: number | undefined;

  constructor(settings: AuthConfig, options: PasswordSourceOptions) {
    this.#path = settings.realm === undefined ? undefined : settings.passwordFile;
    this.#algorithms = settings.algorithms;
    this.#onLog = options.onLog;
    this.#passwords = configuredPasswords(settings);
  }

  /** What is known now. */
  get passwords(): Passwords {
    return this.#passwords;
  }

  /** Reads the file, if there is to be one; never throws. */
  async open(): Promise<void> {
    if (this.#path !== undefined) await this.#look(this.#path);
  }

  /**
   * Reads the passwords of another configuration. A file that has not changed since it was read is not read again: the
   * user that the daemon became may have no right to.
   *
   * @param settings of that configuration
   * @returns what takes this one's place, or why its file cannot be used; then this one goes on as it was
   */
  async successor(settings: AuthConfig): Promise<Result<PasswordSource>> {
    const next = new PasswordSource(settings, { onLog: this.#onLog });
    const path = next.#path;
    if (path === undefined) return ok(next);
    if (path === this.#path && this.#passwords.kind === "users") {
      next.#passwords = this.#passwords;
      next.#known = this.#known;
    }
    const failure = await next.#read(path);
    return failure === undefined ? ok(next) : err(problemText(path, failure));
  }

  /** Calls back after each change from now on. */
  follow(onChange: (passwords: Passwords) => void): void {
    const path = this.#path;
    if (path === undefined) return;
    let isLooking = false;
    this.#timer = setInterval(async () => {
      // A slow disk must not pile looks up.
      if (isLooking) return;
      isLooking = true;
      const before = this.#passwords;
      await this.#look(path);
      isLooking = false;
      if (this.#passwords !== before && this.#timer !== undefined) onChange(this.#passwords);
    }, POLL_INTERVAL_MS);
  }

  /** Stops calling. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(path: string): Promise<void> {
    const before = this.#known;
    const failure = await this.#read(path);
    if (failure !== undefined && failure !== before) this.#tellFailure(path, failure);
  }

  /** Reads the file if it is another than last time; gives the reason when it cannot be read. */
  async #read(path: string): Promise<string | undefined> {
    const info = await inspect(path);
    if (info.ok && markOf(info.value) === this.#known) return undefined;
    const text = info.ok ? await read(path) : info;
    if (!text.ok) {
      this.#known = text.error;
      return text.error;
    }
    if (info.ok) this.#known = markOf(info.value);
    const { users, issues } = parsePasswordFile(text.value);
    for (const { line, message } of issues) this.#log("warning", `${path}:${line}: ${message}`);
    if (info.ok && ((info.value.mode ?? 0) & READABLE_BY_OTHERS) !== 0) {
      this.#log("warning", `Protect password file "${path}": everybody can read it (chmod 600)`);
    }
    this.#tellUnusable(users, path);
    this.#passwords = userPasswords(users);
    this.#log("info", `passwords read from ${path}, users: ${users.size}`);
    return undefined;
  }

  #tellUnusable(users: ReadonlyMap<string, UserSecret>, path: string): void {
    const common = commonAlgorithms(users);
    if (common.length === 0) {
      const advice = "give every user a line of one kind";
      this.#log("warning", `Cannot offer one algorithm to all users of ${path}: ${advice}`);
    }
    if (this.#algorithms?.some((algorithm) => common.includes(algorithm)) !== false) return;
    const wanted = this.#algorithms.join(" or ");
    const text = `Cannot check ${wanted} for all users of ${path}: proxy_auth_algorithm asks for ` +
      "what the hashes of some do not have";
    this.#log("warning", text);
  }

  #tellFailure(path: string, reason: string): void {
    const problem = problemText(path, reason);
    if (this.#passwords.kind === "unavailable") {
      this.#log("error", `${problem}; every REGISTER that needs a password is refused`);
    } else {
      this.#log("warning", `${problem}; the passwords read before stay`);
    }
  }

  #log(level: LogEvent["level"], text: string): void {
    this.#onLog({ level, component: "auth", event: "auth.password-file", text });
  }
}

function problemText(path: string, reason: string): string {
  return `Cannot read password file "${path}": ${reason}`;
}

async function inspect(path: string): Promise<Result<Deno.FileInfo>> {
  // Asking first keeps Deno from asking the operator.
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return err("reading files is not permitted");
  try {
    const info = await Deno.stat(path);
    if (!info.isFile) return err("it is no file");
    return info.size > MAX_FILE_BYTES ? err(`longer than ${MAX_FILE_BYTES} bytes`) : ok(info);
  } catch (error) {
    return err(reasonOf(error));
  }
}

/** Editors replace a file or write into it; either changes one of these. */
function markOf(info: Deno.FileInfo): string {
  const { ino, size, mtime, ctime } = info;
  return `${ino} ${size} ${mtime?.getTime()} ${ctime?.getTime()}`;
}

async function read(path: string): Promise<Result<string>> {
  try {
    const text = decodeLatin1(await Deno.readFile(path));
    return ok(text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text);
  } catch (error) {
    return err(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
