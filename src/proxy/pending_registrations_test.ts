import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ALICE, phoneWorld, registerText } from "../../tests/support/phone_world.ts";
import {
  createAnsweredRegisters,
  createPendingRegistrations,
  isOvertaken,
  type PendingRegistration,
} from "./pending_registrations.ts";

/** What a REGISTER of Alice leaves behind until it is answered. */
function pendingOf(): { readonly branch: string; readonly pending: PendingRegistration } {
  const world = phoneWorld({ phones: [] });
  const [action] = world.receive(registerText("alice"), ALICE)
    .flatMap((candidate) => candidate.kind === "pend" ? [candidate] : []);
  if (action === undefined) throw new Error("Cannot test: nothing is pending");
  return action;
}

Deno.test("createPendingRegistrations() keeps a REGISTER for the life of its transaction", () => {
  const { branch, pending } = pendingOf();
  const table = createPendingRegistrations();
  table.set(branch, { value: pending, nowMs: 1_000 });
  deepStrictEqual([table.get(branch, 1_000), table.get(branch, 32_999)], [pending, pending]);
  strictEqual(table.get(branch, 33_000), undefined);
});

Deno.test("createPendingRegistrations() is bounded against a flood, the oldest goes first", () => {
  const { pending } = pendingOf();
  const table = createPendingRegistrations();
  for (let number = 0; number < 20_001; number++) {
    table.set(`b${number}`, { value: pending, nowMs: 0 });
  }
  deepStrictEqual([table.size, table.get("b0", 1), table.get("b1", 1)], [
    20_000,
    undefined,
    pending,
  ]);
});

Deno.test("createPendingRegistrations() sweeps what is over", () => {
  const { branch, pending } = pendingOf();
  const table = createPendingRegistrations();
  table.set(branch, { value: pending, nowMs: 0 });
  table.set("later", { value: pending, nowMs: 10_000 });
  deepStrictEqual([table.expire(31_999), table.expire(32_000), table.size], [0, 1, 1]);
});

Deno.test("planRegistration() of a REGISTER says whom it would bind, and who decides", () => {
  const { pending } = pendingOf();
  deepStrictEqual([pending.registrar.address, pending.registrar.port, pending.plan.kind], [
    "192.0.2.10",
    5070,
    "contacts",
  ]);
});

Deno.test("isOvertaken() counts a later CSeq that was answered while this one was under way", () => {
  const { pending } = pendingOf();
  const sent = { ...pending, plan: { ...pending.plan, cseqNumber: 5 }, sentAtMs: 1_000 };
  const last = (cseqNumber: number, atMs: number) => isOvertaken(sent, { cseqNumber, atMs });
  deepStrictEqual([isOvertaken(sent, undefined), last(6, 1_000), last(6, 1_500)], [
    false,
    true,
    true,
  ]);
  deepStrictEqual([last(5, 1_500), last(4, 1_500), last(6, 999)], [false, false, false]);
});

Deno.test("createAnsweredRegisters() forgets after the life of a transaction, and the oldest of too many", () => {
  const table = createAnsweredRegisters();
  for (let number = 0; number < 20_001; number++) {
    table.set(`c${number}`, { value: { cseqNumber: 1, atMs: 0 }, nowMs: 0 });
  }
  deepStrictEqual([table.size, table.get("c0", 1)?.cseqNumber, table.get("c1", 1)?.cseqNumber], [
    20_000,
    undefined,
    1,
  ]);
  strictEqual(table.get("c1", 32_000), undefined);
});
