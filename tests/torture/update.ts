import { playInCore } from "./play_core.ts";
import { obeys, writeTable } from "./table.ts";

/** Writes what the core does into the table; what breaks a rule of it is told, and must be mended in the core. */
function main(): number {
  let broken = 0;
  writeTable((row, setting) => {
    const outcome = playInCore(row.name, setting);
    const rule = row.rules.get(setting.name) ?? "";
    if (!obeys(outcome, rule)) {
      broken++;
      const events = outcome.filter((line) => !/^[-+] /.test(line)).join(", ");
      console.log(`${row.name} ${setting.name}: ${events}; the rule is ${rule}`);
    }
    return outcome;
  });
  return broken === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(main());
