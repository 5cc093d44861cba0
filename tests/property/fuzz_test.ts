import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Dice } from "./dice.ts";
import { savedCases } from "./found_case.ts";
import { failureOf, hunt } from "./hunt.ts";
import { mutate } from "./mutate.ts";
import { encodeSteps, readSteps, type Step } from "./steps.ts";
import { broken, type Target } from "./target.ts";
import { TARGETS } from "./targets.ts";
import { LOG_LINES, STATUS_TEXT } from "./targets/operator.ts";
import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";

/** Inputs of each target in every run of the tests: all of them together take about two seconds. */
const INPUTS: ReadonlyMap<string, number> = new Map([["framer", 40], ["config", 150], [
  "core",
  900,
]]);
const USUAL_INPUTS = 1_500;

for (const target of TARGETS) {
  const wanted = INPUTS.get(target.name) ?? USUAL_INPUTS;
  Deno.test(`${target.name} bears ${wanted} made-up inputs (R6)`, () => {
    const bag = hunt(target, { seed: 3261, goesOn: (inputs) => inputs < wanted });
    deepStrictEqual(bag, { inputs: wanted, failures: 0, found: [] });
  });
}

Deno.test("every format of the log keeps 2,000 hostile texts on one line, without a control character (R25)", () => {
  const bag = hunt(LOG_LINES, { seed: 25, goesOn: (inputs) => inputs < 2_000 });
  deepStrictEqual(bag, { inputs: 2_000, failures: 0, found: [] });
});

Deno.test("statusText() bears 2,000 hostile texts in every place of a report (R26)", () => {
  const bag = hunt(STATUS_TEXT, { seed: 26, goesOn: (inputs) => inputs < 2_000 });
  deepStrictEqual(bag, { inputs: 2_000, failures: 0, found: [] });
});

for (const { fileName, target: name, input } of savedCases()) {
  Deno.test(`${fileName}, found once, stays mended`, () => {
    const target = TARGETS.find((candidate) => candidate.name === name);
    if (target === undefined) throw new Error(`Cannot replay ${fileName}: no target ${name}`);
    strictEqual(failureOf(target, input), undefined);
  });
}

Deno.test("hunt() finds a broken rule once for each reason, and shrinks what broke it", () => {
  const glass: Target = {
    name: "glass",
    generate: (dice) =>
      encodeLatin1(`${"x".repeat(dice.below(50))}ab${"y".repeat(dice.below(50))}`),
    run(input) {
      const text = decodeLatin1(input);
      if (text.includes("ab")) broken("holds ab", text);
    },
  };
  const bag = hunt(glass, { seed: 1, goesOn: (inputs) => inputs < 20 });
  deepStrictEqual(bag, {
    inputs: 20,
    failures: 20,
    found: [{
      target: "glass",
      input: encodeLatin1("ab"),
      reason: bag.found[0]?.reason ?? "",
    }],
  });
});

Deno.test("hunt() makes the same inputs for the same seed", () => {
  const inputsOf = (seed: number): readonly string[] => {
    const seen: string[] = [];
    const recorder: Target = {
      name: "recorder",
      generate: (dice) => encodeLatin1(mutate("INVITE sip:a@b SIP/2.0\r\n\r\n", dice)),
      run: (input) => void seen.push(decodeLatin1(input)),
    };
    hunt(recorder, { seed, goesOn: (inputs) => inputs < 50 });
    return seen;
  };
  deepStrictEqual(inputsOf(5), inputsOf(5));
  strictEqual(inputsOf(5).join() === inputsOf(6).join(), false);
});

Deno.test("readSteps() reads what encodeSteps() wrote", () => {
  const steps: readonly Step[] = [
    { kind: "receive", source: 4, text: "OPTIONS sip:a SIP/2.0\r\n\r\n" },
    { kind: "answer", source: 1, text: "\xff".repeat(300) },
    { kind: "advance", source: 0, text: "" },
  ];
  deepStrictEqual(readSteps(encodeSteps(2, steps)), steps);
});

Deno.test("readSteps() gives something for octets that nobody wrote", () => {
  const dice = new Dice(1);
  for (let run = 0; run < 200; run++) {
    const octets = Uint8Array.from(dice.times(dice.below(40), () => dice.below(256)));
    const total = readSteps(octets).reduce((sum, step) => sum + 3 + step.text.length, 1);
    strictEqual(total <= Math.max(octets.length, 1), true);
  }
});
