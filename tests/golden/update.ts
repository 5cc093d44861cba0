import { formatCase, parseCase } from "./case_file.ts";
import { playCase } from "./play_case.ts";

/** Plays every case again and writes what came out into its file: read the difference before you commit it. */
function updateAll(): void {
  const folder = new URL("../../fixtures/golden/", import.meta.url);
  for (const entry of Deno.readDirSync(folder)) {
    if (!entry.name.endsWith(".case")) continue;
    const path = new URL(entry.name, folder);
    const before = Deno.readTextFileSync(path);
    const after = formatCase(playCase(parseCase(before)));
    if (after === before) continue;
    Deno.writeTextFileSync(path, after);
    console.log(`updated ${entry.name}`);
  }
}

if (import.meta.main) updateAll();
