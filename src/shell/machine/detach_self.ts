import { DETACHED_ARGUMENT } from "./detached_argument.ts";
import { parseStartWord } from "./start_channel.ts";

/** Longest start of the detached process: that of the isolates, and some for the machine. */
const START_TIMEOUT_MS = 20_000;

/** Module that a daemon runs from when it is not compiled. */
const MAIN_MODULE = new URL("../../../mod.ts", import.meta.url).href;

/** Permissions that a process from source passes on as they are; a narrower grant cannot be asked for. */
const PERMISSIONS = ["net", "read", "write", "env", "run", "sys"] as const;

/** System queries that the daemon makes, where not all of them were granted. */
const SYS_KINDS = ["networkInterfaces", "hostname", "uid", "gid"] as const;

/** What goes with `uid`, to switch to `user`; whether it was granted cannot be asked. */
const SWITCH_KINDS: readonly string[] = ["setuid", "setgid"];

/** What the first process knows. */
export interface DetachRequest {
  /** The command line, without the program's name. */
  readonly args: readonly string[];
  /** Shows a line to the operator. */
  readonly say: (line: string) => void;
}

/**
 * Starts the daemon once more in a session of its own, without a terminal, and waits until it serves.
 *
 * @param request the command line, and where to show what the start has to say
 * @returns the exit code of this first process: 0 once the daemon is up; undefined where the system lets us start no
 * process, so that the daemon has to stay
 */
export async function detachSelf(request: DetachRequest): Promise<number | undefined> {
  const child = spawnDetached(request.args);
  if (typeof child === "string") {
    request.say(`siproxd: Cannot daemonize: ${child}; staying in the foreground`);
    return undefined;
  }
  let told = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, START_TIMEOUT_MS);
  try {
    for await (const line of linesOf(child.stdout)) {
      const word = parseStartWord(line);
      if (word?.kind === "ready") {
        child.unref();
        return 0;
      }
      if (word?.kind !== "say") continue;
      request.say(word.line);
      told++;
    }
    const { code } = await child.status;
    const why = isLate ? `is not up after ${START_TIMEOUT_MS / 1000} s` : `ended with code ${code}`;
    if (told === 0 || isLate) request.say(`siproxd: Cannot start: the detached process ${why}`);
    return code === 0 ? 1 : code;
  } finally {
    clearTimeout(timer);
  }
}

/** The process, or why there is none. */
function spawnDetached(args: readonly string[]): Deno.ChildProcess | string {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") {
    return "no permission to run programs";
  }
  try {
    return new Deno.Command(Deno.execPath(), {
      args: [...ownArguments(), DETACHED_ARGUMENT, ...args],
      detached: true,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What stands in front of our own arguments: nothing in a compiled binary, else what the runtime was told. */
function ownArguments(): readonly string[] {
  if (Deno.build.standalone) return [];
  const flags: string[] = PERMISSIONS.filter((name) => isGranted({ name }))
    .map((name) => `--allow-${name}`);
  const kinds: string[] = SYS_KINDS.filter((kind) => isGranted({ name: "sys", kind }));
  if (kinds.includes("uid")) kinds.push(...SWITCH_KINDS);
  if (!flags.includes("--allow-sys") && kinds.length > 0) {
    flags.push(`--allow-sys=${kinds.join(",")}`);
  }
  const unstable = ["--unstable-net", "--unstable-worker-options"];
  return ["run", "--quiet", "--no-prompt", "--no-check", ...flags, ...unstable, MAIN_MODULE];
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
