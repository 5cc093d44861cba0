/**
 * Puts a Debian package together, without Debian's tools and the same bytes each time. It reads no
 * file itself and compiles nothing. The script `deb.ts` calls it.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { arArchive, type ArMember } from "./ar.ts";
import { checksumText, controlText, type InstalledFile } from "./control.ts";
import { CONFIGURATION_FILES, foldersOf } from "./payload.ts";
import { tarArchive, type TarEntry } from "./tar_archive.ts";

/** A script that dpkg runs (deb-postinst(5) and its siblings). */
export interface MaintainerScript {
  readonly name: "postinst" | "prerm" | "postrm";
  readonly text: string;
}

/** What goes into a package. */
export interface PackageContent {
  readonly version: string;
  readonly architecture: string;
  /** Time that every file gets, since 1970: the release's, so that a build can be repeated. */
  readonly timeSeconds: number;
  readonly files: readonly InstalledFile[];
  readonly scripts: readonly MaintainerScript[];
}

const encoder = new TextEncoder();

/** Slowest and smallest: a package is made once and fetched often. */
const COMPRESSION_LEVEL = 9;

/**
 * Compresses for the package; nothing of the machine or of the hour gets in.
 *
 * @param content bytes
 * @returns gzip data
 */
export function compress(content: Uint8Array): Uint8Array {
  return gzipSync(content, { level: COMPRESSION_LEVEL });
}

/**
 * Makes a package (deb(5)).
 *
 * @param content everything that goes in
 * @returns its parts, to be written one behind the other
 */
export function debianPackage(content: PackageContent): readonly Uint8Array[] {
  const { timeSeconds } = content;
  const members: readonly ArMember[] = [
    { name: "debian-binary", content: encoder.encode("2.0\n") },
    { name: "control.tar.gz", content: compress(tarArchive(controlEntries(content), timeSeconds)) },
    { name: "data.tar.gz", content: compress(tarArchive(dataEntries(content), timeSeconds)) },
  ];
  return arArchive(members, timeSeconds);
}

function controlEntries({ version, architecture, files, scripts }: PackageContent): TarEntry[] {
  const conffiles = CONFIGURATION_FILES.map((path) => `/${path}\n`).join("");
  return [
    { kind: "folder", path: "./" },
    entry("./control", { mode: 0o644, text: controlText({ version, architecture, files }) }),
    entry("./md5sums", { mode: 0o644, text: checksumText(files) }),
    entry("./conffiles", { mode: 0o644, text: conffiles }),
    ...scripts.map(({ name, text }) => entry(`./${name}`, { mode: 0o755, text })),
  ];
}

function entry(path: string, file: { readonly mode: number; readonly text: string }): TarEntry {
  return { kind: "file", path, mode: file.mode, content: encoder.encode(file.text) };
}

function dataEntries({ files }: PackageContent): TarEntry[] {
  const folders = foldersOf(files.map(({ path }) => path));
  return [
    { kind: "folder", path: "./" },
    ...folders.map((path): TarEntry => ({ kind: "folder", path: `./${path}` })),
    ...files.map(({ path, mode, content }): TarEntry => ({
      kind: "file",
      path: `./${path}`,
      mode,
      content,
    })),
  ];
}
