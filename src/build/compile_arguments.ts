import { type Target, targetTriple } from "./target.ts";

/**
 * What the binary may do at most; each isolate then narrows itself.
 *
 * There is no `--allow-ffi`: native code would get round every other permission.
 */
const PERMISSIONS = [
  "net",
  "read",
  "write",
  "env",
  "sys=networkInterfaces,uid,gid,setuid,setgid",
  "run",
] as const;

/** The unstable features in use: UDP sockets, and permissions of workers. */
const UNSTABLE = ["net", "worker-options"] as const;

/** Modules that start an isolate; nothing imports them, so the compiler would not find them. */
export const WORKER_MODULES: readonly string[] = [
  "src/shell/signalling/signalling_worker.ts",
  "src/shell/media/media_worker.ts",
];

/**
 * Names the file that a target's binary is written to.
 *
 * @param target machine name
 * @returns a path relative to the repository's root
 */
export function outputPath(target: Target): string {
  return `dist/siproxd-${target}`;
}

/**
 * Heaps of three isolates on a small machine: the defaults, made for programs with a machine of their own, let idle
 * garbage stand for a hundred megabytes under load. One thread collects: helpers for a young generation of 2 MB cost
 * more than they save (a twentieth of a SIP transaction's CPU). Not `--optimize-for-size`: it would save 20 MB more, but
 * 20,000 junk packets a second at one port would then delay the packets of all calls by 4 ms (p99) instead of 0.2 ms.
 */
const V8_FLAGS = "--max-semi-space-size=2,--heap-growing-percent=20,--single-threaded-gc";

/**
 * Puts together the arguments of `deno compile`.
 *
 * `--no-code-cache`: the cache would be a file of predictable name in the temporary folder.
 * `--no-prompt`: a daemon has nobody to ask.
 *
 * @param target machine name
 * @returns arguments behind `deno`
 */
export function compileArguments(target: Target): readonly string[] {
  return [
    "compile",
    "--quiet",
    "--no-prompt",
    "--no-code-cache",
    `--v8-flags=${V8_FLAGS}`,
    ...PERMISSIONS.map((name) => `--allow-${name}`),
    ...UNSTABLE.map((name) => `--unstable-${name}`),
    ...WORKER_MODULES.flatMap((path) => ["--include", path]),
    "--target",
    targetTriple(target),
    "--output",
    outputPath(target),
    "mod.ts",
  ];
}
