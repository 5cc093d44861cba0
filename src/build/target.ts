import { err, ok, type Result } from "../base/result.ts";

/** A machine that a binary is made for, by the name its kernel gives it (`uname -m`). */
export type Target = "x86_64" | "aarch64";

/** All targets; there is no musl one, because Deno has none. */
export const TARGETS: readonly Target[] = ["x86_64", "aarch64"];

/**
 * Names a target as Rust's and Deno's tools do.
 *
 * @param target machine name
 * @returns the target triple for glibc
 */
export function targetTriple(target: Target): string {
  return `${target}-unknown-linux-gnu`;
}

/**
 * Reads `--target x86_64|aarch64` from a command line.
 *
 * @param args arguments without the program's name
 * @returns the targets to make, both if none is named
 */
export function parseTargets(args: readonly string[]): Result<readonly Target[]> {
  if (args.length === 0) return ok(TARGETS);
  const [option = "", ...rest] = args.flatMap((arg) =>
    arg.startsWith("--target=") ? ["--target", arg.slice("--target=".length)] : [arg]
  );
  if (option !== "--target") return err(`Cannot use option "${option}": only --target is known`);
  const target = TARGETS.find((known) => known === rest[0]);
  if (target === undefined || rest.length !== 1) {
    return err(`Cannot use target "${rest.join(" ")}": known are ${TARGETS.join(", ")}`);
  }
  return ok([target]);
}
