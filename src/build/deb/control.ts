import { createHash } from "node:crypto";
import { MAINTAINER } from "./change_log.ts";

/** A file as it will be installed. */
export interface InstalledFile {
  /** From the root, without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

/** What the control file tells besides the constant parts. */
export interface ControlFacts {
  readonly version: string;
  readonly architecture: string;
  readonly files: readonly InstalledFile[];
}

const DESCRIPTION = `SIP proxy and RTP relay for NAT routers
 siproxd stands between the SIP phones of a local network and the Internet. It
 puts its own address in place of theirs, relays the media, and so lets them
 register and call through a router that does NAT.
 .
 It reads the configuration, registration and password files of the C daemon
 of the same name, and takes its place.`;

/**
 * Writes the control file (deb-control(5)).
 *
 * The program needs glibc 2.27 and libgcc_s, as Deno's runtime does.
 *
 * @param facts version, machine and files
 * @returns its text
 */
export function controlText({ version, architecture, files }: ControlFacts): string {
  const kilobytes = files.reduce(
    (total, { content }) => total + Math.ceil(content.length / 1024),
    0,
  );
  return [
    "Package: siproxd",
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${kilobytes}`,
    "Depends: libc6 (>= 2.27), libgcc-s1 | libgcc1, adduser",
    "Recommends: iproute2",
    "Section: net",
    "Priority: optional",
    `Description: ${DESCRIPTION}`,
    "",
  ].join("\n");
}

/**
 * Writes the checksums of all files.
 *
 * @param files as they will be installed
 * @returns text as md5sum(1) writes it
 */
export function checksumText(files: readonly InstalledFile[]): string {
  return files.map(({ path, content }) =>
    `${createHash("md5").update(content).digest("hex")}  ${path}\n`
  ).join("");
}
