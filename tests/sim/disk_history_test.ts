import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { decodeLatin1 } from "../../src/base/text.ts";
import type { Binding, BindingChange } from "../../src/registrar/binding.ts";
import { parseRegistrationFile } from "../../src/registrar/registration_file.ts";
import { RegistrationSaver } from "../../src/shell/files/registration_saver.ts";
import { Dice } from "../property/dice.ts";
import { FakeDisk } from "../support/fake_disk.ts";
import { playHistory } from "./history.ts";

/** Histories whose registrations are written to a disk that fails. */
const HISTORIES = 150;

const PATH = "/var/reg";
const CLOCK = { epochMs: 1_800_000_000_000, nowMs: 1_000_000 };

/** The phones that are registered after some changes, as the file tells them. */
function phonesAfter(changes: readonly BindingChange[]): string {
  const bindings = new Map<string, Binding>();
  for (const change of changes) {
    if (change.kind === "bind") bindings.set(change.binding.bindingId, change.binding);
    else bindings.delete(change.bindingId);
  }
  return namesOf([...bindings.values()]);
}

function namesOf(bindings: readonly Binding[]): string {
  return bindings.map(({ contactUri, publicUri }) => `${contactUri} ${publicUri}`).sort().join(
    "\n",
  );
}

/** What a restart would read; a file that is torn, or half of one, is told. */
function fileOf(disk: FakeDisk): string | undefined {
  const data = disk.contents.get(PATH);
  if (data === undefined) return undefined;
  const { bindings, issues } = parseRegistrationFile(decodeLatin1(data), CLOCK);
  deepStrictEqual(issues, []);
  return namesOf(bindings);
}

async function playOnDisk(seed: number): Promise<"saved" | "nothing"> {
  const { changes } = playHistory(seed);
  const dice = new Dice(seed);
  const disk = new FakeDisk();
  const firstFailure = dice.below(20);
  const failures = dice.pick([0, 1, 1, 5, 40]);
  disk.fails = () => {
    const at = disk.operations.length - 1 - firstFailure;
    return at >= 0 && at < failures;
  };
  using time = new FakeTime();
  const saver = new RegistrationSaver({
    path: PATH,
    autosaveMs: dice.pick([0, 10_000]),
    onLog: () => {},
    clock: () => CLOCK,
    files: disk,
  });
  const states = [phonesAfter([])];
  for (const [index, change] of changes.entries()) {
    saver.apply([change]);
    states.push(phonesAfter(changes.slice(0, index + 1)));
    await time.tickAsync(dice.pick([0, 100, 700, 5_000]));
    const file = fileOf(disk);
    if (file !== undefined) strictEqual(states.includes(file), true, `history ${seed}: ${file}`);
  }
  await time.tickAsync(120_000);
  disk.fails = () => false;
  await time.tickAsync(60_000);
  if (changes.length > 0) {
    strictEqual(fileOf(disk), states.at(-1), `history ${seed} after a minute`);
  }
  await saver.close();
  strictEqual(fileOf(disk), states.at(-1), `history ${seed} at the end`);
  return changes.length > 0 ? "saved" : "nothing";
}

Deno.test(`RegistrationSaver keeps a whole file through ${HISTORIES} histories on a disk whose n-th write fails`, async () => {
  let saved = 0;
  for (let seed = 1; seed <= HISTORIES; seed++) {
    if (await playOnDisk(seed) === "saved") saved++;
  }
  strictEqual(saved > HISTORIES / 2, true, `${saved}`);
});
