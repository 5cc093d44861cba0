import assert from "node:assert/strict";
import { ALICE, bindingOf } from "../../tests/support/registrations.ts";
import type { Binding } from "./binding.ts";
import { ReservationTable } from "./reservation_table.ts";

Deno.test("ReservationTable.hold() replaces what it held for the same phone", () => {
  const table = new ReservationTable();
  table.hold(ALICE, 0);
  const other = { ...ALICE, publicUri: "sip:alice@203.0.113.5" };
  table.hold(other, 10_000);
  assert.equal(table.size, 1);
  assert.deepEqual(table.byPublicKey("alice@192.0.2.1"), []);
  assert.deepEqual(table.byPublicKey("alice@203.0.113.5"), [other]);
  table.expire(33_000);
  assert.equal(table.size, 1);
  table.expire(42_000);
  assert.equal(table.size, 0);
});

/** A phone of its own name. */
function phone(bindingId: string): Binding {
  return bindingOf(bindingId, {
    addressOfRecordUri: `sip:${bindingId}@sip.example.org`,
    publicUri: `sip:${bindingId}@192.0.2.1`,
  });
}

Deno.test("ReservationTable.hold() keeps the newest 128 phones of one name, so that a flood costs no REGISTER more", () => {
  const floods: readonly ((bindingId: string) => Binding)[] = [
    (bindingId) => ({ ...phone(bindingId), addressOfRecord: ALICE.addressOfRecord }),
    (bindingId) => ({ ...phone(bindingId), publicUri: ALICE.publicUri }),
  ];
  for (const flood of floods) {
    const table = new ReservationTable();
    for (let number = 0; number < 1000; number++) table.hold(flood(`p${number}`), 0);
    const held = [
      ...table.byAddressOfRecord(ALICE.addressOfRecord),
      ...table.byPublicKey("alice@192.0.2.1"),
    ].map(({ bindingId }) => bindingId);
    assert.deepEqual([table.size, held[0], held.at(-1)], [128, "p872", "p999"]);
  }
});

Deno.test("ReservationTable.hold() keeps 20,000 phones and takes no further one", () => {
  const table = new ReservationTable();
  for (let number = 0; number < 20_001; number++) table.hold(phone(`p${number}`), 0);
  assert.equal(table.size, 20_000);
  table.release("p0");
  table.release("p0");
  table.hold(phone("later"), 0);
  assert.equal(table.size, 20_000);
  assert.equal(table.byPublicKey("later@192.0.2.1").at(-1)?.bindingId, "later");
});
