import type { Target } from "../target.ts";

/**
 * Names a target as Debian does.
 *
 * @param target machine name
 * @returns Debian's architecture
 */
export function debianArchitecture(target: Target): "amd64" | "arm64" {
  return target === "x86_64" ? "amd64" : "arm64";
}

/**
 * Names the package of a target.
 *
 * @param target machine name
 * @param version version of the program
 * @returns a path relative to the repository's root
 */
export function packagePath(target: Target, version: string): string {
  return `dist/siproxd_${version}_${debianArchitecture(target)}.deb`;
}
