import { decodeLatin1, encodeLatin1 } from "../../../src/base/text.ts";
import { formatIssue } from "../../../src/config/issues.ts";
import { describeText } from "../../../src/config/describe.ts";
import { loadConfig } from "../../../src/config/load.ts";
import {
  formatRegistrationFile,
  parseRegistrationFile,
} from "../../../src/registrar/registration_file.ts";
import type { Dice } from "../dice.ts";
import { uriText } from "../grammar.ts";
import { mutate } from "../mutate.ts";
import { configSeeds } from "../seeds.ts";
import { broken, type Target } from "../target.ts";

const CLOCK = { epochMs: 1_800_000_000_000, nowMs: 5_000 };
const CONFIGS = configSeeds();

function registrationText(dice: Dice): string {
  const record = () => {
    const head = dice.pick(["****:1:1800000600", "****:1:1", "****:0:0", "****:1:x", "***", ""]);
    return `${head}\n${uriText(dice)}\n${uriText(dice)}\n${uriText(dice)}\n`;
  };
  const saved = dice.oneIn(3) ? "#siproxd saved=1800000000\n" : "";
  return `${dice.times(dice.below(5), record).join("")}${saved}`;
}

/** The registration file: what was read writes and reads the same again. */
export const REGISTRATION_FILE: Target = {
  name: "registration-file",
  generate: (dice) =>
    encodeLatin1(dice.oneIn(4) ? registrationText(dice) : mutate(registrationText(dice), dice)),
  run(input): void {
    const { bindings } = parseRegistrationFile(decodeLatin1(input), CLOCK);
    const text = formatRegistrationFile(bindings, CLOCK);
    const again = parseRegistrationFile(text, CLOCK);
    if (again.issues.length > 0) {
      broken(`our own file: ${again.issues.join()}`, decodeLatin1(input));
    }
    if (formatRegistrationFile(again.bindings, CLOCK) !== text) {
      broken("writing twice differs", decodeLatin1(input));
    }
  },
};

/** The configuration: each issue is one line, and what is effective reads back the same. */
export const CONFIG: Target = {
  name: "config",
  generate: (dice) => encodeLatin1(mutate(dice.pick(CONFIGS), dice)),
  run(input): void {
    const text = decodeLatin1(input);
    const { loaded, issues } = loadConfig({ text, fileName: "f" });
    for (const issue of issues) {
      const line = formatIssue(issue);
      if (line.includes("\n") || line.includes("\r")) broken("an issue has two lines", line);
    }
    if (loaded === undefined) {
      if (!issues.some(({ severity }) => severity === "error")) {
        broken("refused without error", text);
      }
      return;
    }
    const shown = describeText(loaded);
    const again = loadConfig({ text: shown, fileName: "g" });
    if (again.loaded === undefined && !shown.includes("(secret)")) {
      broken(`shown configuration is refused: ${again.issues.map(formatIssue).join()}`, shown);
    }
  },
};
