/**
 * What is made from the tables of commands, options and directives: manual pages, completions and
 * the option table of README.md. It reads and writes no file. The script `generate_docs.ts` and the
 * test that no file is stale call it.
 *
 * @module
 */
import { ok, type Result } from "../../base/result.ts";
import { bashCompletion } from "./bash_completion.ts";
import { type Markers, replaceBetween } from "./between_markers.ts";
import { configManual } from "./manual_config.ts";
import { daemonManual } from "./manual_daemon.ts";
import { optionTable } from "./option_table.ts";
import { zshCompletion } from "./zsh_completion.ts";

/** What a generated file is made from besides the tables. */
export interface DocumentSources {
  /** README.md as it is. */
  readonly readme: string;
  /** Date of the newest release, such as `2026-11-24`. */
  readonly day: string;
}

/** A file that can be written anew at any time. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Where the option table stands in README.md. */
export const OPTION_MARKERS: Markers = Object.freeze({
  begin: "<!-- options: made by `deno task docs` -->",
  end: "<!-- end of options -->",
});

/** The formatter would stretch every row to the longest. */
const UNFORMATTED: Markers = Object.freeze({
  begin: "<!-- deno-fmt-ignore-start -->",
  end: "<!-- deno-fmt-ignore-end -->",
});

/**
 * Makes every generated file.
 *
 * @param sources what is not in the tables
 * @returns the files, or why README.md cannot be filled in
 */
export function generatedFiles(sources: DocumentSources): Result<readonly GeneratedFile[]> {
  const { readme, day } = sources;
  const content = `${UNFORMATTED.begin}\n\n${optionTable()}\n${UNFORMATTED.end}`;
  const filled = replaceBetween(readme, { markers: OPTION_MARKERS, content });
  if (!filled.ok) return filled;
  return ok([
    { path: "README.md", text: filled.value },
    { path: "packaging/man/siproxd.8", text: daemonManual(day) },
    { path: "packaging/man/siproxd.conf.5", text: configManual(day) },
    { path: "packaging/completion/siproxd.bash", text: bashCompletion() },
    { path: "packaging/completion/_siproxd", text: zshCompletion() },
  ]);
}
