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
 * Young generation and growth of the three heaps: the defaults, made for programs with a machine of their own, let idle
 * garbage stand for a hundred megabytes under load; these cost no measurable time. The baseline compiler at first call
 * saves some 8 % of a SIP transaction: few of its functions are hot enough for the optimizer.
 */
const V8_FLAGS = "--max-semi-space-size=4,--heap-growing-percent=30";

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
