import assert from "node:assert/strict";
import { FakeTime } from "@std/testing/time";
import { FakeDisk } from "../../../tests/support/fake_disk.ts";
import { ALICE, bindingOf } from "../../../tests/support/registrations.ts";
import type { LogEvent } from "../../log/log_event.ts";
import type { Binding } from "../../registrar/binding.ts";
import { RegistrationSaver, type RegistrationSaverOptions } from "./registration_saver.ts";

const NOW = { epochMs: 1_795_500_000_000, nowMs: 20_000 };

interface Rig {
  readonly disk: FakeDisk;
  readonly logs: LogEvent[];
  readonly saver: RegistrationSaver;
}

function makeRig(overrides: Partial<RegistrationSaverOptions> = {}): Rig {
  const disk = new FakeDisk();
  const logs: LogEvent[] = [];
  const saver = new RegistrationSaver({
    path: "/var/reg",
    autosaveMs: 0,
    onLog: (event) => logs.push(event),
    clock: () => NOW,
    files: disk,
    ...overrides,
  });
  return { disk, logs, saver };
}

function bind(binding: Binding): { readonly kind: "bind"; readonly binding: Binding } {
  return { kind: "bind", binding };
}

/** Lets time pass in steps, each followed by all that promises have to do. */
async function advance(time: FakeTime, durationMs: number): Promise<void> {
  let left = durationMs;
  do {
    const stepMs = Math.min(left, 500);
    time.tick(stepMs);
    left -= stepMs;
    for (let turn = 0; turn < 5; turn++) await time.runMicrotasks();
  } while (left > 0);
}

function texts(logs: readonly LogEvent[]): readonly string[] {
  return logs.map(({ level, text }) => `${level}: ${text}`);
}

Deno.test("RegistrationSaver.apply() has a change on the disk half a second later, in a safe order", async () => {
  using time = new FakeTime();
  const { disk, saver, logs } = makeRig();
  saver.apply([bind(ALICE)]);
  await advance(time, 499);
  assert.equal(disk.operations.length, 0);
  await advance(time, 1);
  assert.deepEqual(disk.operations, [
    "write /var/reg.new",
    "rename /var/reg.new /var/reg",
    "sync /var",
  ]);
  assert.deepEqual(disk.phones(), ["sip:alice@10.0.0.10:5062"]);
  assert.deepEqual(logs, []);
  await saver.close();
});

Deno.test("RegistrationSaver.apply() writes once for the changes of half a second", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig();
  for (let number = 0; number < 50; number++) {
    saver.apply([bind(bindingOf(`p${number}`, { contactUri: `sip:u${number}@10.0.0.10` }))]);
    await advance(time, 9);
  }
  assert.equal(disk.operations.length, 0);
  await advance(time, 100);
  assert.equal(disk.phones().length, 50);
  assert.equal(disk.operations.filter((one) => one.startsWith("write")).length, 1);
  await saver.close();
});

Deno.test("RegistrationSaver.apply() follows unbinds, and does nothing for no change", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig();
  saver.apply([]);
  await advance(time, 5_000);
  assert.equal(disk.operations.length, 0);
  saver.apply([bind(ALICE), { kind: "unbind", bindingId: "a1" }]);
  await advance(time, 500);
  assert.deepEqual(disk.phones(), []);
  assert.equal(saver.size, 0);
  await saver.close();
});

Deno.test("RegistrationSaver has one write in flight and writes the changes that came meanwhile", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig();
  const slow = Promise.withResolvers<void>();
  disk.gate = slow.promise;
  saver.apply([bind(ALICE)]);
  await advance(time, 500);
  saver.apply([bind(bindingOf("b", { contactUri: "sip:bob@10.0.0.11" }))]);
  await advance(time, 3_000);
  assert.equal(disk.operations.length, 0);
  slow.resolve();
  await advance(time, 0);
  assert.equal(disk.phones().length, 1);
  await advance(time, 500);
  assert.equal(disk.phones().length, 2);
  assert.equal(disk.mostWrites, 1);
  await saver.close();
});

