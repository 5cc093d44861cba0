import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { err, ok, type Result } from "../base/result.ts";
import { elfLengthBytes } from "./elf.ts";
import type { Target } from "./target.ts";

/** A Deno runtime that stands unchanged at the start of a program published on npm. */
export interface KnownRuntime {
  /** Version of Deno whose runtime it is. */
  readonly denoVersion: string;
  /** Package and exact version. */
  readonly packageName: string;
  readonly packageVersion: string;
  /** Path of the program inside the package's archive. */
  readonly programPath: string;
  /** Subresource integrity of the archive. */
  readonly integrity: string;
  readonly lengthBytes: number;
  readonly sha256: string;
}

/**
 * The runtimes for both targets.
 *
 * These programs were themselves made with `deno compile`, which appends to the runtime and does
 * not change it; both hashes are of files compared with Deno's own download.
 */
export const KNOWN_RUNTIMES: Readonly<Record<Target, KnownRuntime>> = {
  x86_64: {
    denoVersion: "2.7.11",
    packageName: "@stdy/cli-linux-x64",
    packageVersion: "0.22.2",
    programPath: "package/bin/steady",
    integrity:
      "sha512-kp5QdG26EC8gEzVXI0YgzmiiFHz7DFCNRLNfAWa2rDPHr/jUBnfkP8AlbTPmv0YNQpnKn1wzSWHFw88fn/OTog==",
    lengthBytes: 97_076_048,
    sha256: "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6",
  },
  aarch64: {
    denoVersion: "2.7.11",
    packageName: "@stdy/cli-linux-arm64",
    packageVersion: "0.22.2",
    programPath: "package/bin/steady",
    integrity:
      "sha512-HjSQdAt40CpYIauUKJ1xyIEsdrf5LtQP1x8Su7BEZJN94807ROJXxabW+jXyc48823tVBkrnxNUUTrBK4TVTRw==",
    lengthBytes: 90_596_104,
    sha256: "9c888d915647ff971a497acd39ee45ea63da5f19d12d4363124942c257c055ef",
  },
};

/**
 * Tells whether an archive is the one that was published, by its integrity text.
 *
 * @param archive the compressed archive as downloaded
 * @param integrity `sha512-` and the digest in base64, as package locks have it
 * @returns nothing, or what differs
 */
export function checkIntegrity(archive: Uint8Array, integrity: string): Result<null> {
  const digest = createHash("sha512").update(archive).digest();
  const found = `sha512-${Buffer.from(digest).toString("base64")}`;
  return found === integrity
    ? ok(null)
    : err(`Cannot trust archive: integrity is "${found}", not "${integrity}"`);
}

/**
 * Cuts the runtime off the front of a compiled program and checks that it is the known one.
 *
 * @param program the compiled program
 * @param known what its runtime must be
 * @returns a view of the runtime
 */
export function extractRuntime(program: Uint8Array, known: KnownRuntime): Result<Uint8Array> {
  const length = elfLengthBytes(program);
  if (!length.ok) return length;
  if (length.value !== known.lengthBytes || program.length < length.value) {
    return err(`Cannot trust runtime: its length is ${length.value}, not ${known.lengthBytes}`);
  }
  const runtime = program.subarray(0, length.value);
  const checked = checkRuntime(runtime, known);
  return checked.ok ? ok(runtime) : checked;
}

/**
 * Tells whether bytes are a known runtime.
 *
 * @param runtime bytes of a runtime
 * @param known what it must be
 * @returns nothing, or what differs
 */
export function checkRuntime(runtime: Uint8Array, known: KnownRuntime): Result<null> {
  const sha256 = createHash("sha256").update(runtime).digest("hex");
  return sha256 === known.sha256
    ? ok(null)
    : err(`Cannot trust runtime: SHA-256 is "${sha256}", not "${known.sha256}"`);
}
