import assert from "node:assert/strict";
import { ExpiryWheel } from "./expiry_wheel.ts";

Deno.test("ExpiryWheel.takeDue() gives each id once, when its time is over, in order", () => {
  const wheel = new ExpiryWheel();
  wheel.set("late", 5_000);
  wheel.set("early", 1_500);
  wheel.set("middle", 3_000);
  assert.deepEqual(wheel.takeDue(1_000), []);
  assert.deepEqual(wheel.takeDue(1_999), []);
  assert.deepEqual(wheel.takeDue(2_000), ["early"]);
  assert.deepEqual(wheel.takeDue(2_000), []);
  assert.deepEqual(wheel.takeDue(9_000), ["middle", "late"]);
  assert.deepEqual(wheel.takeDue(99_000), []);
});

Deno.test("ExpiryWheel.set() replaces what was set before", () => {
  const wheel = new ExpiryWheel();
  wheel.set("a", 1_000);
  wheel.set("a", 8_000);
  assert.deepEqual(wheel.takeDue(7_000), []);
  wheel.set("a", 7_500);
  assert.deepEqual(wheel.takeDue(8_000), ["a"]);
});

Deno.test("ExpiryWheel.set() takes a time that is over for the next sweep", () => {
  const wheel = new ExpiryWheel();
  assert.deepEqual(wheel.takeDue(50_000), []);
  wheel.set("past", 10_000);
  assert.deepEqual(wheel.takeDue(50_500), []);
  assert.deepEqual(wheel.takeDue(51_000), ["past"]);
});

Deno.test("ExpiryWheel.delete() forgets an id, an unknown one too", () => {
  const wheel = new ExpiryWheel();
  wheel.set("a", 1_000);
  wheel.set("b", 1_000);
  wheel.delete("a");
  wheel.delete("nobody");
  assert.deepEqual(wheel.takeDue(2_000), ["b"]);
});

Deno.test("ExpiryWheel.takeDue() wakes up in order after years of sleep", () => {
  const wheel = new ExpiryWheel();
  wheel.takeDue(1_000);
  for (const second of [40, 7, 300]) wheel.set(`at ${second}`, second * 1000);
  assert.deepEqual(wheel.takeDue(1_764_000_000_000), ["at 7", "at 40", "at 300"]);
});