Deno.test("RegistrationSaver counts the time that a slow disk takes into the delay of what came meanwhile", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig({ clock: () => ({ ...NOW, nowMs: NOW.nowMs + time.now }) });
  const gate = Promise.withResolvers<void>();
  disk.gate = gate.promise;
  saver.apply([bind(ALICE)]);
  await advance(time, 500);
  saver.apply([bind(bindingOf("bob", { contactUri: "sip:bob@10.0.0.11" }))]);
  await advance(time, 300);
  gate.resolve();
  await advance(time, 199);
  assert.deepEqual(disk.phones(), ["sip:alice@10.0.0.10:5062"]);
  await advance(time, 1);
  assert.deepEqual(disk.phones(), ["sip:alice@10.0.0.10:5062", "sip:bob@10.0.0.11"]);
  await saver.close();
});

Deno.test("RegistrationSaver saves every autosave period without a change", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig({ autosaveMs: 3_000 });
  await advance(time, 3_499);
  assert.equal(disk.operations.length, 0);
  await advance(time, 1);
  await advance(time, 3_000);
  assert.equal(disk.operations.filter((one) => one.startsWith("rename")).length, 2);
  await saver.close();
});

Deno.test("RegistrationSaver.retime() saves in other periods from now on", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig({ autosaveMs: 3_000 });
  saver.retime({ autosaveMs: 0, delayMs: 2_000 });
  await advance(time, 5_000);
  assert.equal(disk.operations.length, 0);
  saver.apply([bind(ALICE)]);
  await advance(time, 1_999);
  assert.equal(disk.operations.length, 0);
  await advance(time, 1);
  assert.equal(disk.operations.filter((one) => one.startsWith("rename")).length, 1);
  await saver.close();
});

const STEPS: readonly (readonly [step: string, leftovers: readonly string[]])[] = [
  ["write", ["/var/reg"]],
  ["rename", ["/var/reg"]],
];

for (const [step, leftovers] of STEPS) {
  Deno.test(`RegistrationSaver keeps the old file when ${step} fails, says so once and tries again`, async () => {
    using time = new FakeTime();
    const { disk, saver, logs } = makeRig();
    const old = new TextEncoder().encode("old");
    disk.contents.set("/var/reg", old);
    disk.fails = (operation) => operation.startsWith(step);
    saver.apply([bind(ALICE)]);
    await advance(time, 500);
    assert.deepEqual([...disk.contents.keys()], leftovers);
    assert.equal(disk.contents.get("/var/reg"), old);
    await advance(time, 32_000);
    assert.deepEqual(texts(logs), [
      "error: unable to write registration file /var/reg: No space left on device",
    ]);
    // At 0.5, then after rests of 1, 2, 4, 8 and 16 seconds.
    assert.equal(disk.operations.filter((one) => one.startsWith(step)).length, 6);
    disk.fails = () => false;
    await advance(time, 30_000);
    assert.deepEqual(disk.phones(), ["sip:alice@10.0.0.10:5062"]);
    assert.deepEqual(texts(logs).slice(1), ["info: registration file written again"]);
    await saver.close();
  });
}

Deno.test("RegistrationSaver says it again when a second outage begins", async () => {
  using time = new FakeTime();
  const { disk, saver, logs } = makeRig();
  for (let outage = 0; outage < 2; outage++) {
    disk.fails = () => true;
    saver.apply([bind(ALICE)]);
    await advance(time, 600);
    disk.fails = () => false;
    await advance(time, 2_000);
  }
  assert.deepEqual(logs.map(({ event }) => event), [
    "reg.file_unwritable",
    "reg.file_written",
    "reg.file_unwritable",
    "reg.file_written",
  ]);
  await saver.close();
});

