/**
 * A router with OpenWrt, played: the init script runs in a real shell, rc.common, UCI and procd are
 * the stand-ins of `openwrt_rc.sh`, and `siproxd check` is the real one.
 *
 * @module
 */
const ROOT = new URL("../../", import.meta.url);

/** What a run of the init script left. */
export interface RunOutcome {
  /** What procd was told, a line each; the world's folder is written as `~`. */
  readonly procd: readonly string[];
  /** What went to the system log, a line each with the priority in front. */
  readonly log: readonly string[];
  /** Lines of the file made for the section `general` without its heading; undefined: no file. */
  readonly conf: readonly string[] | undefined;
}

/** A folder that plays the router. */
export class OpenWrtWorld implements Disposable {
  readonly #folder: string = Deno.makeTempDirSync({ prefix: "siproxd-openwrt-" });
  readonly #program: string = `${this.#folder}/siproxd`;

  constructor() {
    const mod = new URL("mod.ts", ROOT).pathname;
    const config = new URL("deno.json", ROOT).pathname;
    const run = `run --quiet --allow-all --unstable-net --unstable-worker-options`;
    const command = `exec '${Deno.execPath()}' ${run} --config '${config}' '${mod}' "$@"`;
    Deno.writeTextFileSync(this.#program, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  }

  /**
   * Runs the init script.
   *
   * @param action such as `start`
   * @param state text of /etc/config/siproxd, and the devices that networks have now
   * @returns what it did
   */
  run(
    action: "start" | "reload" | "stop",
    state: { readonly uci: string; readonly devices?: string },
  ): RunOutcome {
    const { uci, devices = "lan br-lan\nwan pppoe-wan\n" } = state;
    this.#write("uci", uci);
    this.#write("devices", devices);
    this.#write("procd", "");
    this.#write("log", "");
    const { success, stderr } = new Deno.Command("sh", {
      args: [
        new URL("openwrt_rc.sh", import.meta.url).pathname,
        new URL("packaging/openwrt/siproxd.init", ROOT).pathname,
        this.#folder,
        this.#program,
        action,
      ],
      env: { NO_COLOR: "1" },
    }).outputSync();
    const complaint = new TextDecoder().decode(stderr);
    if (!success || complaint !== "") throw new Error(`the init script failed: ${complaint}`);
    return {
      procd: this.#lines("procd") ?? [],
      log: this.#lines("log") ?? [],
      conf: this.#lines("etc/general.conf")?.slice(1),
    };
  }

  /** Names of the files that were made from sections. */
  files(): readonly string[] {
    return [...Deno.readDirSync(`${this.#folder}/etc`)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }

  #write(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.#folder}/${name}`, text);
  }

  #lines(name: string): readonly string[] | undefined {
    try {
      const text = Deno.readTextFileSync(`${this.#folder}/${name}`);
      return text.replaceAll(this.#folder, "~").split("\n").filter((line) => line !== "");
    } catch {
      return undefined;
    }
  }
}
