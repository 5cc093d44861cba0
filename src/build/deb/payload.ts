/** How a file gets into the package. */
export type Packing =
  /** As it is. */
  | "plain"
  /** Compressed, as manual pages and long documents are. */
  | "gzip";

/** One file of the package that stands in the repository. */
export interface PayloadFile {
  /** From the root of the repository. */
  readonly source: string;
  /** From the root of the system, without a leading slash. */
  readonly target: string;
  readonly mode: number;
  readonly packing: Packing;
}

/** Files that belong to the administrator once they are installed. */
export const CONFIGURATION_FILES: readonly string[] = ["etc/siproxd/siproxd.conf"];

const DOCUMENTS = "usr/share/doc/siproxd";

/**
 * Lists what the package installs besides its change log.
 *
 * @param options the compiled program, and names of the files in fixtures/config
 * @returns files, sorted by where they go
 */
export function payload(
  options: { readonly program: string; readonly configurations: readonly string[] },
): readonly PayloadFile[] {
  const files = [
    { ...plain(options.program, "usr/sbin/siproxd"), mode: 0o755 },
    plain("fixtures/config/packaged.conf", "etc/siproxd/siproxd.conf"),
    plain("packaging/systemd/siproxd.service", "usr/lib/systemd/system/siproxd.service"),
    plain("packaging/systemd/net-admin.conf", `${DOCUMENTS}/systemd/net-admin.conf`),
    plain(
      "fixtures/config/siproxd_passwd.cfg.example",
      `${DOCUMENTS}/siproxd_passwd.cfg.example`,
    ),
    plain("packaging/completion/siproxd.bash", "usr/share/bash-completion/completions/siproxd"),
    plain("packaging/completion/_siproxd", "usr/share/zsh/vendor-completions/_siproxd"),
    gzip("packaging/man/siproxd.8", "usr/share/man/man8/siproxd.8.gz"),
    gzip("packaging/man/siproxd.conf.5", "usr/share/man/man5/siproxd.conf.5.gz"),
    plain("packaging/debian/copyright", `${DOCUMENTS}/copyright`),
    gzip("README.md", `${DOCUMENTS}/README.md.gz`),
    plain("packaging/debian/lintian-overrides", "usr/share/lintian/overrides/siproxd"),
    ...options.configurations.map((name) =>
      plain(`fixtures/config/${name}`, `${DOCUMENTS}/examples/${name}`)
    ),
  ];
  return files.sort((one, other) => one.target < other.target ? -1 : 1);
}

function plain(source: string, target: string): PayloadFile {
  return { source, target, mode: 0o644, packing: "plain" };
}

function gzip(source: string, target: string): PayloadFile {
  return { source, target, mode: 0o644, packing: "gzip" };
}

/**
 * Tells which files of fixtures/config are examples for users: a complete one and the scenarios.
 *
 * @param name file name
 * @returns true for an example
 */
export function isExample(name: string): boolean {
  return name === "siproxd.conf.example" || /^scenario_[a-z_]+\.conf$/.test(name);
}

/**
 * Lists the folders of files, parents first.
 *
 * @param paths from the root, without a leading slash
 * @returns such as `usr/`, `usr/sbin/`
 */
export function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = paths.flatMap((path) => {
    const names = path.split("/").slice(0, -1);
    return names.map((_, index) => `${names.slice(0, index + 1).join("/")}/`);
  });
  return [...new Set(folders)].sort();
}