Deno.test("RegistrationSaver takes a folder that cannot be synced for saved", async () => {
  using time = new FakeTime();
  const { disk, saver, logs } = makeRig();
  disk.fails = (operation) => operation.startsWith("sync");
  saver.apply([bind(ALICE)]);
  await advance(time, 5_000);
  assert.equal(disk.operations.filter((one) => one.startsWith("write")).length, 1);
  assert.deepEqual(logs, []);
  await saver.close();
});

Deno.test("RegistrationSaver.close() saves at once what has changed, and ends", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig({ autosaveMs: 1_000 });
  saver.apply([bind(ALICE)]);
  await saver.close();
  assert.deepEqual(disk.phones(), ["sip:alice@10.0.0.10:5062"]);
  const { length } = disk.operations;
  saver.apply([bind(bindingOf("b"))]);
  await advance(time, 10_000);
  assert.equal(disk.operations.length, length);
});

Deno.test("RegistrationSaver.close() waits for the write in flight, then writes the rest", async () => {
  using time = new FakeTime();
  const { disk, saver } = makeRig();
  const slow = Promise.withResolvers<void>();
  disk.gate = slow.promise;
  saver.apply([bind(ALICE)]);
  await advance(time, 500);
  saver.apply([bind(bindingOf("b", { contactUri: "sip:bob@10.0.0.11" }))]);
  const closed = saver.close();
  await advance(time, 0);
  slow.resolve();
  await closed;
  assert.equal(disk.phones().length, 2);
  assert.equal(disk.mostWrites, 1);
});

Deno.test("RegistrationSaver.close() does not reject on a full disk", async () => {
  const { disk, saver, logs } = makeRig();
  disk.fails = () => true;
  saver.apply([bind(ALICE)]);
  await saver.close();
  assert.deepEqual(logs.map(({ event }) => event), ["reg.file_unwritable"]);
});

Deno.test("RegistrationSaver.load() gives what the last run left", async () => {
  const first = makeRig();
  first.saver.apply([bind(ALICE)]);
  await first.saver.close();
  const second = makeRig();
  second.disk.contents.set("/var/reg", first.disk.contents.get("/var/reg") ?? new Uint8Array());
  assert.deepEqual((await second.saver.load()).map((binding) => ({ ...binding })), [{ ...ALICE }]);
  assert.deepEqual(second.logs, []);
  await second.saver.close();
  assert.deepEqual(second.disk.phones(), ["sip:alice@10.0.0.10:5062"]);
});

Deno.test("RegistrationSaver.load() warns of a missing and of an unreadable file", async () => {
  const missing = makeRig();
  assert.deepEqual(await missing.saver.load(), []);
  assert.deepEqual(texts(missing.logs), [
    "warning: registration file not found, starting with empty table",
  ]);
  const unreadable = makeRig();
  unreadable.disk.fails = (operation) => operation.startsWith("read");
  assert.deepEqual(await unreadable.saver.load(), []);
  assert.deepEqual(texts(unreadable.logs), [
    "warning: unable to read registration file /var/reg: No space left on device",
  ]);
});

Deno.test("RegistrationSaver.load() tells five broken records and how many more there are", async () => {
  const { disk, saver, logs } = makeRig();
  disk.contents.set("/var/reg", new TextEncoder().encode("noise\n".repeat(9)));
  assert.deepEqual(await saver.load(), []);
  assert.equal(logs.length, 6);
  assert.deepEqual(texts(logs).slice(4), [
    "warning: registration file /var/reg line 5: Cannot use line: no record header before it",
    "warning: registration file: 4 further problems",
  ]);
});

Deno.test("RegistrationSaver.checkWritable() tries beside the file and leaves nothing", async () => {
  const { disk, saver } = makeRig();
  assert.equal(await saver.checkWritable(), undefined);
  assert.deepEqual([...disk.contents.keys()], []);
  disk.fails = (operation) => operation.startsWith("write");
  assert.equal(await saver.checkWritable(), "No space left on device");
});
